"""Figures from frames: contents, order, colours and their contrast."""

import math
import tomllib
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
import pytest
import support
from chart_support import NOTHING, UNDEFINED, frame_of, source_rows, three
from hypothesis import given
from hypothesis import strategies as st

from sourcing import charts
from sourcing.analysis import shares
from sourcing.charts import common
from sourcing.codebook import LOOKS, Attribution, Label
from sourcing.formatting import percent
from sourcing.frame_rows import rows_of

Draw = Callable[[pd.DataFrame, str], go.Figure]


def drawn(figure: go.Figure, mode: str) -> list[Any]:
    return [
        trace
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == mode and trace.name != common.ROW_NAMES
    ]


def bars(figure: go.Figure) -> list[Any]:
    """The traces of bars in `composition`, one per label."""
    return [trace for trace in figure.data if trace.type == "bar"]


def words(figure: go.Figure, name: str) -> Any:
    """The text trace with this name."""
    [result] = [trace for trace in figure.data if trace.name == name]
    return result


def names(figure: go.Figure) -> list[str]:
    """The texts above the rows of `composition`."""
    return list(words(figure, common.ROW_NAMES).text)


def points(figure: go.Figure, label: str) -> list[tuple[str, float]]:
    """Row and share of each point drawn for a label in `certainty`."""
    return [
        (row, share)
        for trace in drawn(figure, "markers")
        if trace.customdata[0][1] == label
        for row, share in zip(trace.y, trace.x, strict=True)
    ]


# Composition --------------------------------------------------------------------------------------


def test_bars_keep_label_order_and_colours() -> None:
    shuffled = three().iloc[[3, 0, 2, 1, 5, 4, 7, 6, 9, 8, 11, 10]]
    figure = charts.composition(shuffled, "source_id")
    assert [bar.name for bar in bars(figure)] == [LOOKS[label].name for label in Label]
    for label, bar in zip(Label, bars(figure), strict=True):
        assert bar.y == ("alpha", "beta", "gamma")
        assert bar.marker.color[0] == LOOKS[label].colour
        assert bar.marker.pattern.shape == LOOKS[label].pattern
        assert bar.customdata == tuple([row, str(label)] for row in ("alpha", "beta", "gamma"))


def test_each_label_has_its_own_print_pattern() -> None:
    assert len({LOOKS[label].pattern for label in Label}) == len(Label)


def test_bars_are_the_shares_or_empty() -> None:
    figure = charts.composition(three(), "source_id")
    assert [bar.x for bar in bars(figure)] == [
        (0.5, 0.5, None),
        (0.1, None, None),
        (0.35, 0.35, None),
        (0.05, 0.05, None),
    ]
    assert figure.layout.barmode == "stack"
    assert figure.layout.xaxis.range == (0, 1)


def test_too_few_is_grey_and_named() -> None:
    figure = charts.composition(three(), "source_id")
    for label, bar in zip(Label, bars(figure), strict=True):
        full, grey, empty = bar.marker.color
        assert full == LOOKS[label].colour
        assert grey == empty == common.colour(label, too_few=True) != full
    assert ["too few to compare" in name for name in names(figure)] == [False, True, True]


def test_names_show_claims_articles_and_open_claims() -> None:
    figure = charts.composition(frame_of(source_rows("alpha", articles=1)), "source_id")
    assert "40 claims · 1 article · 2 open" in names(figure)[0]
    closed = charts.composition(frame_of(source_rows("alpha", open_claims=0)), "source_id")
    assert "open" not in names(closed)[0]


def test_text_appears_only_where_it_fits() -> None:
    figure = charts.composition(three(), "source_id")
    result = words(figure, common.FIGURES)
    assert list(zip(result.y, result.text, strict=True)) == [
        ("alpha", "50 %"),
        ("beta", "50 %"),
        ("alpha", "10 %"),
        ("alpha", "35 %"),
        ("beta", "35 %"),
    ]
    # In the middle of their segments; what does not apply takes no room.
    assert result.x == pytest.approx([0.25, 0.25, 0.55, 0.775, 0.675])


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.001, "<1 %"),
        (0.0749, "7 %"),
        (0.5, "50 %"),
        (0.994, "99 %"),
        (0.9999, ">99 %"),
        (1.0, "100 %"),
        (math.nan, "–"),
    ],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert percent(share) == words


def test_names_are_escaped() -> None:
    name = "<b onclick=x>A & B</b>"
    figure = charts.composition(frame_of(source_rows("alpha", title=name)), "source_id")
    assert "&lt;b onclick=x&gt;A &amp; B&lt;/b&gt;" in names(figure)[0]
    assert "<b onclick" not in figure.to_json()


def test_a_long_name_is_cut_in_the_chart_but_not_in_the_hover_text() -> None:
    name = "A very long name " * 20
    figure = charts.composition(frame_of(source_rows("alpha", title=name)), "source_id")
    assert name not in names(figure)[0]
    assert "…</b>" in names(figure)[0]
    assert name.strip() in figure.data[0].hovertext[0]


@pytest.mark.parametrize("draw", [charts.composition, charts.certainty])
def test_ids_that_look_like_numbers_or_dates_stay_names(draw: Draw) -> None:
    """Otherwise Plotly would draw a scale."""
    frame = frame_of(source_rows("10"), source_rows("2"), source_rows("2026-05"), source_rows(""))
    figure = draw(frame, "source_id")
    axis = figure.layout.yaxis
    assert axis.type == "category"
    assert axis.categoryarray == ("10", "2", "2026-05", "")


def test_the_name_of_a_row_is_placed_by_number() -> None:
    """A name such as "10" would be read as position 10."""
    figure = charts.composition(frame_of(source_rows("10"), source_rows("2")), "source_id")
    result, layout = words(figure, common.ROW_NAMES), figure.layout
    first, second = result.y
    assert first == pytest.approx(-28 / common.ROW_PX)
    assert second - first == 1
    assert result.yaxis == "y2"
    assert layout.yaxis2.overlaying == "y"
    assert layout.yaxis2.range == layout.yaxis.range


def test_three_labels_make_the_attribution_view() -> None:
    labels = [str(item) for item in Attribution]
    figure = charts.composition(
        frame_of(source_rows("alpha", labels)), "source_id", "By attribution"
    )
    assert [bar.name for bar in bars(figure)] == ["Sourced", "Self-cited", "Unsourced"]
    assert figure.layout.annotations[0].text == "<b>By attribution</b>"


# The box over a share -----------------------------------------------------------------------------


def hover(**given_: Any) -> str:
    [row] = rows_of(frame_of([source_rows("alpha")[0] | given_]))
    return common.hover(row)


def test_hover_shows_share_interval_counts_and_worst_case() -> None:
    assert hover().split("<br>") == [
        "<b>Alpha</b>",
        "Sourced: 50.0 %, 95 % interval 40.0–60.0 %",
        "20 of 40 resolved claims in 12 articles",
        "worst case 47.6–52.4 %, 2 open",
    ]


def test_hover_shows_what_limits_a_share() -> None:
    assert "no interval with one article" in hover(low=math.nan, high=math.nan)
    assert hover(provisional_claims=7).endswith("7 provisional (labelled by models only)")
    assert hover(too_few=True).endswith("too few to compare")
    assert hover(applicable=False) == "<b>Alpha</b><br>Sourced: not applicable"
    assert "Sourced: –" in hover(share=math.nan)


def test_hover_is_escaped() -> None:
    assert hover(title="<script>").startswith("<b>&lt;script&gt;</b>")


# Certainty ----------------------------------------------------------------------------------------


def test_points_intervals_and_bands_are_the_frame() -> None:
    frame = three()
    figure = charts.certainty(frame, "source_id")
    for number, label in enumerate(Label):
        part = frame[frame["label"] == label].set_index("source_id")
        axis = "x" if number == 0 else f"x{number + 1}"
        band = next(t for t in figure.data if t.type == "bar" and (t.xaxis or "x") == axis)
        assert band.base[0] == part.loc["alpha", "lowest"]
        assert band.base[0] + band.x[0] == pytest.approx(part.loc["alpha", "highest"])
        assert dict(points(figure, label))["alpha"] == part.loc["alpha", "share"]
        [point] = [
            trace
            for trace in drawn(figure, "markers")
            if trace.y[0] == "alpha" and (trace.xaxis or "x") == axis
        ]
        share = part.loc["alpha", "share"]
        assert share + point.error_x.array[0] == pytest.approx(part.loc["alpha", "high"])
        assert share - point.error_x.arrayminus[0] == pytest.approx(part.loc["alpha", "low"])
        assert point.marker.color == LOOKS[label].colour
    assert figure.layout.yaxis.categoryarray == ("alpha", "beta", "gamma")


def test_columns_name_their_rows_without_bars() -> None:
    figure = charts.certainty(three(), "source_id")
    assert [text.removesuffix("<br> ") for text in names(figure)] == ["Alpha", "Beta", "Gamma"]
    assert words(figure, common.ROW_NAMES).y == ("alpha", "beta", "gamma")


def test_too_few_have_open_grey_points() -> None:
    figure = charts.certainty(three(), "source_id")
    greyed = [trace for trace in drawn(figure, "markers") if "beta" in trace.y]
    assert len(greyed) == 4
    for trace in greyed:
        assert trace.marker.symbol == "circle-open"
        assert "alpha" not in trace.y


def test_not_applicable_is_shown_in_its_column() -> None:
    figure = charts.certainty(three(), "source_id")
    notes = [(trace.y, trace.text) for trace in drawn(figure, "text") if len(trace.y)]
    assert notes == [(("beta",), ("<i>not applicable</i>",))]


def test_axes_hold_all_that_is_drawn() -> None:
    frame = frame_of(source_rows("alpha"), source_rows("beta", highest=1.0))
    figure = charts.certainty(frame, "source_id")
    for number in range(1, 5):
        low, high = figure.layout[f"xaxis{number if number > 1 else ''}"].range
        assert low == 0
        assert 1.0 < high <= 1.1
        assert all(tick <= high for tick in figure.layout.xaxis.tickvals)


# Over time ----------------------------------------------------------------------------------------


def over_time() -> pd.DataFrame:
    groups = []
    for month in ("2026-03", "2026-01", "2026-02"):
        rows = source_rows("alpha", month=month)
        if month == "2026-02":
            rows = [row | {"too_few": True} for row in rows]
        groups.append(rows)
    return frame_of(*groups)


def test_periods_are_in_order_and_greyed_where_too_few() -> None:
    figure = charts.over_time(over_time(), "month")
    assert figure.layout.xaxis.categoryarray == ("2026-01", "2026-02", "2026-03")
    assert figure.layout.xaxis.type == "category"
    for number, label in enumerate(Label):
        grey, full = figure.data[2 * number : 2 * number + 2]
        assert grey.x == ("2026-02",)
        assert set(full.x) == {"2026-01", "2026-03"}
        assert full.marker.color == LOOKS[label].colour
        assert grey.marker.color == common.colour(label, too_few=True)
        assert full.customdata[0][1] == label


def test_a_period_without_resolved_claims_has_no_point() -> None:
    frame = over_time()
    frame.loc[frame["month"] == "2026-01", list(UNDEFINED)] = math.nan
    figure = charts.over_time(frame, "month")
    assert all("2026-01" not in trace.x for trace in figure.data)
    assert "2026-01" in figure.layout.xaxis.categoryarray


def test_what_does_not_apply_is_not_drawn_over_time() -> None:
    frame = over_time()
    frame.loc[frame["label"] == "self_cited", "applicable"] = False
    figure = charts.over_time(frame, "month")
    assert [len(trace.x) for trace in figure.data[2:4]] == [0, 0]


# All figures --------------------------------------------------------------------------------------

DRAWN: list[tuple[Draw, str]] = [
    (charts.composition, "source_id"),
    (charts.certainty, "source_id"),
    (charts.over_time, "month"),
]
every_figure = pytest.mark.parametrize(
    ("draw", "key"), DRAWN, ids=["composition", "certainty", "over_time"]
)


def many(rows: int) -> pd.DataFrame:
    groups = [
        source_rows(f"s{n:03}", month=f"{2000 + n // 12}-{n % 12 + 1:02}") for n in range(rows)
    ]
    return frame_of(*groups) if groups else three().assign(month="").iloc[:0]


@every_figure
@pytest.mark.parametrize("rows", [0, 1, 2, 500])
def test_any_number_of_rows(draw: Draw, key: str, rows: int) -> None:
    figure = draw(many(rows), key)
    assert figure.to_json()
    shown = {
        value
        for trace in figure.data
        if trace.yaxis != "y2"
        for value in (trace.y if key == "source_id" else trace.x)
    }
    assert len(shown) == rows
    if key == "source_id":
        first = common.height(1)
        assert figure.layout.height == pytest.approx(
            first + common.ROW_PX * (max(rows, 1) - 1), abs=1
        )


@every_figure
def test_the_frame_is_not_changed(draw: Draw, key: str) -> None:
    frame = three().assign(month=["2026-01"] * 4 + ["2026-02"] * 4 + ["2026-03"] * 4)
    before = frame.copy(deep=True)
    draw(frame, key)
    pd.testing.assert_frame_equal(frame, before)


@every_figure
def test_only_undefined_values(draw: Draw, key: str) -> None:
    frame = frame_of(source_rows("alpha", **NOTHING)).assign(month="2026-01")
    text = draw(frame, key).to_json()
    assert "NaN" not in text
    assert "Infinity" not in text


@every_figure
def test_figures_have_transparent_backgrounds(draw: Draw, key: str) -> None:
    figure = draw(many(2), key)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.showlegend is False
    assert not figure.layout.font.color


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_bars_add_up_to_the_shares_given(shares: list[float]) -> None:
    rows = [row | {"share": share} for row, share in zip(source_rows("alpha"), shares, strict=True)]
    figure = charts.composition(frame_of(rows), "source_id")
    assert [bar.x[0] for bar in bars(figure)] == shares
    result, start = words(figure, common.FIGURES), 0.0
    expected = []
    for share in shares:
        if share >= 0.075:
            expected.append((pytest.approx(start + share / 2), percent(share)))
        start += share
    assert list(zip(result.x, result.text, strict=True)) == expected


@given(st.floats(0.01, 1))
def test_ticks_are_few_and_inside(top: float) -> None:
    result = common.ticks(top)
    assert result[0] == 0
    assert result[-1] <= top + 1e-9
    assert len(result) <= 5


def test_a_figure_takes_the_frame_of_the_pages() -> None:
    assert set(shares.SHARES) <= set(three().columns)


# Colours ------------------------------------------------------------------------------------------

Matrix = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1.0; they apply to linear RGB.
SEEN: dict[str, Matrix] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> Matrix:
    """sRGB as linear RGB, 0–1."""
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: Matrix) -> Matrix:
    """Linear RGB as CIE L*a*b* (D65)."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: Matrix, other: Matrix) -> float:
    """CIEDE2000, after Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        hm = h1 + h2
    elif abs(h1 - h2) <= 180:
        hm = (h1 + h2) / 2
    else:
        hm = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hm - 30))
        + 0.24 * math.cos(math.radians(2 * hm))
        + 0.32 * math.cos(math.radians(3 * hm + 6))
        - 0.20 * math.cos(math.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = (
        -math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2))))
        * 2
        * math.sqrt(cm**7 / (cm**7 + 25**7))
    )
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    light = [float(np.dot(linear(item), [0.2126, 0.7152, 0.0722])) + 0.05 for item in (one, other)]
    return max(light) / min(light)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_matches_the_paper(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    """Test data of Sharma, Wu and Dalal (2005)."""
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("vision", SEEN)
def test_any_two_labels_can_be_told_apart(vision: str) -> None:
    seen = {label: lab(SEEN[vision] @ linear(look.colour)) for label, look in LOOKS.items()}
    differences = {pair: ciede2000(seen[pair[0]], seen[pair[1]]) for pair in combinations(seen, 2)}
    assert min(differences.values()) >= 15, differences


def test_labels_differ_as_much_as_their_table_says() -> None:
    for vision in SEEN.values():
        seen = [lab(vision @ linear(look.colour)) for look in LOOKS.values()]
        assert min(ciede2000(*pair) for pair in combinations(seen, 2)) >= 20


def grounds() -> list[str]:
    """The backgrounds of both themes on which charts and badges stand."""
    theme = tomllib.loads((support.ROOT / ".streamlit/config.toml").read_text())["theme"]
    return [theme[mode]["backgroundColor"] for mode in ("light", "dark")]


@pytest.mark.parametrize("label", LOOKS)
def test_labels_stand_out_from_both_backgrounds(label: str) -> None:
    for ground in grounds():
        assert contrast(LOOKS[label].colour, ground) >= 3


@pytest.mark.parametrize("too_few", [False, True])
@pytest.mark.parametrize("label", LOOKS)
def test_text_on_a_label_can_be_read(label: str, too_few: bool) -> None:
    assert contrast(common.colour(label, too_few), common.ink(label, too_few)) >= 4.5


def test_text_on_greyed_bars_has_its_own_colour() -> None:
    figure = charts.composition(three(), "source_id")
    result = words(figure, common.FIGURES)
    sourced, self_cited, unsourced = Label.SOURCED, Label.SELF_CITED, Label.UNSOURCED
    assert result.textfont.color == (
        LOOKS[sourced].text,
        common.ink(sourced, too_few=True),
        LOOKS[self_cited].text,
        LOOKS[unsourced].text,
        common.ink(unsourced, too_few=True),
    )


def test_figures_of_the_page_can_be_read_in_both_themes() -> None:
    theme = tomllib.loads((support.ROOT / ".streamlit/config.toml").read_text())["theme"]
    for mode in ("light", "dark"):
        for ground in ("backgroundColor", "secondaryBackgroundColor"):
            assert contrast(theme[mode]["textColor"], theme[mode][ground]) >= 7
            assert contrast(theme[mode]["primaryColor"], theme[mode][ground]) >= 4.5
