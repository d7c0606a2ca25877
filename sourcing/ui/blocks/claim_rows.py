"""A list whose rows open a claim."""

from typing import Any

import pandas as pd
import streamlit as st

from sourcing.ui import url_state
from sourcing.ui.elements.grid import grid


def claim_rows(shown: pd.DataFrame, found: pd.DataFrame, name: str) -> None:
    """A list whose rows open a claim, or the claims of an article where there is none."""
    turn = st.session_state.setdefault("chart turn", 0)
    chosen: Any = grid(
        shown,
        f"{name} list {turn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Claim": st.column_config.TextColumn(width="large")},
    )
    if chosen.selection.rows:
        st.session_state["chart turn"] = turn + 1
        row = found.iloc[chosen.selection.rows[0]]
        if pd.isna(row["claim_id"]):
            url_state.go_to("pages/claims.py", article=[row["article_id"]], claim=None)
        url_state.go_to("pages/claims.py", claim=[row["claim_id"]], label=[], search=None)
