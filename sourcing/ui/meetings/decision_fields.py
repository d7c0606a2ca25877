"""The fields of a decision besides its label: rationale, evidence, dissent, cause, presence."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.reviews.meetings import Meeting
from sourcing.warehouse import queries


def _key(name: str, claim_id: str) -> str:
    return f"{name} of {claim_id}"


_DRAFTED = (
    "rationale", "attribution", "cause", "needs_source", "contested_by", "evidence_url", "dissent",
    "guideline_note", "guideline_gap",
)  # fmt: skip
"""The fields that a draft keeps; who is present is taken over from the item before."""


def fill_in(claim_id: str, draft: Mapping[str, Any], attribution: str | None) -> None:
    """Fill in the fields before they are drawn for the first time: from the draft, if there is one.

    attribution: the annotators' attribution, the default for a contested claim.
    """
    filled: Mapping[str, Any] = draft or {"attribution": attribution}
    for name in _DRAFTED:
        if filled.get(name) is not None:
            st.session_state[_key(name, claim_id)] = filled[name]


def are_drawn(claim_id: str) -> bool:
    """Whether the fields of the claim were on the screen in the run before."""
    return _key("rationale", claim_id) in st.session_state


def filled(claim_id: str) -> dict[str, Any]:
    """The filled fields, as a draft keeps them."""
    values = {name: st.session_state.get(_key(name, claim_id)) for name in _DRAFTED}
    return {name: value for name, value in values.items() if value}


def fields(claim_id: str, meeting: Meeting, keep: Callable[[], None]) -> None:
    """Draw the fields of a decision besides its label. keep: called when one has changed."""
    st.text_area(
        "Rationale",
        key=_key("rationale", claim_id),
        on_change=keep,
        height=80,
        placeholder="Required if the decision overrules most annotators",
    )
    details = "Evidence, dissent, cause, guideline, who is present"
    with st.expander(details, key=f"details of {claim_id}"):
        st.multiselect(
            "Present",
            meeting.plan.everybody(),
            default=st.session_state.get(
                _PRESENT.format(meeting.meeting_id), meeting.plan.everybody()
            ),
            key=_key("present", claim_id),
        )
        left, right = st.columns(2)
        causes = codebook.DISAGREEMENT_CAUSES
        attributions = list(map(str, codebook.Attribution))
        choices = (
            (left, "attribution", "If contested: attribution", attributions, codebook.name),
            (right, "cause", "Cause of the disagreement", list(causes), causes.__getitem__),
            (right, "needs_source", "Needs a source", list(codebook.NEEDS_SOURCE), str),
        )
        texts = (
            (left, "contested_by", "If contested: by whom"),
            (left, "evidence_url", "Evidence (web address)"),
            (left, "dissent", "Dissent"),
            (right, "guideline_note", "What the codebook should say"),
        )
        for column, name, label, options, format_option in choices:
            key = _key(name, claim_id)
            column.selectbox(
                label, options, index=None, format_func=format_option, key=key, on_change=keep
            )
        for column, name, label in texts:
            column.text_input(label, key=_key(name, claim_id), on_change=keep)
        gap = _key("guideline_gap", claim_id)
        right.checkbox("The codebook has a gap here", key=gap, on_change=keep)


def majority_of(details: queries.Claim) -> str | None:
    """The answer of the majority of annotators; None if there is no majority."""
    claim = details.claim
    voted = claim["state"] in (codebook.State.UNANIMOUS, codebook.State.MAJORITY)
    return str(claim["label"]) if voted and pd.notna(claim["label"]) else None


def read(claim_id: str, label: str) -> dict[str, Any]:
    """The fields as arguments of a Decision, as they are when the key or button is pressed."""

    def value(name: str) -> Any:
        return st.session_state.get(_key(name, claim_id)) or None

    contested = label == codebook.Label.CONTESTED
    return {
        "rationale": value("rationale") or "",
        "dissent": value("dissent") or "",
        "guideline_note": value("guideline_note") or "",
        "guideline_gap": bool(value("guideline_gap") or value("guideline_note")),
        "evidence_url": value("evidence_url"),
        "cause": value("cause"),
        "needs_source": value("needs_source"),
        "attribution": value("attribution") if contested else None,
        "contested_by": value("contested_by") if contested else None,
    }


_PRESENT = "present at meeting {}"


def present(claim_id: str, meeting: Meeting) -> tuple[str, ...]:
    """Who is present at this item; also the default for the items that follow."""
    chosen = st.session_state.get(_key("present", claim_id), meeting.plan.everybody())
    st.session_state[_PRESENT.format(meeting.meeting_id)] = list(chosen)
    return tuple(chosen)
