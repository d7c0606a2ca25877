"""Long tables, one page at a time; the page is kept in the address."""

import pandas as pd
import streamlit as st

from sourcing.ui import url_state


def one_page(shares: pd.DataFrame, row: str, size: int) -> pd.DataFrame:
    """The rows of one page of a long table, with a pager if there are several pages."""
    keys = list(dict.fromkeys(shares[row]))
    pages = -(-len(keys) // size)
    number = url_state.number("rows", pages)
    if pages > 1:
        left, right = st.columns([0.5, 0.5], vertical_alignment="center")
        first = (number - 1) * size
        left.caption(f"Rows {first + 1}–{min(first + size, len(keys))} of {len(keys):,}")
        with right:
            pager(pages, number)
    return shares[shares[row].isin(keys[(number - 1) * size : number * size])]


def pager(pages: int, number: int) -> None:
    """Draw a pager; the page is kept in the address as `rows`."""
    widget = f"pager {pages} {number}"

    def turn() -> None:
        url_state.put("rows", st.session_state[widget])

    st.pagination(pages, default=number, key=widget, on_change=turn)
