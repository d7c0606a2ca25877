"""What has been decided on a claim: the newest in a line, all of them as a table."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.reviews.decisions import Decided, Decision
from sourcing.ui.elements.markdown import isolated, plain


def held(newest: Decided) -> str:
    """What holds of the claim so far, in a line under it."""
    if newest.label is None:
        return '<p><span class="badge plain">Decision taken back</span></p>'
    look = codebook.LOOKS.get(newest.label)
    face = f'style="background:{look.colour};color:{look.text}"' if look else ""
    where = f", meeting no. {newest.meeting_id}" if newest.meeting_id is not None else ""
    return (
        f'<p><span class="badge{"" if look else " plain"}" {face}>Decided: '
        f"{codebook.name(newest.label)}</span> <small>{html.escape(isolated(newest.decided_by))}, "
        f"{newest.decided_at:%Y-%m-%d %H:%M} UTC{where}</small></p>"
    )


def in_words(made: Decision) -> str:
    """What was decided; of a contested claim also where it comes from, which a key does not say."""
    said = codebook.name(str(made.label)).lower()
    if made.label != codebook.Label.CONTESTED:
        return said
    if made.attribution is None:
        return f"{said}; where it comes from is not said, so it is open in the view by attribution"
    return f"{said}, and {codebook.name(made.attribution).lower()} as to where it comes from"


def decided(history: Sequence[Decided]) -> None:
    """Every decision, oldest first; nothing where there is none."""
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
    shown = pd.DataFrame(rows)
    st.table(shown.loc[:, (shown != "").any()], hide_index=True)
