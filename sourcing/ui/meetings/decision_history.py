"""Decisions on a claim: the newest as a badge, all of them as a table."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.literal_text import isolated
from sourcing.reviews.decisions import Decided, Decision
from sourcing.ui.elements.markdown import plain


def decision_badge(newest: Decided) -> str:
    """The newest decision as HTML, in one line."""
    if newest.label is None:
        return '<p><span class="badge plain">Decision taken back</span></p>'
    style = codebook.LOOKS.get(newest.label)
    css = f'style="background:{style.colour};color:{style.text}"' if style else ""
    where = f", meeting no. {newest.meeting_id}" if newest.meeting_id is not None else ""
    return (
        f'<p><span class="badge{"" if style else " plain"}" {css}>Decided: '
        f"{codebook.name(newest.label)}</span> <small>{html.escape(isolated(newest.decided_by))}, "
        f"{newest.decided_at:%Y-%m-%d %H:%M} UTC{where}</small></p>"
    )


def in_words(decision: Decision) -> str:
    """A decision in words; for a contested claim also its attribution, which no key sets."""
    label = codebook.name(str(decision.label)).lower()
    if decision.label != codebook.Label.CONTESTED:
        return label
    if decision.attribution is None:
        return f"{label}; no attribution was given, so the claim is open in the view by attribution"
    return f"{label}, and {codebook.name(decision.attribution).lower()} by attribution"


def decision_table(history: Sequence[Decided]) -> None:
    """Show every decision, oldest first; nothing if there are none."""
    if not history:
        return
    st.header("Decisions on this claim", anchor=False)
    rows = [
        {
            "When (UTC)": f"{item.decided_at:%Y-%m-%d %H:%M}",
            "Decision": codebook.name(item.label) if item.label else "taken back",
            "By": plain(item.decided_by),
            "Rationale": plain(item.rationale),
            "Comes from": codebook.name(item.attribution) if item.attribution else "",
            "Disputed by": plain(item.contested_by or ""),
            "Evidence": plain(item.evidence_url or ""),
            "Dissent": plain(item.dissent),
            "Cause": codebook.DISAGREEMENT_CAUSES.get(item.cause or "", ""),
            "Gap in the codebook": plain(item.guideline_note or ("yes" * item.guideline_gap)),
        }
        for item in history
    ]
    frame = pd.DataFrame(rows)
    st.table(frame.loc[:, (frame != "").any()], hide_index=True)
