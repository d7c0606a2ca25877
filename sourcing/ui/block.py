"""One block a finding: chart, the sentence of what is counted, the same numbers as a table."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sourcing import charts
from sourcing.analysis.comparison import Side
from sourcing.codebook import LOOKS
from sourcing.filters import Filters, months_of
from sourcing.frame_rows import rows_of
from sourcing.ui import address
from sourcing.ui.figures import legend
from sourcing.ui.grid import grid
from sourcing.ui.links import links
from sourcing.ui.page import View
from sourcing.ui.traced import counted_here
from sourcing.warehouse.snapshots import Snapshot

# Two taps are two clicks: the first shows the numbers of a share, the second opens its claims.
_CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False, "doubleClickDelay": 1}
_SHARE_TABLES = ("shares", "shares_by_topic")
_SHARES = ("share", "low", "high", "lowest", "highest", "coverage")


def block(
    view: View,
    name: str,
    shares: pd.DataFrame,
    *,
    row: str,
    shown: pd.DataFrame | None = None,
    filters: Filters | None = None,
    opened: Callable[[str, str], None] | None = None,
    caption: str = "",
) -> None:
    """Composition and certainty of shares, with the sentence, the table and the download.

    shares: the whole table; `shown`: the part of it that the chart shows (by default all), with a
    column `title`. row: the column that tells rows apart. opened: called with row and label when a
    share is clicked.
    """
    drawn = shares if shown is None else shown
    used = filters or view.filters
    labels = list(dict.fromkeys(drawn["label"]))
    legend(labels)
    left, right = st.columns([0.52, 0.48], gap="small")
    with left:
        axis = "label" if used.view == "labels" else "attribution"
        figure = charts.composition(drawn, row, f"Resolved claims by {axis}")
        chart(figure, f"{name} composition", _alt(drawn), opened)
    with right:
        asked = st.toggle("Show how sure each share is", key=f"ask-certainty {name}")
        with st.container(key=f"certainty-{'asked' if asked else 'folded'} {name}"):
            alt = "The same shares with 95 % intervals and worst-case bounds; see the table."
            chart(charts.certainty(drawn, row), f"{name} certainty", alt, opened)
    st.html(
        f'<p class="counted">{html.escape(view.sentence(used))} Point and line: share and its 95 % '
        "interval. Pale band: worst case, if every open claim went one way. "
        f"{'With one article there is no interval. ' if _lone(drawn) else ''}"
        f"{html.escape(caption)}</p>"
    )
    table(view, name, shares, used)


def _lone(shares: pd.DataFrame) -> bool:
    """Whether a share that is drawn rests on one article, so that it has no interval."""
    return bool((shares["share"].notna() & shares["low"].isna()).any())


def chart(
    figure: go.Figure,
    key: str,
    alt: str,
    opened: Callable[[str, str], None] | None = None,
    does: str = "A click on a share opens its claims.",
) -> None:
    """One chart with its text alternative.

    opened: called with row and label of a click (the chart's customdata). does: what a click does.
    """
    turn = st.session_state.setdefault("chart turn", 0)
    if opened is None:
        st.plotly_chart(figure, key=key, alt=alt, config=_CONFIG)
        return
    event: Any = st.plotly_chart(
        figure,
        key=f"{key} {turn}",
        alt=f"{alt} {does}",
        config=_CONFIG,
        on_select="rerun",
        selection_mode="points",
    )
    points = event.selection.points if event and event.selection else []
    if points and points[0].get("customdata"):
        # A fresh key, so that the selection is gone when the reader comes back.
        st.session_state["chart turn"] = turn + 1
        found = points[0]["customdata"]
        opened(str(found[0]), str(found[1]))


def _alt(shares: pd.DataFrame) -> str:
    """The chart in words: the first rows in full, then how many more there are."""
    parts: list[str] = []
    for title, group in shares.groupby("title", sort=False):
        if len(parts) == 5:
            parts.append("and more in the table below")
            break
        said = ", ".join(
            f"{LOOKS[item.label].name.lower()} {item.share * 100:.0f} %"
            for item in rows_of(group)
            if not pd.isna(item.share)
        )
        parts.append(f"{title}: {said or 'nothing resolved'}")
    return "Stacked bars of shares. " + "; ".join(parts) + "."


def table(
    view: View,
    name: str,
    frame: pd.DataFrame | Callable[[], pd.DataFrame] | None,
    filters: Filters | None = None,
    *,
    opened: Callable[[pd.Series], None] | None = None,
    other: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
    sides: Sequence[Side] = (),
    key: str = "",
) -> None:
    """The numbers as a table, and the address of exactly this table as CSV.

    With `opened` the table stands open, and a chosen row is handed to it; else it is folded away.
    Without a frame there is the address only; one that takes long may come as a function.
    other: what makes the second side of a comparison.
    snapshot: where the table is not of the one on show. sides: what is counted, where that is more
    than the filters.
    """
    used, own = filters or view.filters, key or name
    if frame is None:
        pass
    elif opened is None:
        # Sent only when it is open: a long table would slow every view down.
        folded = st.expander("The same numbers as a table", key=f"table {own}", on_change="rerun")
        if folded.open:
            with folded:
                _grid(frame() if callable(frame) else frame, name, own, None)
    else:
        _grid(frame() if callable(frame) else frame, name, own, opened)
    counted_here(view, sides or [Side(snapshot or view.snapshot, used)], view.sentence(used), own)
    links(view, name, used, other, snapshot)


def _grid(
    frame: pd.DataFrame, name: str, own: str, opened: Callable[[pd.Series], None] | None
) -> None:
    percent = st.column_config.NumberColumn(format="percent")
    shown = {name: percent for name in _SHARES if name in frame.columns}
    drawn = frame.drop(columns=["title"], errors="ignore") if name in _SHARE_TABLES else frame
    if opened is None:
        grid(drawn, f"{own} rows", column_config=shown)
        return
    turn = st.session_state.setdefault("chart turn", 0)
    chosen: Any = grid(
        drawn,
        f"{own} table {turn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=shown,
    )
    if chosen.selection.rows:
        st.session_state["chart turn"] = turn + 1
        opened(frame.iloc[chosen.selection.rows[0]])


def timeline(view: View, name: str, shares: pd.DataFrame, by: str, filters: Filters) -> None:
    """Shares over time with their intervals, the sentence, the table and the download."""
    chart(
        charts.over_time(shares.assign(title=shares[by]), by),
        name,
        _time_alt(shares, by),
        lambda period, label: open_period(filters, period, label),
    )
    st.html(f'<p class="counted">{html.escape(view.sentence(filters))}</p>')
    table(view, name, shares, filters)


def open_period(filters: Filters, period: str, label: str, **way: Any) -> None:
    """Open the claims behind a share of one period; way: what else leads to them."""
    first, last = months_of(period)
    since, until = max(first, filters.since or first), min(last, filters.until or last)
    limits: dict[str, Any] = {"since": since, "until": until, "source": filters.source} | way
    address.go_to("pages/claims.py", label=[label], claim=None, search=None, **limits)


def _time_alt(shares: pd.DataFrame, by: str) -> str:
    periods = sorted(shares[by].unique())
    return f"Shares by {by} from {periods[0]} to {periods[-1]}, one panel per label; see the table."
