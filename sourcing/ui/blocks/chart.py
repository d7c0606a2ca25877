"""A chart with a text alternative and clickable points."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

# Two taps count as two clicks: the first shows a share's numbers, the second opens its claims.
_CONFIG = {
    "displayModeBar": False,
    "responsive": True,
    "doubleClick": False,
    "doubleClickDelay": 1,
    "typesetMath": False,  # otherwise a text with two dollar signs could be read as a formula
}


def chart(
    figure: go.Figure,
    key: str,
    alt: str,
    on_click: Callable[[str, str], None] | None = None,
    effect: str = "Click a share to open its claims.",
) -> None:
    """Draw one chart with its text alternative.

    on_click: called with row and label of a click (the chart's customdata). effect: what a click
    does, in words.
    """
    turn = st.session_state.setdefault("chart turn", 0)
    if on_click is None:
        st.plotly_chart(figure, key=key, alt=alt, config=_CONFIG)
        return
    event: Any = st.plotly_chart(
        figure,
        key=f"{key} {turn}",
        alt=f"{alt} {effect}",
        config=_CONFIG,
        on_select="rerun",
        selection_mode="points",
    )
    points = event.selection.points if event and event.selection else []
    if points and points[0].get("customdata"):
        # A new key, so that the selection is gone when the reader comes back.
        st.session_state["chart turn"] = turn + 1
        row_and_label = points[0]["customdata"]
        on_click(str(row_and_label[0]), str(row_and_label[1]))
