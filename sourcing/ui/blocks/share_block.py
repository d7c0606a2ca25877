"""Shares: composition and certainty, or over time, with caption, table and download."""

import html
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts
from sourcing.codebook import LOOKS
from sourcing.filters import GRAINS, Filters, months_of
from sourcing.frame_rows import rows_of
from sourcing.ui import url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.figures import legend
from sourcing.ui.view import View


def share_block(
    view: View,
    name: str,
    shares: pd.DataFrame,
    *,
    row: str,
    shown: pd.DataFrame | None = None,
    filters: Filters | None = None,
    on_click: Callable[[str, str], None] | None = None,
    caption: str = "",
) -> None:
    """Composition and certainty of shares, with caption, table and download.

    shares: the whole table. shown: the part of it that the chart shows (by default all), with a
    column `title`. row: the column that identifies rows. on_click: called with row and label when
    a share is clicked.
    """
    rows_drawn = shares if shown is None else shown
    used = filters or view.filters
    labels = list(dict.fromkeys(rows_drawn["label"]))
    legend(labels)
    left, right = st.columns([0.52, 0.48], gap="small")
    with left:
        axis = "label" if used.view == "labels" else "attribution"
        figure = charts.composition(rows_drawn, row, f"Resolved claims by {axis}")
        chart(figure, f"{name} composition", _alt(rows_drawn), on_click)
    with right:
        is_shown = st.toggle("Show how sure each share is", key=f"ask-certainty {name}")
        with st.container(key=f"certainty-{'asked' if is_shown else 'folded'} {name}"):
            alt = "The same shares with 95 % intervals and worst-case bounds; see the table."
            chart(charts.certainty(rows_drawn, row), f"{name} certainty", alt, on_click)
    st.html(
        f'<p class="counted">{html.escape(view.sentence(used))} Point and line: share and its 95 % '
        "interval. Pale band: worst case, if every open claim went one way. "
        f"{'With one article there is no interval. ' if _lone(rows_drawn) else ''}"
        f"{html.escape(caption)}</p>"
    )
    table(view, name, shares, used)


def _lone(shares: pd.DataFrame) -> bool:
    """Whether a share that is drawn is based on one article and so has no interval."""
    return bool((shares["share"].notna() & shares["low"].isna()).any())


def _alt(shares: pd.DataFrame) -> str:
    """The chart in words: the first five rows, and whether there are more."""
    parts: list[str] = []
    for title, group in shares.groupby("title", sort=False):
        if len(parts) == 5:
            parts.append("and more in the table below")
            break
        text = ", ".join(
            f"{LOOKS[item.label].name.lower()} {item.share * 100:.0f} %"
            for item in rows_of(group)
            if not pd.isna(item.share)
        )
        parts.append(f"{title}: {text or 'no resolved claims'}")
    return "Stacked bars of shares. " + "; ".join(parts) + "."


def choose_grain() -> str:
    """The length of periods that the reader chooses, kept in the address."""
    grain = url_state.choice("grain", list(GRAINS), "quarter")
    key = url_state.key("grain")
    names = GRAINS.__getitem__
    st.segmented_control("Periods", list(GRAINS), format_func=names, key=key, required=True)
    return grain


def share_timeline(view: View, name: str, shares: pd.DataFrame, by: str, filters: Filters) -> None:
    """Shares over time with their intervals, caption, table and download."""
    chart(
        charts.over_time(shares.assign(title=shares[by]), by),
        name,
        _time_alt(shares, by),
        lambda period, label: open_period(filters, period, label),
    )
    st.html(f'<p class="counted">{html.escape(view.sentence(filters))}</p>')
    table(view, name, shares, filters)


def open_period(filters: Filters, period: str, label: str, **way: Any) -> None:
    """Open the claims behind a share of one period. way: more values of the address."""
    first, last = months_of(period)
    since, until = max(first, filters.since or first), min(last, filters.until or last)
    limits: dict[str, Any] = {"since": since, "until": until, "source": filters.source} | way
    url_state.go_to("pages/claims.py", label=[label], claim=None, search=None, **limits)


def _time_alt(shares: pd.DataFrame, by: str) -> str:
    periods = sorted(shares[by].unique())
    return f"Shares by {by} from {periods[0]} to {periods[-1]}, one panel per label; see the table."
