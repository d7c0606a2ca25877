"""Withdrawals of claims, and ends of them: only ever added, the newest of a claim holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from sourcing.errors import ConflictError, ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import must_be_claim, must_be_texts
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import NEVER, withdrawals

LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Withdrawal:
    """That a claim should no longer count, or (`back`) that it should count again, and why."""

    claim_id: str
    reason: str
    back: bool = False


@dataclass(frozen=True)
class RecordedWithdrawal(Withdrawal):
    """A withdrawal on record. number: its place among those of the claim, from 1."""

    withdrawal_id: int = 0
    number: int = 0
    decided_by: str = ""
    decided_at: datetime = NEVER


def record(
    reviews: Reviews, person: Person, withdrawal: Withdrawal, after: int
) -> RecordedWithdrawal:
    """Record a withdrawal or the end of one; it is on disk when this returns.

    after: the number of the claim's newest record that the person has seen, 0 for none. Raises
    ConflictError, with the newer record, if somebody has written since; RefusedError if the person
    is not a reviewer; ReviewError if the reason is empty or too long.
    """
    person.must_be(Role.REVIEWER)
    _check(withdrawal)
    with reviews.writing() as con:
        newest = _newest(con, withdrawal.claim_id)
        if (newest.number if newest else 0) != after:
            raise ConflictError(_conflict(newest), newest)
        row = _added(
            con,
            {
                "claim_id": withdrawal.claim_id,
                "number": after + 1,
                "reason": withdrawal.reason.strip(),
                "back": withdrawal.back,
                "decided_by": person.name,
                "decided_at": _moment(newest),
            },
        )
    if row is None:  # on PostgreSQL two writers may both see the same newest record
        newer = newest_of(reviews, withdrawal.claim_id)
        raise ConflictError(_conflict(newer), newer)
    return _recorded(row)


def newest_of(reviews: Reviews, claim_id: str) -> RecordedWithdrawal | None:
    """The newest record of a claim, which holds; None if there is none."""
    with reviews.reading() as con:
        return _newest(con, claim_id)


def every(reviews: Reviews) -> list[RecordedWithdrawal]:
    """All records, oldest first."""
    query = select(withdrawals).order_by(withdrawals.c.withdrawal_id)
    with reviews.reading() as con:
        return [_recorded(row) for row in con.execute(query)]


def count(reviews: Reviews) -> int:
    """The number of records."""
    with reviews.reading() as con:
        return int(con.execute(select(func.count()).select_from(withdrawals)).scalar_one())


def _newest(con: Connection, claim_id: str) -> RecordedWithdrawal | None:
    query = select(withdrawals).where(withdrawals.c.claim_id == claim_id)
    row = con.execute(query.order_by(withdrawals.c.number.desc()).limit(1)).first()
    return _recorded(row) if row else None


def _added(con: Connection, values: Mapping[str, Any]) -> Row[Any] | None:
    """The new row, or None if another writer has already used its number."""
    try:
        with con.begin_nested():
            return con.execute(insert(withdrawals).values(values).returning(withdrawals)).one()
    except IntegrityError:
        return None


def _moment(newest: RecordedWithdrawal | None) -> datetime:
    """Now, but later than the newest record: a snapshot goes by the time."""
    now = datetime.now(UTC)
    return now if newest is None else max(now, newest.decided_at + timedelta(microseconds=1))


def _recorded(row: Row[Any]) -> RecordedWithdrawal:
    return RecordedWithdrawal(**row._mapping)  # noqa: SLF001 (public in SQLAlchemy despite its name)


def _conflict(newest: RecordedWithdrawal | None) -> str:
    if newest is None:
        return "The record that you last saw no longer exists. Look at the claim again."
    act = "brought this claim back" if newest.back else "withdrawn this claim"
    return (
        f"{newest.decided_by} has {act} in the meantime ({newest.decided_at:%Y-%m-%d %H:%M} UTC). "
        "Nothing was recorded: look at the claim again."
    )


def _check(withdrawal: Withdrawal) -> None:
    """Raise ReviewError if a withdrawal is not valid."""
    must_be_claim(withdrawal.claim_id)
    if not any(mark.isalpha() for mark in withdrawal.reason):
        verb = "counts again" if withdrawal.back else "should not count"
        raise ReviewError(f"Say why the claim {verb}: the reason stays on record.")
    if len(withdrawal.reason.strip()) > LONGEST_REASON:
        raise ReviewError(
            f"The reason is too long: at most {LONGEST_REASON:,} characters are allowed."
        )
    must_be_texts(withdrawal.reason)
