"""Decisions of review meetings: only ever added, and taken back by a further decision."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from sourcing.codebook import (
    ANSWERS,
    CODEBOOK_VERSION,
    DISAGREEMENT_CAUSES,
    NEEDS_SOURCE,
    Attribution,
    Label,
    name,
)
from sourcing.errors import ConflictError, ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.drafts import end_draft, meeting_page
from sourcing.reviews.field_rules import must_be_claim, must_be_texts, must_be_web_address
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import (
    NEVER,
    decisions,
    meeting_versions,
)


@dataclass(frozen=True)
class Decision:
    """What a meeting decides on one claim.

    label: one of the four, not_a_claim or cannot_say; None takes the earlier decisions back.
    attribution and contested_by: where a contested claim comes from and who disputes it; they are
    stored only with the label contested.
    """

    claim_id: str
    label: str | None
    rationale: str = ""
    attribution: str | None = None
    needs_source: str | None = None
    evidence_url: str | None = None
    contested_by: str | None = None
    present: tuple[str, ...] = ()
    dissent: str = ""
    cause: str | None = None
    guideline_gap: bool = False
    guideline_note: str = ""
    meeting_id: int | None = None


@dataclass(frozen=True)
class Decided(Decision):
    """A recorded decision. number: its place among the decisions on the claim, from 1."""

    decision_id: int = 0
    number: int = 0
    decided_by: str = ""
    decided_at: datetime = NEVER
    codebook_version: str = CODEBOOK_VERSION
    supersedes: int | None = None


_FIELDS = fields(Decision)


def record(
    reviews: Reviews, person: Person, decision: Decision, after: int, majority: str | None = None
) -> Decided:
    """Record a decision, which ends the person's draft; it is on disk when this returns.

    after: the number of the claim's newest decision that the person has seen, 0 for none.
    majority: the answer of a strict majority of the annotators; overruling it requires a rationale.
    Raises ConflictError, with the newer decision, if somebody has decided since; RefusedError if
    the person is not a reviewer; ReviewError if the decision is not valid.
    """
    person.must_be(Role.REVIEWER)
    return _recorded(reviews, person, decision, after, majority)


def _recorded(
    reviews: Reviews,
    person: Person,
    decision: Decision,
    after: int,
    majority: str | None = None,
    *,
    ends_draft: bool = True,
) -> Decided:
    _check(decision, majority)
    if decision.label != Label.CONTESTED:
        decision = replace(decision, attribution=None, contested_by=None)
    with reviews.writing() as con:
        newest = _newest(con, decision.claim_id)
        if (newest.number if newest else 0) != after:
            raise ConflictError(_conflict(newest), newest)
        if decision.meeting_id is not None:
            _must_be_open(con, decision.meeting_id)
        if newest is None and decision.label is None:
            raise ReviewError("There is no decision on this claim to take back.")
        values = {
            **{field.name: getattr(decision, field.name) for field in _FIELDS},
            "present": list(decision.present),
            "number": after + 1,
            "decided_by": person.name,
            "decided_at": _moment(newest),
            "codebook_version": CODEBOOK_VERSION,
            "supersedes": newest.decision_id if newest else None,
        }
        row = _added(con, values)
        if ends_draft and row is not None and decision.meeting_id is not None:
            page = meeting_page(decision.meeting_id)
            end_draft(con, page, decision.claim_id, person.name)
    if row is None:  # on PostgreSQL two writers may both see the same newest decision
        newer = newest_of(reviews, decision.claim_id)
        raise ConflictError(_conflict(newer), newer)
    return _decided(row)


def take_back(
    reviews: Reviews,
    person: Person,
    claim_id: str,
    after: int,
    why: str,
    loaded: Decision | None = None,
) -> Decided:
    """Undo the newest decision by a further one, which restores the one before it.

    after: as in `record`. loaded: the decision from files that held before the first one here.
    """
    person.must_be(Role.REVIEWER)
    past = history(reviews, claim_id)
    if not past:
        raise ReviewError("There is no decision on this claim to take back.")
    before = loaded or Decision(claim_id, None)
    if len(past) > 1:
        before = Decision(**{field.name: getattr(past[-2], field.name) for field in _FIELDS})
    restored = replace(
        before, rationale=why.strip() or "Taken back.", meeting_id=past[-1].meeting_id
    )
    # What is typed for the next decision on the claim stays.
    return _recorded(reviews, person, restored, after, ends_draft=False)


def history(reviews: Reviews, claim_id: str) -> list[Decided]:
    """All decisions on a claim, oldest first."""
    query = select(decisions).where(decisions.c.claim_id == claim_id).order_by(decisions.c.number)
    with reviews.reading() as con:
        return [_decided(row) for row in con.execute(query)]


def newest_of(reviews: Reviews, claim_id: str) -> Decided | None:
    """The newest decision on a claim, which holds; None if there is none."""
    with reviews.reading() as con:
        return _newest(con, claim_id)


def every(reviews: Reviews, meeting_id: int | None = None) -> list[Decided]:
    """All decisions (of one meeting), oldest first."""
    query = select(decisions).order_by(decisions.c.decision_id)
    if meeting_id is not None:
        query = query.where(decisions.c.meeting_id == meeting_id)
    with reviews.reading() as con:
        return [_decided(row) for row in con.execute(query)]


def standing(reviews: Reviews, meeting_id: int | None = None) -> dict[str, Decided]:
    """The decisions that hold (if made in the meeting given), by claim; none taken back."""
    newest = {item.claim_id: item for item in every(reviews)}
    return {
        claim: item
        for claim, item in newest.items()
        if item.label is not None and meeting_id in (None, item.meeting_id)
    }


def count(reviews: Reviews) -> int:
    """The number of decisions."""
    with reviews.reading() as con:
        return int(con.execute(select(func.count()).select_from(decisions)).scalar_one())


def _newest(con: Connection, claim_id: str) -> Decided | None:
    query = select(decisions).where(decisions.c.claim_id == claim_id)
    row = con.execute(query.order_by(decisions.c.number.desc()).limit(1)).first()
    return _decided(row) if row else None


def _added(con: Connection, values: Mapping[str, Any]) -> Row[Any] | None:
    """The new row, or None if another writer has already used its number."""
    try:
        with con.begin_nested():
            return con.execute(insert(decisions).values(values).returning(decisions)).one()
    except IntegrityError:
        return None


def _must_be_open(con: Connection, meeting_id: int) -> None:
    versions = meeting_versions.c
    query = select(versions.closed).where(versions.meeting_id == meeting_id)
    closed = con.execute(query.order_by(versions.version_id.desc()).limit(1)).scalar()
    if closed is None:
        raise ReviewError(f"There is no meeting {meeting_id}.")
    if closed:
        raise ReviewError("This meeting is closed. Reopen it on the page Review to continue.")


def _moment(newest: Decided | None) -> datetime:
    """Now, but later than the newest decision: times must be in the order of numbers."""
    now = datetime.now(UTC)
    return now if newest is None else max(now, newest.decided_at + timedelta(microseconds=1))


def _decided(row: Row[Any]) -> Decided:
    values = dict(row._mapping)  # noqa: SLF001 (public in SQLAlchemy despite its name)
    return Decided(**{**values, "present": tuple(values["present"])})


def _conflict(newest: Decided | None) -> str:
    if newest is None:
        return "The decision that you last saw no longer exists. Look at the claim again."
    label = name(newest.label).lower() if newest.label else "taken back"
    return (
        f"{newest.decided_by} has decided this claim in the meantime ({label}, "
        f"{newest.decided_at:%Y-%m-%d %H:%M} UTC). Nothing was overwritten: look at that decision, "
        "then decide again if necessary."
    )


def _check(decision: Decision, majority: str | None) -> None:
    """Raise ReviewError if a decision is not valid."""
    if decision.label not in (None, *ANSWERS):
        raise ReviewError(f"{decision.label!r} is not a label. Labels: {', '.join(ANSWERS)}.")
    if decision.cause not in (None, *DISAGREEMENT_CAUSES):
        raise ReviewError(
            f"{decision.cause!r} is not a cause. Causes: {', '.join(DISAGREEMENT_CAUSES)}."
        )
    if decision.attribution not in (None, *map(str, Attribution)):
        raise ReviewError(
            f"{decision.attribution!r} is not an attribution. "
            f"Attributions: {', '.join(Attribution)}."
        )
    if decision.needs_source not in (None, *NEEDS_SOURCE):
        raise ReviewError("Whether a claim needs a source must be yes, no or unsure.")
    must_be_claim(decision.claim_id)
    must_be_texts(
        decision.rationale, decision.dissent, decision.guideline_note,
        decision.contested_by, decision.evidence_url, *decision.present,
    )  # fmt: skip
    must_be_web_address(decision.evidence_url)
    overrules = majority is not None and decision.label not in (None, majority)
    if overrules and not any(mark.isalpha() for mark in decision.rationale):
        raise ReviewError(
            f"Most annotators said {name(str(majority)).lower()}. Say why the decision differs."
        )
