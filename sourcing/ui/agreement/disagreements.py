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
    """The claims with most disagreement; a chosen row opens its claim."""
    filters = replace(on_articles(view.filters), basis=(basis,))
    found = view.listed("disagreements", _FIRST, filters=filters)
    if found.empty:
        st.markdown("On no claim do two annotators disagree.")
        return
    st.caption(f"The first {len(found)}; the download has all. Choose a row to open its claim.")
    given = [
        ", ".join(
            f"{count} × {codebook.name(label).lower()}"
            for label in codebook.Label
            if (count := getattr(row, label))
        )
        for row in rows_of(found)
    ]
    shown = pd.DataFrame({"Claim": found["claim"], "Labels": given, "Source": found["source"]})
    claim_rows(shown, found, "disagreements")
    table(view, "disagreements", None, filters)
