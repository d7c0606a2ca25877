"""What publishers were asked and answered, and comments on claims: shown, and recorded."""

from datetime import date, datetime
from typing import Any

import streamlit as st

from sourcing.errors import ReviewError
from sourcing.formatting import plural
from sourcing.reviews import Person, Reviews, Role, remarks
from sourcing.reviews.remarks import Comment, Reply
from sourcing.ui import cached_reads, sign_in
from sourcing.ui.elements.markdown import plain
from sourcing.ui.person import person_if_known

_ADDED = "claim of the comment added"
_NEW = 0


def replies(source_id: str, claim_id: str | None = None) -> None:
    """What the publisher was asked on a source, or on one claim of it, and what it answered."""
    reviews = cached_reads.reviews_if_any()
    found = remarks.replies_of(reviews, source_id) if reviews else []
    shown = [item for item in found if item.claim_id == claim_id]
    if shown:
        st.header("What the publisher says", anchor=False)
    for item in shown:
        _reply(item)
    if claim_id is None and len(found) > len(shown):
        more = plural(len(found) - len(shown), "question")
        st.caption(f"On single claims of this source: {more}, shown where the claim is opened.")
    if (role := sign_in.role()) is not None and role < Role.REVIEWER:
        return
    words = "Record what the publisher was asked, or answered"
    none = "" if shown else " (nothing so far)"
    key = f"reply {source_id} {claim_id or ''}"
    opened = st.expander(words + none, key=key, on_change="rerun")
    if opened.open:
        with opened:
            _record(Reply(source_id, "", "", claim_id=claim_id), shown)


def _reply(item: Reply) -> None:
    asked = f"**Asked on {plain(item.asked_on)}:** {plain(item.asked)}"
    answer = (
        f"**Answered on {plain(item.answered_on or '')}:** {plain(item.answer)}"
        if item.answer
        else "**No answer so far.**"
    )
    with st.container(border=True):
        st.markdown(asked)
        st.markdown(answer)
        st.caption(f"Recorded by {plain(item.recorded_by)}, {item.recorded_at:%Y-%m-%d %H:%M} UTC")


def _record(about: Reply, known: list[Reply]) -> None:
    who = person_if_known()
    if who is None:
        return
    by_id = {_NEW: about, **{item.reply_id: item for item in known}}
    key = f"{about.source_id} {about.claim_id or ''}"
    chosen = st.selectbox(
        "Which",
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
            said = Reply(
                source_id=about.source_id,
                claim_id=about.claim_id,
                asked=asked,
                asked_on=_text(asked_on) or "",
                answer=answer,
                answered_on=_text(answered_on),
                supersedes=chosen or None,
            )
            _keep(lambda reviews: remarks.record_reply(reviews, who, said))


def _title(item: Reply) -> str:
    return f"{item.asked_on}: {item.asked[:80]}" if item.reply_id else "A new question"


def _keep(write: Any) -> None:
    try:
        write(cached_reads.reviews())
    except ReviewError as error:
        st.error(str(error))
    else:
        st.rerun()


def comments(claim_id: str, who: Person | None = None, meeting_id: int | None = None) -> None:
    """What people have said of a claim, and a field for more."""
    reviews: Reviews | None = cached_reads.reviews_if_any()
    found: list[Comment] = remarks.comments_on(reviews, claim_id) if reviews else []
    name = f"Comments ({len(found)})" if found else "Comments"
    key = f"comments {claim_id}"
    if st.session_state.pop(_ADDED, None) == claim_id:
        st.session_state[key] = True  # by its new name it would be another one, and folded
    opened = st.expander(name, key=key, on_change="rerun")
    if not opened.open:
        return
    with opened:
        if not found:
            st.markdown("No comment yet.")
        for item in found:
            when = f"{item.written_at:%Y-%m-%d %H:%M} UTC"
            st.markdown(f"**{plain(item.author)}**, {when}: {plain(item.text)}")
        who = who or person_if_known()
        if who is None or not who.may(Role.ANNOTATOR):
            return
        with st.form(f"comment on {claim_id} after {len(found)}", border=False):
            text = st.text_area("Your comment")
            if st.form_submit_button("Add"):
                st.session_state[_ADDED] = claim_id
                _keep(lambda held: remarks.record_comment(held, who, claim_id, text, meeting_id))


def _today() -> date:
    return datetime.now().astimezone().date()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: Any) -> str | None:
    return f"{day:%Y-%m-%d}" if day else None
