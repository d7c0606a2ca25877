"""The first rows of a list of the whole snapshot, as recorded, and a download of all."""

import streamlit as st

from sourcing.filters import Filters
from sourcing.ui.blocks.what_is_counted import of_record
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View

_FIRST = 200


def record_list(view: View, name: str, words: str, empty: str) -> None:
    """Show a list; filters do not apply. name: of the table. words: what it lists.

    empty: shown if it has no row.
    """
    frame = view.listed(name, _FIRST + 1, filters=Filters())
    if frame.empty:
        st.markdown(empty)
    else:
        if len(frame) > _FIRST:
            st.caption(f"The first {_FIRST:,} rows. The download has all.")
        grid(frame.head(_FIRST), f"{name} listed")
    of_record(view, words, name)
    links(view, name, Filters())
