"""Figures of points, of two sides over time and of drift: what is drawn, where, and how sure."""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from chart_support import NOTHING, Row, frame_of, source_rows, three
from hypothesis import given
from hypothesis import strategies as st

from sourcing import charts
from sourcing.charts import Column, common
from sourcing.charts.points import NEUTRAL
from sourcing.codebook import LOOKS, Attribution, Label

NAN = math.nan
SHARE = Column("Share", "value", "low", "high")
APART = Column("Second minus first", "value", "low", "high", mark=0)
RANK = Column("Rank", "rank", "rank_low", "rank_high", percent=False)
SCRIPT = "<b onclick=x>A & B</b>"


def row(key: str, value: float, low: float, high: float, **more: Any) -> Row:
    return {
        "key": key,
        "title": key.title(),
        "words": f"words of {key}",
        "hover": f"box of {key}",
        "value": value,
        "low": low,
        "high": high,
        "rank": 2.0,
        "rank_low": 1.0,
        "rank_high": 4.0,
    } | more


def some() -> pd.DataFrame:
    return pd.DataFrame(
        [
            row("zeta", 0.3, 0.2, 0.5),
            row("alpha", 0.6, NAN, NAN),
            row("10", NAN, NAN, NAN),
            row("2026-05", 0.0, 0.0, 0.1),
        ]
    )


def points(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.mode == "markers"]


def names(figure: go.Figure) -> Any:
    [result] = [trace for trace in figure.data if trace.name == common.ROW_NAMES]
    return result


# Points -------------------------------------------------------------------------------------------


def test_rows_keep_their_order_and_values() -> None:
    figure = charts.points(some(), "key", [SHARE])
    [trace] = points(figure)
    assert trace.y == ("zeta", "alpha", "10", "2026-05")
    assert trace.x == (0.3, 0.6, None, 0.0)
    assert trace.error_x.array == pytest.approx((0.2, 0, 0, 0.1))
    assert trace.error_x.arrayminus == pytest.approx((0.1, 0, 0, 0))
    assert not trace.error_x.symmetric
    assert trace.hovertext == ("box of zeta", "box of alpha", "box of 10", "box of 2026-05")
    axis = figure.layout.yaxis
    assert axis.type == "category"
    assert axis.categoryarray == trace.y
    first, last = axis.range[1], axis.range[0]
    assert first < 0  # the first row is on top
    assert last > 3


def test_customdata_tells_row_and_column() -> None:
    figure = charts.points(some(), "key", [SHARE, RANK])
    shares, ranks = points(figure)
    assert shares.customdata == tuple([key, "Share"] for key in some()["key"])
    assert ranks.customdata == tuple([key, "Rank"] for key in some()["key"])


def test_keys_that_are_numbers_become_names() -> None:
    frame = some().assign(key=[10, 2, 30, 4])
    [trace] = points(charts.points(frame, "key", [SHARE]))
    assert trace.y == ("10", "2", "30", "4")
    assert trace.customdata[0] == ["10", "Share"]


def test_each_column_has_an_axis_of_its_own_and_a_title() -> None:
    figure = charts.points(some(), "key", [SHARE, RANK])
    shares, ranks = points(figure)
    assert (shares.xaxis, ranks.xaxis) == ("x", "x2")
    assert [item.text for item in figure.layout.annotations] == ["<b>Share</b>", "<b>Rank</b>"]
    left, right = figure.layout.xaxis.domain, figure.layout.xaxis2.domain
    assert left[0] == 0
    assert left[1] < right[0]
    assert right[1] == pytest.approx(1)
    assert figure.layout.xaxis.tickformat == ".0%"
    assert figure.layout.xaxis2.tickformat == "~g"
    assert figure.layout.xaxis2.tickvals is None
    assert ranks.x == (2.0, 2.0, 2.0, 2.0)
    assert ranks.error_x.array == (2.0, 2.0, 2.0, 2.0)
    assert ranks.error_x.arrayminus == (1.0, 1.0, 1.0, 1.0)


def test_colours_and_hollow_points() -> None:
    [trace] = points(charts.points(some(), "key", [SHARE]))
    assert trace.marker.color == (NEUTRAL,) * 4
    assert trace.marker.symbol == ("circle",) * 4
    assert trace.error_x.color == NEUTRAL
    colours = [LOOKS[label].colour for label in Label]
    coloured = some().assign(colour=colours, hollow=[False, True, True, False])
    [trace] = points(charts.points(coloured, "key", [SHARE]))
    assert list(trace.marker.color) == list(trace.marker.line.color) == colours
    assert trace.marker.symbol == ("circle", "circle-open", "circle-open", "circle")
    assert trace.error_x.color not in colours
    [trace] = points(charts.points(coloured.assign(colour=colours[0]), "key", [SHARE]))
    assert trace.error_x.color == colours[0]


def test_a_mark_is_a_line_through_all_rows_of_its_column() -> None:
    figure = charts.points(some(), "key", [SHARE, Column("Other", "value", "low", "high", mark=0)])
    [line] = figure.layout.shapes
    assert (line.x0, line.x1, line.y0, line.y1) == (0, 0, 0, 1)
    assert (line.xref, line.yref) == ("x2", "paper")
    assert not charts.points(some(), "key", [SHARE]).layout.shapes
    [line] = charts.points(some(), "key", [APART]).layout.shapes
    assert line.xref == "x"


def test_names_and_texts_are_above_their_rows() -> None:
    result = names(charts.points(some(), "key", [SHARE]))
    assert [text.split("</b>")[0] for text in result.text] == [
        "<b>Zeta", "<b>Alpha", "<b>10", "<b>2026-05",
    ]  # fmt: skip
    for key, text in zip(some()["key"], result.text, strict=True):
        assert f"words of {key}" in text
    assert result.yaxis == "y2"
    assert [b - a for a, b in zip(result.y, result.y[1:], strict=False)] == pytest.approx([1, 1, 1])
    assert -1 < result.y[0] < 0
    alone = names(charts.points(some().assign(words=""), "key", [SHARE]))
    assert not any("<br>" in text for text in alone.text)


def test_titles_are_escaped() -> None:
    figure = charts.points(some().assign(title=SCRIPT), "key", [SHARE])
    assert "&lt;b onclick=x&gt;A &amp; B&lt;/b&gt;" in names(figure).text[0]
    assert "<b onclick" not in figure.to_json()


@pytest.mark.parametrize("column", [SHARE, APART, RANK])
def test_empty_and_undefined_rows_can_be_drawn(column: Column) -> None:
    empty = charts.points(some().iloc[:0], "key", [column])
    assert points(empty)[0].y == ()
    undefined = some().assign(**dict.fromkeys((column.value, column.low, column.high), NAN))
    [trace] = points(charts.points(undefined, "key", [column]))
    assert trace.x == (None,) * 4
    assert trace.error_x.array == trace.error_x.arrayminus == (0,) * 4
    for figure in (empty, charts.points(undefined, "key", [column])):
        low, high = figure.layout.xaxis.range
        assert low < high
        assert math.isfinite(low)
        assert math.isfinite(high)


def test_a_given_span_is_kept() -> None:
    figure = charts.points(some(), "key", [Column("P", "value", "low", "high", (0.0, 1.0))])
    assert figure.layout.xaxis.range == (0, 1)
    assert names(figure).x == (0.0,) * 4


def test_a_difference_has_its_mark_in_the_middle() -> None:
    frame = pd.DataFrame([row("a", 0.1, -0.1, 0.3), row("b", -0.2, -0.4, 0)])
    low, high = charts.points(frame, "key", [APART]).layout.xaxis.range
    assert -low == high == pytest.approx(0.44)


bounds = st.tuples(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5), st.booleans())


@given(st.lists(bounds, min_size=1, max_size=12), st.sampled_from([None, 0]))
def test_the_axis_holds_every_value(rows: list[tuple[Any, ...]], mark: float | None) -> None:
    frame = pd.DataFrame(
        [
            row(str(n), value, value - below if sure else NAN, value + above if sure else NAN)
            for n, (value, below, above, sure) in enumerate(rows)
        ]
    )
    figure = charts.points(frame, "key", [Column("X", "value", "low", "high", mark=mark)])
    low, high = figure.layout.xaxis.range
    result = frame[["value", "low", "high"]]
    assert low <= result.min().min()
    assert high >= result.max().max()
    assert low <= 0 <= high
    assert names(figure).x == (low,) * len(rows)


@given(st.integers(1, 40))
def test_a_row_has_the_same_height_for_any_number_of_rows(count: int) -> None:
    frame = pd.DataFrame([row(str(n), 0.1, 0.0, 0.2) for n in range(count)])
    figure = charts.points(frame, "key", [SHARE])
    rest = figure.layout.height - common.TOP_PX - common.BOTTOM_PX
    top, bottom = figure.layout.yaxis.range[1], figure.layout.yaxis.range[0]
    assert rest / (bottom - top) == pytest.approx(60, abs=1)
    assert figure.layout.yaxis2.range == figure.layout.yaxis.range


# Two sides over time ------------------------------------------------------------------------------


def by_quarter(**given_: Row) -> pd.DataFrame:
    """Shares of one side; changes by period."""
    return frame_of(
        *(
            [item | {"quarter": quarter} for item in source_rows("alpha", **more)]
            for quarter, more in given_.items()
        )
    )


def sides() -> list[tuple[str, pd.DataFrame]]:
    first = by_quarter(**{"2025-Q1": {}, "2025-Q2": {"too_few": True}, "2025-Q4": {}})
    second = by_quarter(**{"2025-Q2": {}, "2025-Q3": dict(NOTHING), "2026-Q1": {}})
    return [("First & one", first), ("Second", second)]


def test_two_sides_share_panels_scale_and_periods() -> None:
    figure = charts.versus(sides(), "quarter")
    assert len(figure.data) == 2 * len(Label)
    assert [item.text for item in figure.layout.annotations] == [
        f"<b>{LOOKS[label].name}</b>" for label in Label
    ]
    every = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    axes = [figure.layout[f"{axis}axis{n}"] for axis in "xy" for n in ("", 2, 3, 4)]
    assert {axis.categoryarray for axis in axes[:4]} == {every}
    assert {axis.type for axis in axes[:4]} == {"category"}
    assert len({axis.range for axis in axes[4:]}) == 1
    assert axes[4].range == pytest.approx((0, 0.6 * 1.05))


def test_the_first_side_is_filled_the_second_hollow_and_dotted() -> None:
    figure = charts.versus(sides(), "quarter")
    for number, label in enumerate(Label):
        first, second = figure.data[2 * number : 2 * number + 2]
        assert (first.name, second.name) == ("First & one", "Second")
        assert first.yaxis == second.yaxis == f"y{number + 1 if number else ''}"
        assert (first.marker.symbol, second.marker.symbol) == ("circle", "circle-open")
        assert (first.line.dash, second.line.dash) == ("solid", "dot")
        assert first.line.color == second.line.color == LOOKS[label].colour
        grey = common.colour(label, too_few=True)
        assert first.marker.color == (LOOKS[label].colour, grey, LOOKS[label].colour)


def test_values_and_error_bars_of_two_sides() -> None:
    figure = charts.versus(sides(), "quarter")
    first, second = figure.data[:2]
    assert first.x == ("2025-Q1", "2025-Q2", "2025-Q4")
    assert first.y == (0.5, 0.5, 0.5)
    assert second.x == ("2025-Q2", "2026-Q1")  # without a resolved claim there is no point
    assert first.error_y.array == pytest.approx((0.1,) * 3)
    assert first.error_y.arrayminus == pytest.approx((0.1,) * 3)
    assert first.customdata == tuple([quarter, "sourced 0"] for quarter in first.x)
    assert second.customdata == tuple([quarter, "sourced 1"] for quarter in second.x)
    assert second.hovertext[0].startswith("<b>Second</b><br>Sourced: 50.0 %")


def test_names_of_sides_are_escaped_in_the_hover_text() -> None:
    figure = charts.versus([(SCRIPT, sides()[0][1])], "quarter")
    for trace in figure.data:
        assert all("&lt;b onclick=x&gt;A &amp; B&lt;/b&gt;" in text for text in trace.hovertext)


@pytest.mark.parametrize(
    ("stretch", "places"),
    [
        (("2025-Q1", "2025-Q2"), (-0.5, 1.5)),
        (("2025-Q4", "2026-Q1"), (2.5, 4.5)),
        (("2024-Q1", "2027-Q1"), (-0.5, 4.5)),
        (("2025-Q3", "2025-Q3"), (1.5, 2.5)),
    ],
)
def test_stretches_are_shaded(stretch: tuple[str, str], places: tuple[float, float]) -> None:
    figure = charts.versus(sides(), "quarter", [stretch, ("2025-Q1", "2025-Q1")])
    first, second = figure.layout.shapes
    assert (first.x0, first.x1) == places
    assert first.layer == "below"
    assert first.fillcolor != second.fillcolor
    assert not charts.versus(sides(), "quarter").layout.shapes


def test_a_stretch_without_a_period_has_no_width() -> None:
    [shape] = charts.versus(sides(), "quarter", [("2030-Q1", "2030-Q2")]).layout.shapes
    assert shape.x0 == shape.x1


def test_empty_sides_can_be_drawn() -> None:
    (name, first), _ = sides()
    empty = first.iloc[:0]
    assert not charts.versus([("a", empty), ("b", empty)], "quarter").data
    figure = charts.versus([(name, first), ("b", empty)], "quarter")
    assert figure.data[1].x == ()
    nothing = by_quarter(**{"2025-Q1": dict(NOTHING)})
    figure = charts.versus([("a", nothing)], "quarter")
    assert figure.layout.yaxis.range == (0, 1)
    lone = by_quarter(**{"2025-Q1": {"low": NAN, "high": NAN}})
    assert charts.versus([("a", lone)], "quarter").data[0].error_y.array == (0,)


def test_what_does_not_apply_is_not_drawn() -> None:
    frame = three().assign(year=["2024"] * 4 + ["2025"] * 4 + ["2026"] * 4)
    figure = charts.versus([("a", frame)], "year")
    self_cited = figure.data[1]
    assert self_cited.customdata[0][1] == "self_cited 0"
    assert self_cited.x == ("2024",)


def test_three_labels_are_three_panels() -> None:
    labels = [str(item) for item in Attribution]
    frame = frame_of([item | {"year": "2025"} for item in source_rows("alpha", labels)])
    figure = charts.versus([("a", frame), ("b", frame)], "year")
    assert [item.text for item in figure.layout.annotations] == [
        "<b>Sourced</b>", "<b>Self-cited</b>", "<b>Unsourced</b>",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_the_scale_of_two_sides_holds_every_bound(rows: list[tuple[float, float]]) -> None:
    frame = by_quarter(
        **{
            f"20{n:02d}-Q1": {"share": min(pair), "low": 0.0, "high": max(pair)}
            for n, pair in enumerate(rows)
        }
    )
    low, high = charts.versus([("a", frame), ("b", frame.iloc[:4])], "quarter").layout.yaxis.range
    assert low == 0
    assert high >= frame["high"].max()
    assert high <= 1


# Drift --------------------------------------------------------------------------------------------

FIGURES = ["alpha", "percent", "ac1"]


def month(name: str, value: float, half: float, **more: Any) -> Row:
    result: Row = {"month": name, "claims": 1, "articles": 2_000}
    for figure in FIGURES:
        result |= {figure: value, f"{figure}_low": value - half, f"{figure}_high": value + half}
    return result | more


MONTHS = [
    month("2025-03", 0.6, 0.1),
    month("2025-01", 0.8, 0.15, alpha=NAN, alpha_low=NAN, alpha_high=NAN),
    month("2025-02", 0.4, NAN),
]


def test_drift_has_one_panel_per_figure() -> None:
    figure = charts.drift(pd.DataFrame(MONTHS), "month", FIGURES)
    assert [item.text for item in figure.layout.annotations] == [
        "<b>Krippendorff's alpha</b>", "<b>Percent agreement</b>", "<b>Gwet's AC1</b>",
    ]  # fmt: skip
    alpha, percent, _ = figure.data
    assert alpha.x == ("2025-03", "2025-02")
    assert alpha.y == (0.6, 0.4)
    assert alpha.error_y.array == pytest.approx((0.1, 0))
    assert alpha.error_y.arrayminus == pytest.approx((0.1, 0))
    assert percent.customdata == tuple(
        [name, "percent"] for name in ("2025-03", "2025-01", "2025-02")
    )
    for n in ("", 2, 3):
        axis = figure.layout[f"xaxis{n}"]
        assert axis.categoryarray == ("2025-01", "2025-02", "2025-03")
        assert axis.type == "category"
    assert "1 claim · 2,000 articles" in alpha.hovertext[0]
    assert "Krippendorff's alpha: 0.60" in alpha.hovertext[0]


def test_empty_drift_can_be_drawn() -> None:
    empty = charts.drift(pd.DataFrame(MONTHS).iloc[:0], "month", FIGURES)
    assert [trace.x for trace in empty.data] == [()] * 3
    undefined = pd.DataFrame([month("2025-01", NAN, NAN)])
    figure = charts.drift(undefined, "month", FIGURES)
    assert [trace.x for trace in figure.data] == [()] * 3
    assert figure.layout.yaxis.range == (0, 1.02)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 0.5)), min_size=1, max_size=5))
def test_the_scale_of_drift_holds_every_bound(rows: list[tuple[float, float]]) -> None:
    frame = pd.DataFrame(
        [
            month(f"2025-{n:02d}", value, half)
            | {f"{name}_high": min(1.0, value + half) for name in FIGURES}
            for n, (value, half) in enumerate(rows, 1)
        ]
    )
    figure = charts.drift(frame, "month", FIGURES)
    for n in ("", 2, 3):
        low, high = figure.layout[f"yaxis{n}"].range
        assert low <= frame["alpha_low"].min()
        assert high >= frame["alpha_high"].max()
