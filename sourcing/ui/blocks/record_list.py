"""The first rows of a list of the whole snapshot, as recorded, and a download of all."""

import streamlit as st

from sourcing.filters import Filters
from sourcing.ui.blocks.what_is_counted import of_record
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View

_FIRST = 200


def record_list(view: View, name: str, words: str, empty: str, rows: int | None = None) -> None:
    """Show a list; filters do not apply. name: of the table. words: what it lists.

    empty: shown if it has no row. rows: how many it has, if known.
    """
    frame = view.listed(name, _FIRST + 1, filters=Filters())
    if frame.empty:
        st.markdown(empty)
    else:
        if len(frame) > _FIRST:
            of_all = f" of {rows:,}" if rows else " rows"
            st.caption(f"The first {_FIRST:,}{of_all}. The download has all.")
        grid(frame.head(_FIRST), f"{name} listed")
    of_record(view, words, name)
    links(view, name, Filters())
