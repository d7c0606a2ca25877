"""Does it hold? One share, or one difference, under every defensible choice."""

import html
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
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.table import table
from sourcing.ui.shares.sides import Pair
from sourcing.ui.view import View


def share_robustness(view: View, filters: Filters) -> None:
    """The panel for one label of a source; nothing is counted before a label is chosen."""
    side = Side(view.snapshot, filters)
    chosen = _label(side, required=False)
    if chosen is None:
        return
    found = cached_reads.under_choices(side)
    shown = found[found["label"] == chosen].reset_index(drop=True)
    _panel(shown, chosen, "share", f"Share {codebook.name(chosen).lower()}", side)
    st.markdown(_share_said(shown, chosen))
    _counted("the share lies within the interval of the choice in force")
    table(view, "robustness", found, side.filters)


def difference_robustness(view: View, sides: Pair, alike: bool) -> None:
    """The panel for one label's difference."""
    chosen = _label(sides.first, required=True)
    found = cached_reads.under_choices(sides.first, sides.second, alike)
    shown = found[found["label"] == chosen].reset_index(drop=True)
    _panel(shown, str(chosen), "difference", "Second minus first", sides.first)
    st.markdown(_difference_said(shown, str(chosen)))
    _counted("the interval says the same: above 0, below 0, or neither")
    table(
        view,
        "compare_robustness",
        found,
        sides.first.filters,
        other=(*sides.other, *((("mix", "same"),) if alike else ())),
        snapshot=sides.first.snapshot,
        sides=[sides.first, sides.second],
    )


def _label(side: Side, *, required: bool) -> str | None:
    options = list(codebook.Label if side.filters.view == "labels" else codebook.Attribution)
    chosen = (
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
    return chosen


def _panel(shown: pd.DataFrame, label: str, value: str, title: str, side: Side) -> None:
    base = shown[value].iloc[0]
    if shown[value].isna().all():
        return
    drawn = shown.assign(
        title=shown["choice"],
        hollow=~shown["holds"].fillna(True).astype(bool),
        colour=codebook.LOOKS[label].colour,
        words=[_words(row, value) for row in rows_of(shown)],
    )
    drawn["hover"] = [_hover(row, value) for row in rows_of(drawn)]
    mark = 0.0 if value == "difference" else (None if pd.isna(base) else float(base))
    top = drawn[[value, "low", "high"]].max().max()
    span = None if value == "difference" or pd.isna(top) else (0.0, max(0.1, 1.08 * float(top)))
    column = Column(title, value, "low", "high", span, mark=mark)
    said = "; ".join(
        f"{row.choice}: {_value(getattr(row, value), value)}" for row in rows_of(shown)
    )
    chart(
        charts.points(drawn, "choice", [column]),
        f"robust {value}",
        f"Points. {said}.",
        lambda choice, _: _choose(side, choice),
        "A click on a point makes its choice on this page.",
    )


def _choose(side: Side, title: str) -> None:
    """Count on this page as a choice does. Labels by a model of the annotators are never chosen."""
    made = next(choice for choice in choices(side) if choice.title == title)
    changed = {
        name: getattr(made.filters, name)
        for name in ("weighting", "view", *COUNTED)
        if getattr(made.filters, name) != getattr(side.filters, name)
    }
    for name, value in changed.items():
        url_state.put(name, list(value) if name in COUNTED else value)
    if changed:
        st.rerun()


def _words(row: Any, value: str) -> str:
    if row.note:
        return f"<i>{html.escape(row.note)}</i>"
    low, high = _value(row.low, value), _value(row.high, value)
    held = "" if pd.isna(row.holds) else (" · holds" if row.holds else " · <b>fails</b>")
    between = "" if pd.isna(row.low) else f" ({low} to {high})"
    return f"{_value(getattr(row, value), value)}{between}{held}"


def _hover(row: Any, value: str) -> str:
    if pd.isna(getattr(row, value)):
        return f"<b>{html.escape(row.choice)}</b><br>{_words(row, value)}"
    counts = (
        f"{row.claims:,.0f} of {row.resolved_claims:,.0f} resolved claims in {row.articles:,.0f} "
        f"articles, {row.open_claims:,.0f} open"
        if value == "share"
        else f"{row.first_resolved_claims:,.0f} and {row.second_resolved_claims:,.0f} resolved "
        "claims"
    )
    return f"<b>{html.escape(row.choice)}</b><br>{_words(row, value)}<br>{counts}"


def _value(number_: float, value: str) -> str:
    if value == "share" or pd.isna(number_):
        return percent(number_)
    return f"{number_ * 100:+.1f}".replace("-", "−")


def _share_said(shown: pd.DataFrame, label: str) -> str:
    first, others = next(rows_of(shown)), shown[shown["holds"].notna()]
    if pd.isna(first.share):
        return "No claim is resolved, so there is no share."
    if pd.isna(first.low):
        return "With one article there is no interval, so it cannot be said whether this holds."
    if others.empty:
        return "No other choice changes anything here."
    held = int(others["holds"].sum())
    every = [first.share, *others["share"]]
    return (
        f"**{codebook.name(label)} {percent(first.share)} ({percent(first.low)} to "
        f"{percent(first.high)}) holds under {held} of {plural(len(others), 'other choice')}.** "
        f"Over all of them the share runs from {percent(min(every))} to {percent(max(every))}."
    )


def _difference_said(shown: pd.DataFrame, label: str) -> str:
    first, others = next(rows_of(shown)), shown[shown["holds"].notna()]
    if pd.isna(first.low):
        return "One side has no interval, so it cannot be said whether a difference holds."
    if others.empty:
        return "No other choice changes anything here."
    finding = "no difference that the data can tell"
    if first.low > 0 or first.high < 0:
        finding = f"the second has {'more' if first.low > 0 else 'less'}"
    held = int(others["holds"].sum())
    return (
        f"**{codebook.name(label)}: that {finding}" if finding.startswith("the")
        else f"**{codebook.name(label)}: {finding}"
    ) + f", holds under {held} of {plural(len(others), 'other choice')}.**"  # fmt: skip


def _counted(rule: str) -> None:
    st.html(
        '<p class="counted">One choice is changed at a time, all else is as on this page. Point '
        f"and line: figure and 95 % interval. A finding holds where {rule}, else it fails. Choices "
        "that change nothing, or cannot be made here, do not count. A click on a point makes its "
        "choice on this page.</p>"
    )
