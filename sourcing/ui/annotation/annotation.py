"""Annotate one claim after another with the codebook's two questions."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.errors import SourcingError
from sourcing.filters import Filters
from sourcing.formatting import plural
from sourcing.meetings import annotation_queue
from sourcing.reviews import Person, Reviews, Role, answers, drafts
from sourcing.ui import url_state
from sourcing.ui.annotation.questions import (
    filled,
    forget,
    key,
    on_show,
    prefill,
    questions,
    read,
    value,
)
from sourcing.ui.claims.claim_sheet import large, where
from sourcing.ui.elements.markdown import distinct, plain
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.view import View, end_page
from sourcing.warehouse import queries

_BATCH = 50
_MESSAGE, _QUEUE, _UNNAMED_DISPUTE = "annotation said", "claims to annotate", "dispute by nobody"

_ASK_WHO = (
    "Who disputes it, or where? Enter it under “By whom”, as evidence or as rationale, or save "
    "again to leave it open."
)


def annotate(reviews: Reviews, view: View, who: Person) -> None:
    """Annotate the claim in the address, by default the next one of the chosen queue."""
    if message := st.session_state.pop(_MESSAGE, None):
        show_error(message[1]) if message[0] == "error" else st.success(plain(message[1]))
    if not who.may(Role.ANNOTATOR):
        st.info(
            "You may read, but not label. Ask the administrator of this dashboard for the role."
        )
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
    mine = answers.of_annotator(reviews, who.name)
    claim_id, waiting = _next(reviews, view, who, which)
    st.caption(
        f"You have given {plural(len(mine), 'answer')}. "
        f"{plural(waiting, 'claim')} left in this list."
    )
    if claim_id is None:
        st.info("**No claims left in this list.** Choose another list above or change the filters.")
        _change(view, mine)
        end_page()
    details = queries.claim(view.snapshot, claim_id)
    if details is None:
        st.warning(f"This snapshot holds no claim “{plain(claim_id)}”.")
        end_page()
    st.html(large(details.claim))
    if suggest:
        _suggested(reviews, who, details)
    prefill(claim_id, mine, drafts.of(reviews, who, drafts.ANNOTATE, claim_id))
    questions(claim_id, lambda: _keep(reviews, who, claim_id))
    _finish(reviews, who, details)
    _change(view, mine)
    where(view, details, with_links=False)


def _keep(reviews: Reviews, who: Person, claim_id: str) -> None:
    """Keep what is filled in as a draft."""
    if not on_show(claim_id):
        return  # saved in the same moment
    try:
        drafts.save(reviews, who, drafts.ANNOTATE, claim_id, filled(claim_id))
    except SourcingError as error:
        st.session_state[_MESSAGE] = ("error", str(error))


def _next(reviews: Reviews, view: View, who: Person, which: str) -> tuple[str | None, int]:
    """The claim in the address, by default the first of the queue; and how many are waiting."""
    url_state.remember("item", None)
    state = st.session_state.get(_QUEUE)
    request = (view.snapshot.id, view.filters.query(), which, who.name)
    if state is None or state[0] != request or not state[1].claims:
        with st.spinner("Looking for claims …"):
            queue = annotation_queue.queue(
                view.snapshot, reviews, view.filters, who.name, which, _BATCH
            )
        state = st.session_state[_QUEUE] = (request, queue)
    if (claim_id := url_state.text("item")) is not None:
        return claim_id, state[1].waiting
    return next(iter(state[1].claims), None), state[1].waiting


def _done_with(claim_id: str) -> None:
    """Remove a claim from the queue, and go on to the next."""
    if (state := st.session_state.get(_QUEUE)) is not None and claim_id in state[1].claims:
        remaining = [claim for claim in state[1].claims if claim != claim_id]
        st.session_state[_QUEUE] = (
            state[0],
            annotation_queue.Queue(remaining, state[1].waiting - 1),
        )
    url_state.put("item", None)
    forget()


def _suggested(reviews: Reviews, who: Person, details: queries.Claim) -> None:
    """Show a model's answer and record that it was seen; says if there is none."""
    suggested = annotation_queue.suggestion(details.labels)
    if suggested is None:
        st.caption("No model has labelled this claim.")
        return
    answers.record_suggestion_seen(reviews, who, details.claim["claim_id"])
    sure = f", {suggested['confidence']:.0%} sure" if pd.notna(suggested["confidence"]) else ""
    why = f" {plain(suggested['rationale'])}" if pd.notna(suggested["rationale"]) else ""
    st.info(
        f"**Suggestion:** {codebook.name(suggested['label']).lower()} "
        f"({plain(suggested['annotator'])}{sure})."
        f"{why} It is recorded that you saw it.",
        icon=":material/smart_toy:",
    )


def _finish(reviews: Reviews, who: Person, details: queries.Claim) -> None:
    """The buttons to save, or to leave the claim for later with a reason."""
    claim_id = str(details.claim["claim_id"])
    left, right = st.columns([0.35, 0.65], vertical_alignment="bottom")
    left.button(
        "Save and next",
        key=f"save {claim_id}",
        type="primary",
        icon=":material/check:",
        shortcut="Enter",
        on_click=_save,
        args=(reviews, who, details),
        width="stretch",
    )
    with right.popover("Leave for later", icon=":material/schedule:"):
        st.text_input("Why?", key=key("later", claim_id))
        st.button("Leave it", on_click=_leave, args=(reviews, who, claim_id))


def _save(reviews: Reviews, who: Person, details: queries.Claim) -> None:
    claim_id = str(details.claim["claim_id"])
    if not on_show(claim_id):
        return  # pressed twice: the first press saved
    if value("answer", claim_id) is None:
        st.session_state[_MESSAGE] = ("error", "Answer question A first: press 1, 2, 3, 5 or 6.")
        return
    answer = read(reviews, details)
    if _lacks_disputant(answer) and st.session_state.get(_UNNAMED_DISPUTE) != claim_id:
        st.session_state[_UNNAMED_DISPUTE] = claim_id
        st.session_state[_MESSAGE] = ("error", _ASK_WHO)
        return
    try:
        answers.record(reviews, who, answer)
    except SourcingError as error:
        st.session_state[_MESSAGE] = ("error", str(error))
        return
    _done_with(claim_id)


def _lacks_disputant(answer: answers.Answer) -> bool:
    """Whether a contested claim lacks who disputes it, which would be a consistency finding."""
    return bool(answer.contested) and not (
        answer.contested_by or answer.evidence_url or answer.rationale
    )


def _leave(reviews: Reviews, who: Person, claim_id: str) -> None:
    try:
        answers.record_skip(reviews, who, claim_id, value("later", claim_id) or "")
    except SourcingError as error:
        st.session_state[_MESSAGE] = ("error", str(error))
        return
    _done_with(claim_id)


def _change(view: View, mine: Sequence[answers.Answered]) -> None:
    """A list of the annotator's last answers, to give a new answer to one of those claims."""
    ids = list(dict.fromkeys(item.claim_id for item in reversed(mine)))[:20]
    if not ids:
        return
    frame = view.listed("claims", len(ids), filters=Filters(claim=tuple(ids)))
    texts = dict(zip(frame["claim_id"], frame["claim"], strict=True))
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
        placeholder="Newest first",
        key="answer to change",
        on_change=go,
    )
