"""Annotating in place: the two questions of the codebook on one claim, then the next."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.errors import ReviewError
from sourcing.filters import Filters
from sourcing.formatting import plural
from sourcing.meetings import annotation_queue
from sourcing.reviews import Person, Reviews, Role, answers
from sourcing.ui import url_state
from sourcing.ui.annotation.questions import forget, key, on_show, prefill, questions, read, value
from sourcing.ui.claims.claim_sheet import large, where
from sourcing.ui.elements.markdown import distinct, plain
from sourcing.ui.view import View, end_page
from sourcing.warehouse import queries

_BATCH = 50
_SAID, _KEPT, _UNNAMED = "annotation said", "claims to annotate", "dispute by nobody"

_WHO = (
    "Who disputes it, or where? Write it under “By whom”, as evidence or as rationale. Save again "
    "to leave it open."
)


def annotate(reviews: Reviews, view: View, who: Person) -> None:
    """The next claim of the chosen queue, or the one that the address names."""
    if not who.may(Role.ANNOTATOR):
        st.info("You may look, but not label: whoever runs this dashboard can change that.")
        end_page()
    which = url_state.choice("which", list(annotation_queue.QUEUES), "new")
    left, right = st.columns(2, vertical_alignment="bottom")
    left.selectbox(
        "Claims",
        list(annotation_queue.QUEUES),
        format_func=annotation_queue.QUEUES.__getitem__,
        key=url_state.key("which"),
    )
    suggest = right.toggle("Show a model's suggestion", key="suggest")
    if said := st.session_state.pop(_SAID, None):
        (st.error if said[0] == "error" else st.success)(plain(said[1]))
    mine = answers.of_annotator(reviews, who.name)
    claim_id, waiting = _next(reviews, view, who, which)
    st.caption(f"You have answered {plural(len(mine), 'time')}; {waiting:,} to do here.")
    if claim_id is None:
        st.info("**Nothing is left to do here.** Choose other claims above, or other filters.")
        _change(view, mine)
        end_page()
    found = queries.claim(view.snapshot, claim_id)
    if found is None:
        st.warning(f"This snapshot holds no claim “{plain(claim_id)}”.")
        end_page()
    st.html(large(found.claim))
    if suggest:
        _suggested(reviews, who, found)
    prefill(claim_id, mine)
    questions(claim_id)
    _finish(reviews, who, found)
    _change(view, mine)
    where(view, found, led_on=False)


def _next(reviews: Reviews, view: View, who: Person, which: str) -> tuple[str | None, int]:
    """The claim that the address names, else the first that is left; and how many wait."""
    url_state.remember("item", None)
    kept = st.session_state.get(_KEPT)
    asked = (view.snapshot.id, view.filters.query(), which, who.name)
    if kept is None or kept[0] != asked or not kept[1].claims:
        with st.spinner("Looking for claims …"):
            found = annotation_queue.queue(
                view.snapshot, reviews, view.filters, who.name, which, _BATCH
            )
        kept = st.session_state[_KEPT] = (asked, found)
    if (named := url_state.text("item")) is not None:
        return named, kept[1].waiting
    return next(iter(kept[1].claims), None), kept[1].waiting


def _done_with(claim_id: str) -> None:
    """Take a claim out of what is left, and go on to the next."""
    if (kept := st.session_state.get(_KEPT)) is not None and claim_id in kept[1].claims:
        left = [claim for claim in kept[1].claims if claim != claim_id]
        st.session_state[_KEPT] = (kept[0], annotation_queue.Queue(left, kept[1].waiting - 1))
    url_state.put("item", None)
    forget()


def _suggested(reviews: Reviews, who: Person, found: queries.Claim) -> None:
    """A model's answer, recorded as seen; it says so where there is none."""
    made = annotation_queue.suggestion(found.labels)
    if made is None:
        st.caption("No model has labelled this claim.")
        return
    answers.record_suggestion_seen(reviews, who, found.claim["claim_id"])
    sure = f", {made['confidence']:.0%} sure" if pd.notna(made["confidence"]) else ""
    why = f" {plain(made['rationale'])}" if pd.notna(made["rationale"]) else ""
    st.info(
        f"**Suggestion:** {codebook.name(made['label']).lower()} "
        f"({plain(made['annotator'])}{sure})."
        f"{why} That you saw it is recorded.",
        icon=":material/smart_toy:",
    )


def _finish(reviews: Reviews, who: Person, found: queries.Claim) -> None:
    """Save, or leave for later with the reason."""
    claim_id = str(found.claim["claim_id"])
    left, right = st.columns([0.35, 0.65], vertical_alignment="bottom")
    left.button(
        "Save and next",
        key=f"save {claim_id}",
        type="primary",
        icon=":material/check:",
        shortcut="Enter",
        on_click=_save,
        args=(reviews, who, found),
        width="stretch",
    )
    with right.popover("Leave for later", icon=":material/schedule:"):
        st.text_input("Why?", key=key("later", claim_id))
        st.button("Leave it", on_click=_leave, args=(reviews, who, claim_id))


def _save(reviews: Reviews, who: Person, found: queries.Claim) -> None:
    claim_id = str(found.claim["claim_id"])
    if not on_show(claim_id):
        return  # pressed twice: the first press has saved
    if value("answer", claim_id) is None:
        st.session_state[_SAID] = ("error", "Answer question A first: press 1, 2, 3, 5 or 6.")
        return
    said = read(reviews, found)
    if _by_nobody(said) and st.session_state.get(_UNNAMED) != claim_id:
        st.session_state[_UNNAMED] = claim_id
        st.session_state[_SAID] = ("error", _WHO)
        return
    try:
        answers.record(reviews, who, said)
    except ReviewError as error:
        st.session_state[_SAID] = ("error", str(error))
        return
    _done_with(claim_id)


def _by_nobody(said: answers.Answer) -> bool:
    """Whether nobody is named who disputes a contested claim: a consistency finding, so asked."""
    return bool(said.contested) and not (said.contested_by or said.evidence_url or said.rationale)


def _leave(reviews: Reviews, who: Person, claim_id: str) -> None:
    try:
        answers.record_skip(reviews, who, claim_id, value("later", claim_id) or "")
    except ReviewError as error:
        st.session_state[_SAID] = ("error", str(error))
        return
    _done_with(claim_id)


def _change(view: View, mine: Sequence[answers.Answered]) -> None:
    """The way back to one's own last answers; what is saved then is one more answer."""
    ids = list(dict.fromkeys(item.claim_id for item in reversed(mine)))[:20]
    if not ids:
        return
    found = view.listed("claims", len(ids), filters=Filters(claim=tuple(ids)))
    texts = dict(zip(found["claim_id"], found["claim"], strict=True))
    words = distinct({claim: texts[claim] for claim in ids if claim in texts})

    def go() -> None:
        if chosen := st.session_state["answer to change"]:
            url_state.put("item", chosen)
            st.session_state["answer to change"] = None

    st.selectbox(
        "Change one of your last answers",
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder="The newest first",
        key="answer to change",
        on_change=go,
    )
