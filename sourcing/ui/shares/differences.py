"""Two sides next to each other: what is compared, and how far it differs."""

import html
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.analysis.comparison import LEVEL, OF_SIDE, Mix, Side
from sourcing.charts import Column
from sourcing.charts.common import hover
from sourcing.formatting import listed, percent, plural
from sourcing.frame_rows import rows_of
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.share_block import open_period
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.figures import legend
from sourcing.ui.elements.markdown import plain
from sourcing.ui.shares.sides import Pair
from sourcing.ui.view import View


def differences(view: View, sides: Pair, alike: bool) -> None:
    """Show both sides' shares, their differences with intervals, a summary and the table."""
    frame, mix = cached_reads.compared_sides(sides.first, sides.second, alike)
    if mix is not None:
        st.caption(_mixed(mix, sides.names))
    st.markdown(_summary(frame, sides.names))
    _explain_zeros(view, sides)
    legend(list(frame["label"]))
    left, right = st.columns([0.5, 0.5], gap="small")
    with left:
        figure = charts.composition(_long(frame, sides.names), "side", "Shares")
        alt = f"Stacked bars of shares. {_alt(frame)}"
        chart(figure, "compare composition", alt, lambda side, label: _claims(sides, side, label))
    with right:
        figure = charts.points(_rows(frame, sides.names), "label", [_DIFFERENCE])
        chart(figure, "compare differences", f"Differences with 95 % intervals. {_alt(frame)}")
    _counted(view, sides)
    pairs = (*sides.other_side, *((("mix", "same"),) if alike else ()))
    table(
        view,
        "compare",
        frame,
        sides.first.filters,
        other_side=pairs,
        snapshot=sides.first.snapshot,
        sides=[sides.first, sides.second],
    )


def _explain_zeros(view: View, sides: Pair) -> None:
    """Say why nothing is counted on a side of one source, if so."""
    for side, name in zip((sides.first, sides.second), sides.names, strict=True):
        reasons = view.as_of(side.snapshot.id).uncounted(side.filters)
        if len(side.filters.source) == 1 and reasons:
            st.caption(f"{plain(name)}: {next(iter(reasons.values()))}.")


def _claims(sides: Pair, side: str, label: str) -> None:
    """Open the claims behind a share of one side."""
    way = sides.claims[0 if side == "first" else 1]
    url_state.go_to("pages/claims.py", label=[label], claim=None, search=None, **way)


_DIFFERENCE = Column(
    "Second minus first", "difference", "difference_low", "difference_high", mark=0
)


def _mixed(mix: Mix, names: tuple[str, str]) -> str:
    if not mix.cells:
        return "No genre and topic has two articles or more of both, so they have no common mix."
    return (
        f"Both at the same mix of genre and topic, over {plural(mix.cells, 'cell')} with two "
        f"articles or more of each: {percent(mix.first)} of the resolved claims of "
        f"{plain(names[0])}, {percent(mix.second)} of {plain(names[1])}."
    )


def _summary(frame: pd.DataFrame, names: tuple[str, str]) -> str:
    """The significant differences in a sentence, or which side has too few claims to compare."""
    few = [plain(n) for n, side in zip(names, ("first", "second"), strict=True)
           if frame[f"{side}_too_few"].any()]  # fmt: skip
    if few:
        return (
            f"**{codebook.TOO_FEW.capitalize()}:** {' and '.join(few)} ({codebook.TOO_FEW_RULE})."
        )
    significant = [row for row in rows_of(frame) if row.p_adjusted < LEVEL]
    others = [
        codebook.name(row.label).lower() for row in rows_of(frame) if not row.p_adjusted < LEVEL
    ]
    parts = [
        f"{codebook.name(row.label).lower()} {_points(abs(row.difference))} "
        f"{'more' if row.difference > 0 else 'less'} ({_bounds(row)})"
        for row in significant
    ]
    first_name, second_name = map(plain, names)
    summary = f"**{second_name}** against **{first_name}**: " + (
        ", ".join(parts) + "." if parts else "no significant difference."
    )
    if parts and others:
        summary += f" No significant difference for {listed(others)}."
    comparisons = int(frame["comparisons"].max())
    return summary + f" {plural(comparisons, 'comparison')}, adjusted by Benjamini and Hochberg."


def _points(share: float) -> str:
    return f"{share * 100:.0f} points" if share >= 0.0095 else f"{share * 100:.1f} points"


def _bounds(row: Any) -> str:
    low, high = sorted((abs(row.difference_low), abs(row.difference_high)))
    if row.difference_low < 0 < row.difference_high:
        return f"{row.difference_low * 100:+.0f} to {row.difference_high * 100:+.0f}"
    return f"{low * 100:.0f} to {high * 100:.0f}"


def _long(frame: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    frames = []
    for side, name in zip(("first", "second"), names, strict=True):
        part = pd.DataFrame({end: frame[f"{side}_{end}"] for end in OF_SIDE})
        frames.append(part.assign(side=side, title=name, label=frame["label"]))
    both = pd.concat(frames, ignore_index=True)
    defined = both["share"].notna()
    # Without a common mix no share of a side is defined.
    any_defined = defined.groupby(both["side"]).transform("any")
    left_out = any_defined & ~defined & (both["label"] == "self_cited")
    return both.assign(applicable=~left_out)


def _rows(frame: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    few = frame["first_too_few"] | frame["second_too_few"]
    points = frame.assign(
        title=[codebook.name(label) for label in frame["label"]],
        hollow=few,
        colour=[codebook.LOOKS[label].colour for label in frame["label"]],
    )
    points["words"] = [_row_words(row) for row in rows_of(points)]
    long = _long(frame, names)
    boxes = [
        "<br><br>".join(hover(row) for row in rows_of(long[long["label"] == label]))
        for label in frame["label"]
    ]
    return points.assign(hover=boxes)


def _row_words(row: Any) -> str:
    if pd.isna(row.difference):
        return "<i>not defined</i>"
    return (
        f"{row.difference * 100:+.1f} points, {row.difference_low * 100:+.1f} to "
        f"{row.difference_high * 100:+.1f}; p {_p(row.p_adjusted)}"
    ).replace("-", "−")


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _alt(frame: pd.DataFrame) -> str:
    return "; ".join(
        f"{codebook.name(row.label)}: {percent(row.first_share)} and {percent(row.second_share)}"
        for row in rows_of(frame)
    )


def _counted(view: View, sides: Pair) -> None:
    first, second = (
        html.escape(side.filters.sentence(view.choices.sources))
        for side in (sides.first, sides.second)
    )
    st.html(
        '<p class="counted">Intervals of differences by Newcombe, on effective sizes; p is '
        "adjusted for the number of comparisons. "
        f"First: {first} Second: {second}</p>"
    )


def sides_over_time(view: View, sides: Pair, way: str, grain: str) -> None:
    """Shares of both sides over time on one scale; for two periods, all time with both shaded."""
    frames: list[tuple[str, pd.DataFrame]]
    marked: list[tuple[str, str]] = []
    if way == "period":
        frames = [("all periods", view.shares(grain))]
        for side in (sides.first, sides.second):
            span = (side.filters.since or "", side.filters.until or "")
            marked.append((_period_of(span[0], grain), _period_of(span[1], grain)))
    else:
        frames = [
            (name, cached_reads.shares(side.snapshot, side.filters, grain))
            for name, side in zip(sides.names, (sides.first, sides.second), strict=True)
        ]
    if all(frame.empty for _, frame in frames):
        st.markdown("None of these articles has a date.")
        return
    words = (
        "Shaded: the first period; darker: the second."
        if marked
        else _KEY.format(*map(html.escape, sides.names))
    )
    st.html(f'<p class="counted">{words}</p>')
    alt = f"Shares by {grain}, a panel for each label on one scale; see the tables."

    def open_point(period: str, point: str) -> None:
        label, place = point.split()
        if way == "period":  # one line over all time
            open_period(view.filters, period, label)
        else:
            used = (sides.first, sides.second)[int(place)].filters
            open_period(used, period, label, **sides.claims[int(place)])

    chart(charts.versus(frames, grain, marked), f"compare {grain}", alt, open_point)
    name = f"shares_by_{grain}"
    for title, side in _tables(view, sides, way):
        st.caption(title)
        frame = cached_reads.shares(side.snapshot, side.filters, grain)
        table(view, name, frame, side.filters, key=f"{name} {title}", snapshot=side.snapshot)


_KEY = "Filled, solid line: {}. Hollow, dotted line: {}."


def _tables(view: View, sides: Pair, way: str) -> list[tuple[str, Side]]:
    if way == "period":
        return [("All periods", Side(view.snapshot, view.filters))]
    return list(zip(map(plain, sides.names), (sides.first, sides.second), strict=True))


def _period_of(month: str, grain: str) -> str:
    if grain == "quarter":
        return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"
    return month[:4] if grain == "year" else month
