"""The claims on which annotators disagree most."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import on_articles
from sourcing.frame_rows import rows_of
from sourcing.ui.blocks.claim_rows import claim_rows
from sourcing.ui.blocks.table import table
from sourcing.ui.view import View

_FIRST = 50


def disagreements(view: View, basis: str) -> None:
    """List the claims with most disagreement; a chosen row opens its claim."""
    filters = replace(on_articles(view.filters), basis=(basis,))
    rows = view.listed("disagreements", _FIRST, filters=filters)
    if rows.empty:
        st.markdown("No two annotators disagree on a claim.")
        return
    st.caption(f"The first {len(rows)}. The download has all. Choose a row to open its claim.")
    label_counts = [
        ", ".join(
            f"{count} × {codebook.name(label).lower()}"
            for label in codebook.Label
            if (count := getattr(row, label))
        )
        for row in rows_of(rows)
    ]
    frame = pd.DataFrame(
        {
            "Claim": rows["claim"],
            "Labels": label_counts,
            "Source": rows["source_id"].map(view.names()),
        }
    )
    claim_rows(frame, rows, "disagreements")
    table(view, "disagreements", None, filters)
