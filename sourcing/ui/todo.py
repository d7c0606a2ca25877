"""What a review should look at: claims on which annotators disagree, findings to do."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import on_articles
from sourcing.frame_rows import rows_of
from sourcing.ui import address
from sourcing.ui.block import table
from sourcing.ui.grid import grid
from sourcing.ui.page import View
from sourcing.warehouse import queries

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
    opening(shown, found, "disagreements")
    table(view, "disagreements", None, filters)


def findings_to_do(view: View) -> None:
    """The consistency findings as a list to do, one rule at a time; a row opens its claim."""
    st.header("Findings to do", anchor=False)
    st.markdown("What a review should look at (codebook section 7). Nothing is mended silently.")
    filters = on_articles(view.filters)
    counts = queries.findings_by_rule(view.snapshot, filters)
    if not counts:
        st.markdown("Nothing was found.")
        return
    rules = [rule for rule in codebook.FINDINGS if rule in counts]
    rule = address.choice("rule", rules, rules[0])
    st.selectbox(
        "Finding",
        rules,
        format_func=lambda key: f"{codebook.FINDINGS[key].capitalize()} ({counts[key]:,})",
        key=address.key("rule"),
    )
    found = queries.findings_to_do(view.snapshot, filters, rule, _FIRST)
    if counts[rule] > len(found):
        st.caption(f"The first {len(found):,} of {counts[rule]:,}; the download has all.")
    shown = pd.DataFrame(
        {"Claim": found["about"], "Detail": found["detail"], "Source": found["source"]}
    )
    opening(shown.dropna(axis=1, how="all"), found, f"findings {rule}")
    table(view, "findings", None, filters)


def opening(shown: pd.DataFrame, found: pd.DataFrame, name: str) -> None:
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
            address.go_to("pages/claims.py", article=[row["article_id"]], claim=None)
        address.go_to("pages/claims.py", claim=[row["claim_id"]], label=[], search=None)
