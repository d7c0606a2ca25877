"""A chart with its text alternative, whose points can be clicked."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

# Two taps are two clicks: the first shows the numbers of a share, the second opens its claims.
_CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False, "doubleClickDelay": 1}


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
