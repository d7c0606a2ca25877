"""A list whose rows open a claim."""

from typing import Any

import pandas as pd
import streamlit as st

from sourcing.ui import url_state
from sourcing.ui.elements.grid import grid


def claim_rows(frame: pd.DataFrame, rows: pd.DataFrame, name: str) -> None:
    """Show a list whose rows open a claim, or the claims of an article if a row has no claim.

    frame: what is shown. rows: the same rows with `claim_id` and `article_id`.
    """
    turn = st.session_state.setdefault("chart turn", 0)
    chosen: Any = grid(
        frame,
        f"{name} list {turn}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Claim": st.column_config.TextColumn(width="large")},
    )
    if chosen.selection.rows:
        st.session_state["chart turn"] = turn + 1
        row = rows.iloc[chosen.selection.rows[0]]
        if pd.isna(row["claim_id"]):
            url_state.go_to("pages/claims.py", article=[row["article_id"]], claim=None)
        url_state.go_to("pages/claims.py", claim=[row["claim_id"]], label=[], search=None)
