"""Consistency findings and refused rows: what a review should look at."""

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import Filters, on_articles
from sourcing.ui import url_state
from sourcing.ui.blocks.claim_rows import claim_rows
from sourcing.ui.blocks.table import table
from sourcing.ui.blocks.what_is_counted import of_record
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.figures import facts
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View
from sourcing.warehouse import queries

_FIRST, _FIRST_OF_ALL = 50, 200


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
    rule = url_state.choice("rule", rules, rules[0])
    st.selectbox(
        "Finding",
        rules,
        format_func=lambda key: f"{codebook.FINDINGS[key].capitalize()} ({counts[key]:,})",
        key=url_state.key("rule"),
    )
    found = queries.findings_to_do(view.snapshot, filters, rule, _FIRST)
    if counts[rule] > len(found):
        st.caption(f"The first {len(found):,} of {counts[rule]:,}; the download has all.")
    shown = pd.DataFrame(
        {"Claim": found["about"], "Detail": found["detail"], "Source": found["source"]}
    )
    claim_rows(shown.dropna(axis=1, how="all"), found, f"findings {rule}")
    table(view, "findings", None, filters)


def all_findings(view: View) -> None:
    """The consistency findings by rule, and the refused rows, each with its download."""
    st.markdown("What a review should look at (codebook section 7). Nothing is mended silently.")
    found = queries.findings(view.snapshot)
    facts(
        [
            (name.capitalize(), f"{found[rule]:,}" if found.get(rule) else None)
            for rule, name in codebook.FINDINGS.items()
        ]
    )
    _first_of(view, "findings", sum(found.values()), "Nothing was found.")
    st.markdown("**Rows that were refused** when files were loaded:")
    whole = "None: every row of every file was loaded, or was an exact duplicate."
    _first_of(view, "rejects", int(view.status()["rejects"]), whole)


_WHOLE = {
    "findings": "Every finding in the whole snapshot; no filter plays a part.",
    "rejects": "Every refused row of every load, by file and line; no filter plays a part.",
}


def _first_of(view: View, name: str, rows: int, without: str) -> None:
    """The first rows of a list, the download of all of them; `without`: said where it is empty."""
    listed = view.listed(name, _FIRST_OF_ALL, filters=Filters())
    if listed.empty:
        st.markdown(without)
    else:
        if rows > len(listed):
            st.caption(f"The first {len(listed):,} of {rows:,}; the download has all.")
        grid(listed, f"{name} listed")
    of_record(view, _WHOLE[name], name)
    links(view, name, Filters())
