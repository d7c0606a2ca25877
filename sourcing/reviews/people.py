"""Who may do what: roles, and the person on whose behalf something is written. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sourcing.errors import RefusedError


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
        """Raise RefusedError where this person may not do what the role may."""
        if not self.may(role):
            raise RefusedError(
                f"{self.name or 'Nobody by name'} may not {_ACTS[role]}: the role is "
                f"{self.role.name.lower()}, {role.name.lower()} is needed. Whoever runs this "
                "dashboard gives roles in its configuration."
            )


def role_of(email: str, given: Mapping[str, Any]) -> Role:
    """The highest role that the configuration gives an address, by itself or by its domain.

    given: role names with lists of addresses (`anna@example.org`) and domains (`@example.org`);
    who is named nowhere is a viewer.
    """
    mail = email.strip().lower()
    domain = f"@{mail.rpartition('@')[2]}"
    found = [Role.VIEWER]
    for role in Role:
        listed: Any = given.get(role.name.lower(), ())
        named: Sequence[str] = [listed] if isinstance(listed, str) else list(listed)
        if "@" in mail and {str(item).strip().lower() for item in named} & {mail, domain}:
            found.append(role)
    return max(found)
