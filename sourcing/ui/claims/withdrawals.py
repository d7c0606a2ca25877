"""Withdraw a claim, bring it back, and what a claim was that is withdrawn."""

import html

import streamlit as st

from sourcing.errors import ConflictError, SourcingError
from sourcing.meetings import withdrawal_events
from sourcing.reviews import Person, Role, withdrawals
from sourcing.reviews.withdrawals import RecordedWithdrawal, Withdrawal
from sourcing.ui import cached_reads, sign_in
from sourcing.ui.blocks.amended import decided, named
from sourcing.ui.elements.commands import show_commands
from sourcing.ui.elements.figures import facts
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.person import known_person, person_if_known
from sourcing.ui.view import View
from sourcing.warehouse import amendments
from sourcing.warehouse.amendments import Above, WithdrawnClaim

_MESSAGE = "result of a withdrawal"
_GONE = (
    "For what is no claim, or stands here twice. It leaves every number once this is published, "
    "stays on record, and can be brought back."
)
_BACK = "It counts again once this is published. Both decisions stay on record."


def withdraw(view: View, claim_id: str) -> None:
    """For reviewers, a form to withdraw a claim that counts; nothing while that waits already."""
    _say_result(claim_id, "error")
    if _may_record(view) and not _waiting(view, claim_id, back=False):
        _form(claim_id, "Withdraw this claim", back=False)


def waiting_withdrawal(view: View, claim_id: str) -> None:
    """Say that a claim which counts is withdrawn as soon as that is published."""
    _say_result(claim_id, "success")
    if item := _waiting(view, claim_id, back=False):
        st.info(
            f"**Withdrawn** by {_recorded(item)} Waiting to be published on the page Review: until "
            "then, the claim counts.",
            icon=":material/schedule:",
        )
        _offer_to_take_back(view, item, "Taken back.")


def withdrawn_claim(view: View, claim_id: str) -> bool:
    """Show what a withdrawn claim was, and why it does not count. Whether there is one."""
    claim = amendments.withdrawn_claim(view.snapshot, claim_id)
    if claim is None:
        return False
    st.html(
        f'<p class="claim">{html.escape(claim.claim)}</p><span class="badge plain">Withdrawn</span>'
    )
    _say_result(claim_id, "success", "error")
    st.markdown("This claim does not count. It stays on record, with its answers and citations.")
    for above in claim.above:
        _why(above, claim)
    _facts(view, claim)
    if len(claim.above) > 1:
        st.markdown("It counts again only when all of these are back.")
    own = next((item for item in claim.above if item.table == "claims"), None)
    if own is None:
        above = claim.above[0]
        noun = above.table.removesuffix("s")
        st.markdown(f"It comes back with its {noun}:")
        show_commands(f"withdraw {above.table}", [(above.id,)], '--back --reason "why"')
    elif item := _waiting(view, claim_id, back=True):
        st.info(
            f"**Brought back** by {_recorded(item)} Waiting to be published on the page Review.",
            icon=":material/schedule:",
        )
        _offer_to_take_back(view, item, own.decided.reason)
    elif _may_record(view):
        _form(claim_id, "Bring this claim back", back=True)
    return True


def _why(above: Above, claim: WithdrawnClaim) -> None:
    """Who withdrew the claim, or what is above it, when and why."""
    subject = {
        "claims": "**The claim** was withdrawn",
        "articles": f"**Its article** “{plain(claim.title or claim.article_id)}” was withdrawn",
        "sources": f"**Its source** {named(above.name or above.id, above.id)} was withdrawn",
    }[above.table]
    st.markdown(f"{subject} {decided(above.decided)}: {plain(above.decided.reason)}")


def _facts(view: View, claim: WithdrawnClaim) -> None:
    facts(
        [
            ("Source", view.names().get(claim.source_id, claim.source)),
            ("Article", claim.title or claim.article_id),
            ("Published", claim.published or "undated"),
            ("Claim id", claim.claim_id),
        ]
    )


def _may_record(view: View) -> bool:
    """Whether the reader may withdraw claims, and looks at what is in force."""
    role = sign_in.role()
    allowed = role is None or role >= Role.REVIEWER
    return allowed and view.snapshot.id == cached_reads.warehouse().current()


def _waiting(view: View, claim_id: str, *, back: bool) -> RecordedWithdrawal | None:
    """The newest record of the claim if it waits and changes whether the claim counts."""
    reviews = cached_reads.reviews_if_any()
    if reviews is None or view.snapshot.id != cached_reads.warehouse().current():
        return None
    item = withdrawal_events.waiting(view.snapshot, reviews, claim_id)
    return item if item is not None and item.back == back else None


def _recorded(item: RecordedWithdrawal) -> str:
    return f"{plain(item.decided_by)}, {item.decided_at:%Y-%m-%d %H:%M} UTC: {plain(item.reason)}"


def _form(claim_id: str, name: str, *, back: bool) -> None:
    """A reason and a button, in an expander."""
    reviews = cached_reads.reviews_if_any()
    newest = withdrawals.newest_of(reviews, claim_id) if reviews else None
    after = newest.number if newest else 0
    key = f"withdrawal {claim_id} after {after}"
    expander = st.expander(name, key=f"{key} open", on_change="rerun")
    if not expander.open:
        return
    with expander:
        who = person_if_known("withdrawal")
        if who is None or not who.may(Role.REVIEWER):
            return
        st.markdown(_BACK if back else _GONE)

        def keep() -> None:
            reason = st.session_state[f"{key} reason"]
            _record(who, Withdrawal(claim_id, reason, back), after)

        with st.form(key, border=False):
            st.text_area("Why", key=f"{key} reason", height=80)
            st.form_submit_button("Bring back" if back else "Withdraw", on_click=keep)


def _offer_to_take_back(view: View, item: RecordedWithdrawal, reason: str) -> None:
    """A button that takes a record back which is not published yet. reason: of the new record."""
    if not _may_record(view):
        return
    who = known_person()
    if who is None:
        expander = st.expander("Take back", key=f"take back {item.claim_id}", on_change="rerun")
        if expander.open:
            with expander:
                person_if_known("withdrawal")
        return
    st.button(
        "Take back",
        key=f"take back {item.claim_id} {item.number}",
        icon=":material/undo:",
        on_click=_record,
        args=(who, Withdrawal(item.claim_id, reason, not item.back), item.number, "Taken back."),
    )


def _record(who: Person, withdrawal: Withdrawal, after: int, success: str = "") -> None:
    """Record it and keep the result for the run that follows."""
    result = ("success", success)
    try:
        withdrawals.record(cached_reads.reviews(), who, withdrawal, after)
    except SourcingError as error:
        newer = error.newer if isinstance(error, ConflictError) else None
        twice = newer is not None and (newer.number, newer.decided_by, newer.back) == (
            after + 1, who.name, withdrawal.back,
        )  # fmt: skip
        if not twice:  # else a second press of the same button
            result = ("error", str(error))
    st.session_state[_MESSAGE] = (withdrawal.claim_id, *result)


def _say_result(claim_id: str, *kinds: str) -> None:
    """Say once what became of the last click, if it is of these kinds."""
    of, kind, text = st.session_state.get(_MESSAGE, ("", "", ""))
    if of == claim_id and kind in kinds:
        del st.session_state[_MESSAGE]
        if kind == "error":
            show_error(text)
        elif text:
            st.success(text)
