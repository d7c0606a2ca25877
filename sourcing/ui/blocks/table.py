"""The numbers of a chart as a table, with what is counted and a link to the CSV."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sourcing.analysis.comparison import Side
from sourcing.filters import Filters
from sourcing.ui.blocks.what_is_counted import counted_here
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View
from sourcing.warehouse.snapshots import Snapshot

_SHARE_TABLES = ("shares", "shares_by_topic")
_SHARES = ("share", "low", "high", "lowest", "highest", "coverage")


def table(
    view: View,
    name: str,
    frame: pd.DataFrame | Callable[[], pd.DataFrame] | None,
    filters: Filters | None = None,
    *,
    on_choice: Callable[[pd.Series], None] | None = None,
    other_side: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
    sides: Sequence[Side] = (),
    key: str = "",
) -> None:
    """The numbers as a table, and a link to exactly this table as CSV.

    frame: the table, or a function that computes a slow one; with None there is only the link.
    on_choice: called with the chosen row; the table is then open, otherwise in an expander.
    other_side: address pairs of the second side of a comparison. snapshot: that of the table, if
    not the one on show. sides: what is counted, if more than the filters.
    """
    filters_used, block_key = filters or view.filters, key or name
    if frame is None:
        pass
    elif on_choice is None:
        # Sent only when open: a long table would slow down every view.
        expander = st.expander(
            "The same numbers as a table", key=f"table {block_key}", on_change="rerun"
        )
        if expander.open:
            with expander:
                _grid(frame() if callable(frame) else frame, name, block_key, None)
    else:
        _grid(frame() if callable(frame) else frame, name, block_key, on_choice)
    counted_here(
        view,
        sides or [Side(snapshot or view.snapshot, filters_used)],
        view.sentence(filters_used),
        block_key,
    )
    links(view, name, filters_used, other_side, snapshot)


def _grid(
    frame: pd.DataFrame, name: str, block_key: str, on_choice: Callable[[pd.Series], None] | None
) -> None:
    percent = st.column_config.NumberColumn(format="percent")
    formats = {name: percent for name in _SHARES if name in frame.columns}
    rows = frame.drop(columns=["title"], errors="ignore") if name in _SHARE_TABLES else frame
    if on_choice is None:
        grid(rows, f"{block_key} rows", column_config=formats)
        return
    turn = st.session_state.setdefault("chart turn", 0)
    chosen: Any = grid(
        rows,
        f"{block_key} table {turn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=formats,
    )
    if chosen.selection.rows:
        st.session_state["chart turn"] = turn + 1
        on_choice(frame.iloc[chosen.selection.rows[0]])
