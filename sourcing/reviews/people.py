"""Roles, the people who hold them, and the names under which work is recorded."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from sourcing.errors import RefusedError, ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import can_be_seen
from sourcing.reviews.schema import answers, decisions, people, withdrawals

_LONGEST = 100


class Role(IntEnum):
    """What a person may do; each role includes the ones before it."""

    VIEWER = 1
    ANNOTATOR = 2
    REVIEWER = 3
    ADMIN = 4


_ACTS: dict[Role, str] = {
    Role.VIEWER: "look at this",
    Role.ANNOTATOR: "label claims or comment",
    Role.REVIEWER: "hold meetings, decide, withdraw claims or record replies",
    Role.ADMIN: "publish",
}


@dataclass(frozen=True)
class Person:
    """A reader or writer. email: empty without sign-in.

    role: as the page was drawn. role_now: reads the role anew, None for no access; a page may stay
    open for hours after the role was taken away.
    """

    name: str
    role: Role
    email: str = ""
    role_now: Callable[[], Role | None] | None = field(default=None, compare=False, repr=False)

    def may(self, role: Role) -> bool:
        """Whether the page may offer what needs this role; writing asks `must_be`."""
        return self.role >= role

    def must_be(self, role: Role) -> None:
        """Raise RefusedError if this person has no name, or now lacks the role or a higher one."""
        held = self.role if self.role_now is None else self.role_now()
        if held is None or held < role:
            theirs = "they have none" if held is None else f"theirs is {held.name.lower()}"
            raise RefusedError(
                f"{self.name or 'This person'} may not {_ACTS[role]}: that needs the role "
                f"{role.name.lower()}, and {theirs}. Nothing was recorded. The administrator "
                "of this dashboard assigns roles in its configuration."
            )
        if not can_be_seen(self.name):
            raise RefusedError("Enter a name that can be read: it goes on record.")


def role_of(email: str, roles: Mapping[str, Sequence[str]]) -> Role | None:
    """The highest role that the configuration gives an email address, or its domain.

    roles: role names with addresses (`anna@example.org`) and domains (`@example.org`). An address
    that is not listed is a viewer, but has no role (None) if the configuration lists viewers.
    """
    mail = email.strip().lower()
    names = {mail, f"@{mail.rpartition('@')[2]}"} if mail.count("@") == 1 else set()
    matches = [
        role
        for role in Role
        if names & {item.strip().lower() for item in roles.get(role.name.lower(), ())}
    ]
    default = None if "viewer" in roles else Role.VIEWER
    return max(matches, default=default)


def recorded_name(
    reviews: Reviews, email: str, name: str, others: Callable[[], Iterable[str]] = tuple
) -> str:
    """The name under which a signed-in person's work is recorded, fixed at the first sign-in.

    A name belongs to the address that used it first. If it is already taken by another address, by
    earlier records without sign-in, or by one of `others` (annotators from files), the address is
    added to it, so two people are never mistaken for one.
    """
    mail = email.strip().lower()
    chosen = _tidy(name) if can_be_seen(name) else email.strip()
    query = select(people.c.name).where(people.c.email == mail)
    with reviews.reading() as con:
        if (recorded := con.execute(query).scalar()) is not None:
            return str(recorded)
        taken = {_alike(recorded) for recorded in (*_on_record(con), *others())}
    with_address = f"{chosen} ({mail})"
    for candidate in (with_address,) if _alike(chosen) in taken else (chosen, with_address):
        row = {"email": mail, "name": candidate, "first_seen_at": datetime.now(UTC)}
        try:
            with reviews.writing() as con:
                con.execute(insert(people).values(row))
        except ReviewError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            # The name is taken, or another page of the same person was faster.
            with reviews.reading() as con:
                if (recorded := con.execute(query).scalar()) is not None:
                    return str(recorded)
        else:
            return candidate
    raise ReviewError(f"The name {chosen} cannot be recorded for {mail}.")


def _tidy(name: str) -> str:
    """The name on one line, without invisible characters."""
    visible = "".join(c for c in name if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(visible.split())[:_LONGEST]


def _alike(name: str) -> str:
    """A key that is equal for names that a reader would take for the same."""
    return unicodedata.normalize("NFKC", _tidy(name)).casefold()


def _on_record(con: Connection) -> list[str]:
    """The names of people, annotators and deciders in the database."""
    columns = (
        people.c.name, answers.c.annotator, decisions.c.decided_by, withdrawals.c.decided_by,
    )  # fmt: skip
    return [row[0] for column in columns for row in con.execute(select(column).distinct())]
