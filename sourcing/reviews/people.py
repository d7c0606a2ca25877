"""Who may do what: roles, and the person on whose behalf something is written."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from sourcing.errors import RefusedError, ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import can_be_seen
from sourcing.reviews.schema import answers, decisions, people

_LONGEST = 100


class Role(IntEnum):
    """What a person may do; each may also do what those before may."""

    VIEWER = 1
    ANNOTATOR = 2
    REVIEWER = 3
    ADMIN = 4


_ACTS: dict[Role, str] = {
    Role.VIEWER: "look at this",
    Role.ANNOTATOR: "label claims or comment",
    Role.REVIEWER: "hold meetings, decide or record replies",
    Role.ADMIN: "publish",
}


@dataclass(frozen=True)
class Person:
    """Somebody who reads or writes. email: empty where there is no sign-in."""

    name: str
    role: Role
    email: str = ""

    def may(self, role: Role) -> bool:
        """Whether this person may do what the role may."""
        return self.role >= role

    def must_be(self, role: Role) -> None:
        """Raise RefusedError where this person may not do what the role may, or has no name."""
        if not self.may(role):
            raise RefusedError(
                f"{self.name or 'Nobody by name'} may not {_ACTS[role]}: the role is "
                f"{self.role.name.lower()}, {role.name.lower()} is needed. Whoever runs this "
                "dashboard gives roles in its configuration."
            )
        if not can_be_seen(self.name):
            raise RefusedError("Nobody would be on record: give a name that can be read.")


def role_of(email: str, given: Mapping[str, Sequence[str]]) -> Role | None:
    """The highest role that the configuration gives an address, by itself or by its domain.

    given: role names with addresses (`anna@example.org`) and domains (`@example.org`). Who is named
    nowhere is a viewer; but nobody (None) where there are viewers by name.
    """
    mail = email.strip().lower()
    own = {mail, f"@{mail.rpartition('@')[2]}"} if mail.count("@") == 1 else set()
    found = [
        role
        for role in Role
        if own & {item.strip().lower() for item in given.get(role.name.lower(), ())}
    ]
    nobody = None if "viewer" in given else Role.VIEWER
    return max(found, default=nobody)


def known_as(
    reviews: Reviews, email: str, name: str, others: Callable[[], Iterable[str]] = tuple
) -> str:
    """The name under which a signed-in person's work is recorded, settled at the first time.

    A name belongs to the address that used it first. One that another address has, that stands on
    record from before there was sign-in, or that is one of `others` (annotators from files), gets
    the address behind it: two people are never taken for one.
    """
    mail = email.strip().lower()
    wanted = _tidy(name) if can_be_seen(name) else email.strip()
    asked = select(people.c.name).where(people.c.email == mail)
    with reviews.reading() as con:
        if (found := con.execute(asked).scalar()) is not None:
            return str(found)
        taken = {_alike(found) for found in (*_on_record(con), *others())}
    apart = f"{wanted} ({mail})"
    for tried in (apart,) if _alike(wanted) in taken else (wanted, apart):
        row = {"email": mail, "name": tried, "first_seen_at": datetime.now(UTC)}
        try:
            with reviews.writing() as con:
                con.execute(insert(people).values(row))
        except ReviewError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            # The name is taken, or another page of this person was first.
            with reviews.reading() as con:
                if (found := con.execute(asked).scalar()) is not None:
                    return str(found)
        else:
            return tried
    raise ReviewError(f"The name {wanted} cannot be recorded for {mail}.")


def _tidy(name: str) -> str:
    """A name on one line, without marks that cannot be seen."""
    shown = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(shown.split())[:_LONGEST]


def _alike(name: str) -> str:
    """What two names have in common that a reader would take for one."""
    return unicodedata.normalize("NFKC", _tidy(name)).casefold()


def _on_record(con: Connection) -> list[str]:
    """The names of people, and of those who answered or decided before anybody signed in."""
    named = (people.c.name, answers.c.annotator, decisions.c.decided_by)
    return [row[0] for column in named for row in con.execute(select(column).distinct())]
