"""The numbers of a chart as a table, with what is counted and the address of its CSV."""

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
