"""Questions to publishers with their answers, and comments on claims."""

from datetime import date, datetime
from typing import Any

import streamlit as st

from sourcing.errors import ReviewError
from sourcing.formatting import plural
from sourcing.reviews import Person, Reviews, Role, remarks
from sourcing.reviews.remarks import Comment, Reply
from sourcing.ui import cached_reads, sign_in
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.person import person_if_known

_ADDED = "claim of the comment added"
_NEW = 0


def replies(source_id: str, claim_id: str | None = None) -> None:
    """Show and record what the publisher was asked and answered, on a source or one claim of it."""
    reviews = cached_reads.reviews_if_any()
    every_reply = remarks.replies_of(reviews, source_id) if reviews else []
    on_claim = [item for item in every_reply if item.claim_id == claim_id]
    if on_claim:
        st.header("What the publisher says", anchor=False)
    for item in on_claim:
        _reply(item)
    if claim_id is None and len(every_reply) > len(on_claim):
        more = plural(len(every_reply) - len(on_claim), "question")
        st.caption(
            f"On single claims of this source: {more}. Open a claim to see what was asked on it."
        )
    if (role := sign_in.role()) is not None and role < Role.REVIEWER:
        return
    words = "Record a question to the publisher, or its answer"
    suffix = "" if on_claim else " (none so far)"
    key = f"reply {source_id} {claim_id or ''}"
    expander = st.expander(words + suffix, key=key, on_change="rerun")
    if expander.open:
        with expander:
            _record(Reply(source_id, "", "", claim_id=claim_id), on_claim)


def _reply(item: Reply) -> None:
    question = f"**Asked on {plain(item.asked_on)}:** {plain(item.asked)}"
    answer = (
        f"**Answered on {plain(item.answered_on or '')}:** {plain(item.answer)}"
        if item.answer
        else "**No answer so far.**"
    )
    with st.container(border=True):
        st.markdown(question)
        st.markdown(answer)
        st.caption(f"Recorded by {plain(item.recorded_by)}, {item.recorded_at:%Y-%m-%d %H:%M} UTC")


def _record(about: Reply, replies_so_far: list[Reply]) -> None:
    who = person_if_known("reply")
    if who is None:
        return
    by_id = {_NEW: about, **{item.reply_id: item for item in replies_so_far}}
    key = f"{about.source_id} {about.claim_id or ''}"
    chosen = st.selectbox(
        "Question",
        list(by_id),
        format_func=lambda reply_id: _title(by_id[reply_id]),
        key=f"which reply {key}",
    )
    before = by_id[chosen]
    with st.form(f"reply {key} {chosen}", border=False):
        asked = st.text_area("What was asked", before.asked)
        answer = st.text_area("What was answered", before.answer)
        left, right = st.columns(2)
        asked_on = left.date_input("Asked on", _day(before.asked_on) or _today())
        answered_on = right.date_input("Answered on", _day(before.answered_on))
        if st.form_submit_button("Record"):
            reply = Reply(
                source_id=about.source_id,
                claim_id=about.claim_id,
                asked=asked,
                asked_on=_text(asked_on) or "",
                answer=answer,
                answered_on=_text(answered_on),
                supersedes=chosen or None,
            )
            _keep(lambda reviews: remarks.record_reply(reviews, who, reply))


def _title(item: Reply) -> str:
    return f"{item.asked_on}: {item.asked[:80]}" if item.reply_id else "A new question"


def _keep(write: Any) -> None:
    try:
        write(cached_reads.reviews())
    except ReviewError as error:
        show_error(error)
    else:
        st.rerun()


def comments(claim_id: str, who: Person | None = None, meeting_id: int | None = None) -> None:
    """The comments on a claim, and a form to add one."""
    reviews: Reviews | None = cached_reads.reviews_if_any()
    comments_so_far: list[Comment] = remarks.comments_on(reviews, claim_id) if reviews else []
    name = f"Comments ({len(comments_so_far)})" if comments_so_far else "Comments"
    key = f"comments {claim_id}"
    if st.session_state.pop(_ADDED, None) == claim_id:
        st.session_state[key] = True  # with its new label the expander would be closed
    expander = st.expander(name, key=key, on_change="rerun")
    if not expander.open:
        return
    with expander:
        if not comments_so_far:
            st.markdown("No comment yet.")
        for item in comments_so_far:
            when = f"{item.written_at:%Y-%m-%d %H:%M} UTC"
            st.markdown(f"**{plain(item.author)}**, {when}: {plain(item.text)}")
        who = who or person_if_known("comment")
        if who is None or not who.may(Role.ANNOTATOR):
            return
        with st.form(f"comment on {claim_id} after {len(comments_so_far)}", border=False):
            text = st.text_area("Your comment")
            if st.form_submit_button("Add"):
                st.session_state[_ADDED] = claim_id
                _keep(
                    lambda reviews: remarks.record_comment(reviews, who, claim_id, text, meeting_id)
                )


def _today() -> date:
    return datetime.now().astimezone().date()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: Any) -> str | None:
    return f"{day:%Y-%m-%d}" if day else None
