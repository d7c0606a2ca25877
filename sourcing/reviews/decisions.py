"""Decisions of review meetings: added, never changed; taken back by one more decision."""

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
    attribution and contested_by: where a contested claim comes from, and who disputes it; of
    other claims they are not kept, as the label says the one and there is no dispute.
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
    """A decision as it was recorded; number counts those of its claim, from 1."""

    decision_id: int = 0
    number: int = 0
    decided_by: str = ""
    decided_at: datetime = NEVER
    codebook_version: str = CODEBOOK_VERSION
    supersedes: int | None = None


_SAID = fields(Decision)


def record(
    reviews: Reviews, person: Person, decision: Decision, after: int, majority: str | None = None
) -> Decided:
    """Record a decision; it is on disk when this returns.

    after: the number of the claim's newest decision that the person has seen, 0 for none.
    majority: the answer that a strict majority of the annotators gave, which a decision overrules
    with a rationale only. Raises ConflictError, with the newer decision, where somebody has decided
    since; RefusedError where the person is no reviewer; ReviewError where the decision cannot be
    used.
    """
    person.must_be(Role.REVIEWER)
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
            raise ReviewError("There is no decision on this claim that could be taken back.")
        values = {
            **{field.name: getattr(decision, field.name) for field in _SAID},
            "present": list(decision.present),
            "number": after + 1,
            "decided_by": person.name,
            "decided_at": _moment(newest),
            "codebook_version": CODEBOOK_VERSION,
            "supersedes": newest.decision_id if newest else None,
        }
        found = _added(con, values)
    if found is None:  # on PostgreSQL two writers may both have seen the same newest one
        seen = newest_of(reviews, decision.claim_id)
        raise ConflictError(_conflict(seen), seen)
    return _decided(found)


def take_back(
    reviews: Reviews,
    person: Person,
    claim_id: str,
    after: int,
    why: str,
    loaded: Decision | None = None,
) -> Decided:
    """Undo the newest decision by one more: what held before it holds again; `after` as above.

    loaded: the decision that files had brought, which held before the first one here.
    """
    known = history(reviews, claim_id)
    if not known:
        raise ReviewError("There is no decision on this claim that could be taken back.")
    before = loaded or Decision(claim_id, None)
    if len(known) > 1:
        before = Decision(**{field.name: getattr(known[-2], field.name) for field in _SAID})
    again = replace(before, rationale=why.strip() or "Taken back.", meeting_id=known[-1].meeting_id)
    return record(reviews, person, again, after)


def history(reviews: Reviews, claim_id: str) -> list[Decided]:
    """All decisions on a claim, oldest first."""
    asked = select(decisions).where(decisions.c.claim_id == claim_id).order_by(decisions.c.number)
    with reviews.reading() as con:
        return [_decided(row) for row in con.execute(asked)]


def newest_of(reviews: Reviews, claim_id: str) -> Decided | None:
    """The decision that holds; None where nobody has decided."""
    with reviews.reading() as con:
        return _newest(con, claim_id)


def every(reviews: Reviews, meeting_id: int | None = None) -> list[Decided]:
    """All decisions (of one meeting), in the order in which they were made."""
    asked = select(decisions).order_by(decisions.c.decision_id)
    if meeting_id is not None:
        asked = asked.where(decisions.c.meeting_id == meeting_id)
    with reviews.reading() as con:
        return [_decided(row) for row in con.execute(asked)]


def standing(reviews: Reviews, meeting_id: int | None = None) -> dict[str, Decided]:
    """By claim, the decision that holds (and was made in one meeting), without any taken back."""
    newest = {item.claim_id: item for item in every(reviews)}
    return {
        claim: item
        for claim, item in newest.items()
        if item.label is not None and meeting_id in (None, item.meeting_id)
    }


def count(reviews: Reviews) -> int:
    """How many decisions there are."""
    with reviews.reading() as con:
        return int(con.execute(select(func.count()).select_from(decisions)).scalar_one())


def _newest(con: Connection, claim_id: str) -> Decided | None:
    asked = select(decisions).where(decisions.c.claim_id == claim_id)
    found = con.execute(asked.order_by(decisions.c.number.desc()).limit(1)).first()
    return _decided(found) if found else None


def _added(con: Connection, values: Mapping[str, Any]) -> Row[Any] | None:
    """The row, or None where another writer was first with this number."""
    try:
        with con.begin_nested():
            return con.execute(insert(decisions).values(values).returning(decisions)).one()
    except IntegrityError:
        return None


def _must_be_open(con: Connection, meeting_id: int) -> None:
    versions = meeting_versions.c
    asked = select(versions.closed).where(versions.meeting_id == meeting_id)
    closed = con.execute(asked.order_by(versions.version_id.desc()).limit(1)).scalar()
    if closed is None:
        raise ReviewError(f"There is no meeting {meeting_id}.")
    if closed:
        raise ReviewError("This meeting is over. Open it again on the page Review to go on.")


def _moment(newest: Decided | None) -> datetime:
    """Now, but after the decision before: the newest by time must be the newest by number."""
    now = datetime.now(UTC)
    return now if newest is None else max(now, newest.decided_at + timedelta(microseconds=1))


def _decided(row: Row[Any]) -> Decided:
    values = dict(row._mapping)  # noqa: SLF001 (public in SQLAlchemy, in spite of its name)
    return Decided(**{**values, "present": tuple(values["present"])})


def _conflict(newest: Decided | None) -> str:
    if newest is None:
        return "The decision that this one was to follow is not there. Look at the claim again."
    said = name(newest.label).lower() if newest.label else "taken back"
    return (
        f"{newest.decided_by} has decided this claim in the meantime ({said}, "
        f"{newest.decided_at:%Y-%m-%d %H:%M} UTC). Nothing was overwritten: look at that decision, "
        "then decide again if need be."
    )


def _check(decision: Decision, majority: str | None) -> None:
    """Raise ReviewError where a decision cannot be used as it is."""
    if decision.label not in (None, *ANSWERS):
        raise ReviewError(f"{decision.label!r} is no label. Labels: {', '.join(ANSWERS)}.")
    if decision.cause not in (None, *DISAGREEMENT_CAUSES):
        raise ReviewError(
            f"{decision.cause!r} is no cause. Causes: {', '.join(DISAGREEMENT_CAUSES)}."
        )
    if decision.attribution not in (None, *map(str, Attribution)):
        raise ReviewError(f"{decision.attribution!r} is no attribution.")
    if decision.needs_source not in (None, *NEEDS_SOURCE):
        raise ReviewError("Whether a claim needs a source is yes, no or unsure.")
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
