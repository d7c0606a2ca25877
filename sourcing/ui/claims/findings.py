"""Consistency findings and rejected rows that need review."""

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import on_articles
from sourcing.ui import url_state
from sourcing.ui.blocks.claim_rows import claim_rows
from sourcing.ui.blocks.record_list import record_list
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.commands import show_commands
from sourcing.ui.elements.figures import facts
from sourcing.ui.view import View
from sourcing.warehouse import amendments, queries

_FIRST = 50
_COMMANDS = 10
ALIKE = "annotators_alike"
"""The finding that two names may be one annotator."""


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
    if rule == ALIKE:
        how_to_join(view)
    claim_rows(frame.dropna(axis=1, how="all"), rows, f"findings {rule}")
    table(view, "findings", None, filters)


def how_to_join(view: View) -> None:
    """The commands that count annotators whose names are alike as one person."""
    groups = amendments.annotators_alike(view.snapshot)
    st.markdown("If these names mean one person, count them as one; it can be taken back:")
    pairs = [(other, name) for name, *others in groups[:_COMMANDS] for other in others]
    show_commands("join annotators", pairs, '--reason "one person"')
    if len(groups) > _COMMANDS:
        st.caption(f"The first {_COMMANDS} of {len(groups):,} groups of names.")


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
    if counts.get(ALIKE):
        how_to_join(view)
    record_list(
        view,
        "findings",
        "Every finding of the whole snapshot; filters do not apply.",
        "No findings.",
        sum(counts.values()),
    )
    st.markdown("**Rows that were refused** when files were loaded:")
    record_list(
        view,
        "rejects",
        "Every refused row of every load, by file and line; filters do not apply.",
        "None: every row of every file was loaded or was an exact duplicate.",
        int(view.status()["rejects"]),
    )
