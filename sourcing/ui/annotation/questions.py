"""The two questions of the codebook on one claim, as fields and keys."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from sourcing import codebook
from sourcing.reviews import Reviews, answers, decisions
from sourcing.warehouse import queries

_ANSWERS = (*map(str, codebook.Attribution), *map(str, codebook.NoAnswer))
_NAMES = {answer: codebook.name(answer) for answer in _ANSWERS}
_SURE = {0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1.0: "100 %"}
_SHOWN = "claim being annotated"


def key(name: str, claim_id: str) -> str:
    """The session key of a field of a claim."""
    return f"{name} of the answer to {claim_id}"


def value(name: str, claim_id: str) -> Any:
    """The value of a field of a claim; None if it is empty."""
    return st.session_state.get(key(name, claim_id)) or None


_FIELDS = (
    "attribution_kind", "contested_kind", "needs_source", "confidence", "contested_by",
    "evidence_url", "rationale",
)  # fmt: skip
_BUTTONS = ("answer", "contested")


def prefill(claim_id: str, mine: Sequence[answers.Answered], draft: Mapping[str, Any]) -> None:
    """When a claim comes up, fill in the annotator's draft, else their newest answer, if any."""
    if st.session_state.get(_SHOWN) == claim_id:
        for name in _FIELDS:  # reassigned, so that it survives while its widget is not drawn
            st.session_state[key(name, claim_id)] = st.session_state.get(key(name, claim_id))
        return
    st.session_state[_SHOWN] = claim_id
    before = next((item for item in reversed(mine) if item.claim_id == claim_id), None)
    values = draft or _of_answer(before)
    for name in (*_FIELDS, *_BUTTONS):
        st.session_state[key(name, claim_id)] = values.get(name)


def _of_answer(before: answers.Answered | None) -> Mapping[str, Any]:
    if before is None:
        return {}
    return {name: getattr(before, name) for name in _FIELDS} | {
        "answer": before.attribution or before.label,
        "contested": bool(before.contested),
    }


def filled(claim_id: str) -> dict[str, Any]:
    """The filled fields, as a draft keeps them."""
    return {name: found for name in (*_FIELDS, *_BUTTONS) if (found := value(name, claim_id))}


def questions(claim_id: str, keep: Callable[[], None]) -> None:
    """Draw question A, question B and the optional fields. keep: called when one has changed."""
    chosen, contested = value("answer", claim_id), bool(value("contested", claim_id))
    st.markdown("**A. Where does the article say that it comes from?**")
    for column, answer in zip(st.columns(len(_ANSWERS)), _ANSWERS, strict=True):
        column.button(
            _NAMES[answer],
            key=f"decide-answer {answer} {claim_id}",  # a late press applies to its own claim
            shortcut=codebook.SHORTCUTS[answer],
            type="primary" if chosen == answer else "secondary",
            on_click=_choose,
            args=(claim_id, str(answer), keep),
            width="stretch",
        )
    if chosen in codebook.LOOKS:
        st.caption(codebook.LOOKS[chosen].definition)
        _pills("How", "attribution_kind", claim_id, codebook.ATTRIBUTION_KINDS[chosen], keep)
    st.markdown("**B. Is a dispute of this exact claim on record?**")
    st.button(
        "Yes, contested" if contested else "No",
        key=f"decide-contested {claim_id}",
        shortcut=codebook.SHORTCUTS[codebook.Label.CONTESTED],
        type="primary" if contested else "secondary",
        on_click=_turn,
        args=(claim_id, keep),
    )
    if contested:
        _pills("Which record", "contested_kind", claim_id, codebook.CONTESTED_KINDS, keep)
        st.text_input("By whom", key=key("contested_by", claim_id), on_change=keep)
    with st.expander("Needs a source, how sure, evidence"):
        _pills("Needs a source", "needs_source", claim_id, codebook.NEEDS_SOURCE, keep)
        st.pills("How sure are you?", list(_SURE), format_func=_SURE.__getitem__,
                 key=key("confidence", claim_id), on_change=keep)  # fmt: skip
        st.text_input("Evidence (web address)", key=key("evidence_url", claim_id), on_change=keep)
    words = (
        "Why there is no label" if chosen in codebook.NO_ANSWER_NAMES else "Rationale (optional)"
    )
    st.text_area(words, key=key("rationale", claim_id), height=80, on_change=keep)


def _pills(
    words: str, name: str, claim_id: str, options: Sequence[str], keep: Callable[[], None]
) -> None:
    if value(name, claim_id) not in (None, *options):
        st.session_state[key(name, claim_id)] = None
    st.pills(
        words,
        list(options),
        format_func=lambda word: word.replace("_", " "),
        key=key(name, claim_id),
        on_change=keep,
    )


def _choose(claim_id: str, answer: str, keep: Callable[[], None]) -> None:
    st.session_state[key("answer", claim_id)] = answer
    keep()


def _turn(claim_id: str, keep: Callable[[], None]) -> None:
    st.session_state[key("contested", claim_id)] = not value("contested", claim_id)
    keep()


def read(reviews: Reviews, details: queries.Claim) -> answers.Answer:
    """The fields as an answer, as they are when the key or button is pressed."""
    claim_id = str(details.claim["claim_id"])
    chosen = str(value("answer", claim_id))
    labelled = chosen in codebook.LOOKS
    contested = labelled and bool(value("contested", claim_id))
    discussed = (
        details.claim["state"] == codebook.State.ADJUDICATED
        or decisions.newest_of(reviews, claim_id) is not None
    )

    def of_dispute(name: str) -> str | None:
        return value(name, claim_id) if contested else None

    return answers.Answer(
        claim_id=claim_id,
        label=str(codebook.Label.CONTESTED) if contested else chosen,
        attribution=chosen if labelled else None,
        attribution_kind=value("attribution_kind", claim_id) if labelled else None,
        contested=contested if labelled else None,
        contested_kind=of_dispute("contested_kind"),
        contested_by=of_dispute("contested_by"),
        needs_source=value("needs_source", claim_id),
        confidence=value("confidence", claim_id),
        rationale=value("rationale", claim_id) or "",
        evidence_url=value("evidence_url", claim_id),
        round="after_discussion" if discussed else "independent",
    )


def on_show(claim_id: str) -> bool:
    """Whether this is the claim on the screen, not yet saved or left."""
    return st.session_state.get(_SHOWN) == claim_id


def forget() -> None:
    """Forget the claim on show, so that its fields start from the recorded answer next time."""
    st.session_state.pop(_SHOWN, None)
