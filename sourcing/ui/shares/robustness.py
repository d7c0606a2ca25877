"""How robust a share or a difference is under every defensible choice."""

from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.analysis.comparison import Side
from sourcing.analysis.robustness import choices
from sourcing.charts import Column
from sourcing.filters import COUNTED, Filters
from sourcing.formatting import percent, plural
from sourcing.frame_rows import rows_of
from sourcing.literal_text import in_chart
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.table import table
from sourcing.ui.shares.sides import Pair
from sourcing.ui.view import View


def share_robustness(view: View, filters: Filters) -> None:
    """The panel for one label of a source; nothing is computed until a label is chosen."""
    side = Side(view.snapshot, filters)
    label = _label(side, required=False)
    if label is None:
        return
    frame = cached_reads.under_choices(side)
    rows = frame[frame["label"] == label].reset_index(drop=True)
    _panel(rows, label, "share", f"Share {codebook.name(label).lower()}", side)
    st.markdown(_share_summary(rows, label))
    _explain("the share lies within the interval of the current choice")
    table(view, "robustness", frame, side.filters)


def difference_robustness(view: View, sides: Pair, alike: bool) -> None:
    """The panel for one label's difference between two sides."""
    label = _label(sides.first, required=True)
    frame = cached_reads.under_choices(sides.first, sides.second, alike)
    rows = frame[frame["label"] == label].reset_index(drop=True)
    _panel(rows, str(label), "difference", "Second minus first", sides.first)
    st.markdown(_difference_summary(rows, str(label)))
    _explain("the interval says the same: above 0, below 0, or neither")
    table(
        view,
        "compare_robustness",
        frame,
        sides.first.filters,
        other_side=(*sides.other_side, *((("mix", "same"),) if alike else ())),
        snapshot=sides.first.snapshot,
        sides=[sides.first, sides.second],
    )


def _label(side: Side, *, required: bool) -> str | None:
    options = list(codebook.Label if side.filters.view == "labels" else codebook.Attribution)
    label = (
        url_state.choice("on", options, options[0])
        if required
        else url_state.optional("on", options)
    )
    st.segmented_control(
        "Label",
        options,
        format_func=codebook.name,
        key=url_state.key("on"),
        required=required,
    )
    return label


def _panel(rows: pd.DataFrame, label: str, value: str, title: str, side: Side) -> None:
    reference = rows[value].iloc[0]
    if rows[value].isna().all():
        return
    points = rows.assign(
        title=rows["choice"],
        hollow=~rows["holds"].fillna(True).astype(bool),
        colour=codebook.LOOKS[label].colour,
        words=[_words(row, value) for row in rows_of(rows)],
    )
    points["hover"] = [_hover(row, value) for row in rows_of(points)]
    mark = 0.0 if value == "difference" else (None if pd.isna(reference) else float(reference))
    top = points[[value, "low", "high"]].max().max()
    span = None if value == "difference" or pd.isna(top) else (0.0, max(0.1, 1.08 * float(top)))
    column = Column(title, value, "low", "high", span, mark=mark)
    summary = "; ".join(
        f"{row.choice}: {_value(getattr(row, value), value)}" for row in rows_of(rows)
    )
    chart(
        charts.points(points, "choice", [column]),
        f"robust {value}",
        f"Points. {summary}.",
        lambda choice, _: _choose(side, choice),
        "Click a point to apply its choice to this page.",
    )


def _choose(side: Side, title: str) -> None:
    """Apply a choice to this page. Labels by a model of the annotators are never applied."""
    choice = next(choice for choice in choices(side) if choice.title == title)
    changes = {
        name: getattr(choice.filters, name)
        for name in ("weighting", "view", *COUNTED)
        if getattr(choice.filters, name) != getattr(side.filters, name)
    }
    for name, value in changes.items():
        url_state.put(name, list(value) if name in COUNTED else value)
    if changes:
        st.rerun()


def _words(row: Any, value: str) -> str:
    if row.note:
        return f"<i>{in_chart(row.note)}</i>"
    low, high = _value(row.low, value), _value(row.high, value)
    verdict = "" if pd.isna(row.holds) else (" · holds" if row.holds else " · <b>fails</b>")
    interval = "" if pd.isna(row.low) else f" ({low} to {high})"
    return f"{_value(getattr(row, value), value)}{interval}{verdict}"


def _hover(row: Any, value: str) -> str:
    if pd.isna(getattr(row, value)):
        return f"<b>{in_chart(row.choice)}</b><br>{_words(row, value)}"
    counts = (
        f"{row.claims:,.0f} of {plural(round(row.resolved_claims), 'resolved claim')} in "
        f"{plural(round(row.articles), 'article')}, {row.open_claims:,.0f} open"
        if value == "share"
        else f"{row.first_resolved_claims:,.0f} and {row.second_resolved_claims:,.0f} resolved "
        "claims"
    )
    return f"<b>{in_chart(row.choice)}</b><br>{_words(row, value)}<br>{counts}"


def _value(number: float, value: str) -> str:
    if value == "share" or pd.isna(number):
        return percent(number)
    return f"{number * 100:+.1f}".replace("-", "−")


def _share_summary(rows: pd.DataFrame, label: str) -> str:
    first, others = next(rows_of(rows)), rows[rows["holds"].notna()]
    if pd.isna(first.share):
        return "No claim is resolved, so there is no share."
    if pd.isna(first.low):
        return "With one article there is no interval, so whether this holds is unknown."
    if others.empty:
        return "No other choice changes anything here."
    holding = int(others["holds"].sum())
    shares = [first.share, *others["share"]]
    return (
        f"**{codebook.name(label)} {percent(first.share)} ({percent(first.low)} to "
        f"{percent(first.high)}) holds under {holding} of {plural(len(others), 'other choice')}.** "
        f"Under all of them the share ranges from {percent(min(shares))} to {percent(max(shares))}."
    )


def _difference_summary(rows: pd.DataFrame, label: str) -> str:
    first, others = next(rows_of(rows)), rows[rows["holds"].notna()]
    if pd.isna(first.low):
        return "One side has no interval, so whether a difference holds is unknown."
    if others.empty:
        return "No other choice changes anything here."
    finding = "no significant difference"
    if first.low > 0 or first.high < 0:
        finding = f"the second has {'more' if first.low > 0 else 'less'}"
    holding = int(others["holds"].sum())
    return (
        f"**{codebook.name(label)}: that {finding}" if finding.startswith("the")
        else f"**{codebook.name(label)}: {finding}"
    ) + f", holds under {holding} of {plural(len(others), 'other choice')}.**"  # fmt: skip


def _explain(rule: str) -> None:
    st.html(
        '<p class="counted">One choice is changed at a time; all else is as on this page. Point '
        f"and line: figure and 95 % interval. A finding holds if {rule}; otherwise it fails. "
        "Choices that change nothing or do not apply here are not counted. Click a point to apply "
        "its choice to this page.</p>"
    )
