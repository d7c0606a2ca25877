"""Meetings: their plan, participants, snapshot and agenda."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from sourcing.codebook import CODEBOOK_VERSION
from sourcing.errors import ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import can_be_seen, must_be_claim, must_be_day, must_be_texts
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import agenda_items, meeting_versions, meetings, visits

_MOST_ITEMS = 500


@dataclass(frozen=True)
class Plan:
    """The part of a meeting that can be changed. minutes: the time planned for it."""

    title: str
    held_on: str
    chair: str
    participants: tuple[str, ...] = ()
    notes: str = ""
    minutes: int = 45
    closed: bool = False

    def everybody(self) -> list[str]:
        """Who takes part, the chair first, each once."""
        return list(dict.fromkeys((self.chair, *self.participants)))


@dataclass(frozen=True)
class Meeting:
    """A meeting in its newest version. snapshot_id: the snapshot under review, which is kept."""

    meeting_id: int
    snapshot_id: str
    codebook_version: str
    created_at: datetime
    created_by: str
    plan: Plan


@dataclass(frozen=True)
class Item:
    """One claim on the agenda. movable: how far a decision could move a share (0–1), if known."""

    claim_id: str
    reason: str
    movable: float | None = None


def create(reviews: Reviews, person: Person, plan: Plan, snapshot_id: str) -> int:
    """Record a meeting and return its number. Raises as `decisions.record` does."""
    person.must_be(Role.REVIEWER)
    check(plan)
    now = datetime.now(UTC)
    with reviews.writing() as con:
        meeting_id: int = con.execute(
            insert(meetings)
            .values(
                created_at=now,
                created_by=person.name,
                snapshot_id=snapshot_id,
                codebook_version=CODEBOOK_VERSION,
            )
            .returning(meetings.c.meeting_id)
        ).scalar_one()
        _add_version(con, meeting_id, person, plan)
    return meeting_id


def change(reviews: Reviews, person: Person, meeting_id: int, plan: Plan) -> None:
    """Change the plan of a meeting; the earlier plan stays on record."""
    person.must_be(Role.REVIEWER)
    check(plan)
    with reviews.writing() as con:
        _add_version(con, meeting_id, person, plan)


def close(reviews: Reviews, person: Person, meeting_id: int) -> None:
    """Record that a meeting is over."""
    person.must_be(Role.REVIEWER)
    change(reviews, person, meeting_id, replace(find(reviews, meeting_id).plan, closed=True))


def every(reviews: Reviews) -> list[Meeting]:
    """All meetings, the newest first."""
    newest = select(func.max(meeting_versions.c.version_id)).group_by(meeting_versions.c.meeting_id)
    query = (
        select(meetings, *(meeting_versions.c[field.name] for field in fields(Plan)))
        .join(meeting_versions, meeting_versions.c.meeting_id == meetings.c.meeting_id)
        .where(meeting_versions.c.version_id.in_(newest))
        .order_by(meetings.c.meeting_id.desc())
    )
    with reviews.reading() as con:
        rows = con.execute(query).mappings().all()
    return [
        Meeting(
            meeting_id=row["meeting_id"],
            snapshot_id=row["snapshot_id"],
            codebook_version=row["codebook_version"],
            created_at=row["created_at"],
            created_by=row["created_by"],
            plan=Plan(
                **{field.name: row[field.name] for field in fields(Plan)}
                | {"participants": tuple(row["participants"])}
            ),
        )
        for row in rows
    ]


def find(reviews: Reviews, meeting_id: int) -> Meeting:
    """One meeting. Raises ReviewError if there is no meeting with this number."""
    for meeting in every(reviews):
        if meeting.meeting_id == meeting_id:
            return meeting
    raise ReviewError(f"There is no meeting {meeting_id}. Choose one on the page Review.")


def add_items(reviews: Reviews, person: Person, meeting_id: int, items: Sequence[Item]) -> int:
    """Append claims to the agenda; returns how many were added or put back.

    A claim that was taken off returns to its old place.
    """
    person.must_be(Role.REVIEWER)
    for item in items:
        must_be_claim(item.claim_id)
    now = datetime.now(UTC)
    with reviews.writing() as con:
        # On PostgreSQL the next writer waits here and then sees what this one added.
        con.execute(
            select(meetings.c.meeting_id).filter_by(meeting_id=meeting_id).with_for_update()
        )
        claims = _claims(con, meeting_id)
        removed_claims = set(claims) - set(_on_agenda(con, meeting_id))
        new = {item.claim_id: item for item in items if item.claim_id not in claims}
        if len(claims) + len(new) > _MOST_ITEMS:
            raise ReviewError(f"An agenda has at most {_MOST_ITEMS} items. Plan another meeting.")
        if new:
            rows = [
                {
                    "meeting_id": meeting_id,
                    "claim_id": item.claim_id,
                    "place": len(claims) + place,
                    "reason": item.reason,
                    "movable": item.movable,
                    "added_at": now,
                    "added_by": person.name,
                }
                for place, item in enumerate(new.values(), 1)
            ]
            con.execute(insert(agenda_items), rows)
        restored_claims = dict.fromkeys(
            item.claim_id for item in items if item.claim_id in removed_claims
        )
        for claim_id in restored_claims:
            _visit(con, person, meeting_id, claim_id, "restored")
    return len(new) + len(restored_claims)


def record_visit(
    reviews: Reviews, person: Person, meeting_id: int, claim_id: str, kind: str
) -> None:
    """Record that an item was shown, skipped, removed from the agenda or restored to it."""
    person.must_be(Role.REVIEWER)
    with reviews.writing() as con:
        if claim_id not in _claims(con, meeting_id):
            raise ReviewError("This claim is not on the agenda of the meeting.")
        _visit(con, person, meeting_id, claim_id, kind)


def agenda(reviews: Reviews, meeting_id: int) -> list[Item]:
    """The items on the agenda in order, without those taken off."""
    query = (
        select(agenda_items)
        .where(agenda_items.c.meeting_id == meeting_id)
        .order_by(agenda_items.c.place, agenda_items.c.item_id)
    )
    with reviews.reading() as con:
        on_agenda = set(_on_agenda(con, meeting_id))
        rows = con.execute(query).mappings().all()
    return [
        Item(row["claim_id"], row["reason"], row["movable"])
        for row in rows
        if row["claim_id"] in on_agenda
    ]


def removed(reviews: Reviews, meeting_id: int) -> list[str]:
    """Claims taken off the agenda and not put back."""
    with reviews.reading() as con:
        on_agenda = set(_on_agenda(con, meeting_id))
        return [claim for claim in _claims(con, meeting_id) if claim not in on_agenda]


def planned_elsewhere(reviews: Reviews, meeting_id: int) -> list[str]:
    """Claims on the agendas of other meetings that are not over yet."""
    others = [
        meeting.meeting_id
        for meeting in every(reviews)
        if meeting.meeting_id != meeting_id and not meeting.plan.closed
    ]
    with reviews.reading() as con:
        return list(dict.fromkeys(claim for other in others for claim in _on_agenda(con, other)))


def visited(reviews: Reviews, meeting_id: int) -> list[tuple[str, str, datetime]]:
    """The visits to items: claim_id, kind and time, oldest first."""
    query = (
        select(visits.c.claim_id, visits.c.kind, visits.c.visited_at)
        .where(visits.c.meeting_id == meeting_id)
        .order_by(visits.c.visit_id)
    )
    with reviews.reading() as con:
        return [(row[0], row[1], row[2]) for row in con.execute(query)]


def _claims(con: Connection, meeting_id: int) -> list[str]:
    query = select(agenda_items.c.claim_id).where(agenda_items.c.meeting_id == meeting_id)
    return [row[0] for row in con.execute(query.order_by(agenda_items.c.place))]


def _on_agenda(con: Connection, meeting_id: int) -> list[str]:
    """Claims on the agenda, without those removed and not restored since."""
    query = (
        select(visits.c.claim_id, visits.c.kind)
        .where(visits.c.meeting_id == meeting_id, visits.c.kind.in_(("removed", "restored")))
        .order_by(visits.c.visit_id)
    )
    last = {row[0]: row[1] for row in con.execute(query)}
    return [claim for claim in _claims(con, meeting_id) if last.get(claim) != "removed"]


def _visit(con: Connection, person: Person, meeting_id: int, claim_id: str, kind: str) -> None:
    con.execute(
        insert(visits).values(
            meeting_id=meeting_id,
            claim_id=claim_id,
            kind=kind,
            visited_at=datetime.now(UTC),
            visited_by=person.name,
        )
    )


def _add_version(con: Connection, meeting_id: int, person: Person, plan: Plan) -> None:
    values = {field.name: getattr(plan, field.name) for field in fields(Plan)}
    values["participants"] = list(plan.participants)
    con.execute(
        insert(meeting_versions).values(
            meeting_id=meeting_id,
            recorded_at=datetime.now(UTC),
            recorded_by=person.name,
            **values,
        )
    )


def check(plan: Plan) -> None:
    """Raise ReviewError if a plan is not valid."""
    if not can_be_seen(plan.title):
        raise ReviewError("A meeting needs a title, such as “Review of May”.")
    if not can_be_seen(plan.chair):
        raise ReviewError("A meeting needs a chair.")
    must_be_texts(plan.title, plan.chair, plan.notes, *plan.participants)
    must_be_day(plan.held_on)
    if not 1 <= plan.minutes <= 24 * 60:
        raise ReviewError("The time planned must be between 1 minute and 24 hours.")
