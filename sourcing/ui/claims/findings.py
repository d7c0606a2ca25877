"""Consistency findings and rejected rows that need review."""

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
    """List the consistency findings of one rule at a time; a row opens its claim."""
    st.header("Findings to do", anchor=False)
    st.markdown("Findings for review (codebook section 7). Nothing is corrected automatically.")
    filters = on_articles(view.filters)
    counts = queries.findings_by_rule(view.snapshot, filters)
    if not counts:
        st.markdown("No findings.")
        return
    rules = [rule for rule in codebook.FINDINGS if rule in counts]
    rule = url_state.choice("rule", rules, rules[0])
    st.selectbox(
        "Finding",
        rules,
        format_func=lambda key: f"{codebook.FINDINGS[key].capitalize()} ({counts[key]:,})",
        key=url_state.key("rule"),
    )
    rows = queries.findings_to_do(view.snapshot, filters, rule, _FIRST)
    if counts[rule] > len(rows):
        st.caption(f"The first {len(rows):,} of {counts[rule]:,}. The download has all.")
    frame = pd.DataFrame(
        {
            "Claim": rows["about"],
            "Detail": rows["detail"],
            "Source": rows["source_id"].map(view.names()),
        }
    )
    claim_rows(frame.dropna(axis=1, how="all"), rows, f"findings {rule}")
    table(view, "findings", None, filters)


def all_findings(view: View) -> None:
    """The consistency findings by rule and the rejected rows, each with a download."""
    st.markdown("Findings for review (codebook section 7). Nothing is corrected automatically.")
    counts = queries.findings(view.snapshot)
    facts(
        [
            (name.capitalize(), f"{counts[rule]:,}" if counts.get(rule) else None)
            for rule, name in codebook.FINDINGS.items()
        ]
    )
    _first_of(view, "findings", sum(counts.values()), "No findings.")
    st.markdown("**Rows that were refused** when files were loaded:")
    none_refused = "None: every row of every file was loaded or was an exact duplicate."
    _first_of(view, "rejects", int(view.status()["rejects"]), none_refused)


_WHOLE = {
    "findings": "Every finding of the whole snapshot; filters do not apply.",
    "rejects": "Every refused row of every load, by file and line; filters do not apply.",
}


def _first_of(view: View, name: str, rows: int, empty_message: str) -> None:
    """The first rows of a list, and a download of all. empty_message: shown if it has none."""
    frame = view.listed(name, _FIRST_OF_ALL, filters=Filters())
    if frame.empty:
        st.markdown(empty_message)
    else:
        if rows > len(frame):
            st.caption(f"The first {len(frame):,} of {rows:,}. The download has all.")
        grid(frame, f"{name} listed")
    of_record(view, _WHOLE[name], name)
    links(view, name, Filters())
