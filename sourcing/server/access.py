"""Who may look, and links that carry their own permission. Nothing here knows Streamlit.

Without sign-in everybody who reaches the server may do everything: it is one person's machine.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from sourcing.errors import AccessError
from sourcing.reviews import Role, role_of

SIGNED = "signed"
"""The name under which an address holds its permission."""
DAYS = 30
"""How many days a link to a download stays good, counted from the end of the day."""
_DAY_S = 86_400
_SALT = "sourcing download"
_SECRETS = ".streamlit/secrets.toml"
_NEEDED = {
    "cookie_secret": "a long random text",
    "redirect_uri": "the address of this dashboard with /oauth2callback behind it",
    "client_id": "what your provider calls this dashboard",
    "client_secret": "what your provider gave for it",
    "server_metadata_url": "your provider's address that ends in .well-known/openid-configuration",
}


@dataclass(frozen=True)
class Access:
    """What the configuration says. secret: what links are signed with; None without sign-in."""

    secret: str | None = None
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, secrets: Mapping[str, Any]) -> "Access":
        """Read [auth] and [roles]. Raises AccessError where they cannot be used as they are."""
        if "auth" not in secrets:
            _must_be_without_sign_in(secrets)
            return cls()
        auth = secrets["auth"] if _is_table(secrets["auth"]) else {}
        for name, words in _NEEDED.items():
            if not isinstance(auth.get(name), str) or not auth[name]:
                raise AccessError(f"{_SECRETS}: [auth] has no {name}. Write {words}.")
        roles = secrets.get("roles", {})
        known = [role.name.lower() for role in Role]
        if not _is_table(roles) or not set(roles) <= set(known):
            raise AccessError(f"{_SECRETS}: [roles] may have {', '.join(known)}, and no other.")
        for name, listed in roles.items():
            if isinstance(listed, str) or not all(isinstance(x, str) and "@" in x for x in listed):
                raise AccessError(
                    f"{_SECRETS}: the role {name} needs a list of addresses such as "
                    '["anna@example.org", "@example.org"].'
                )
        return cls(auth["cookie_secret"], {name: tuple(listed) for name, listed in roles.items()})

    @property
    def sign_in(self) -> bool:
        """Whether somebody has to sign in."""
        return self.secret is not None

    def role(self, user: Mapping[str, Any] | None) -> Role | None:
        """The role of a signed-in user, by the claims of the identity token; None may not look.

        An address that its provider calls unverified counts as none.
        """
        if not user or not user.get("is_logged_in"):
            return None
        email = str(user.get("email") or "")
        if str(user.get("email_verified", True)).lower() == "false":
            email = ""
        return role_of(email, self.roles)

    def sign(self, table: str, pairs: Sequence[tuple[str, str]], now: float | None = None) -> str:
        """A permission to download a table under these filters, which ends by itself."""
        day = int(time.time() if now is None else now) // _DAY_S
        until = (day + 1 + DAYS) * _DAY_S
        return str(self._signer().dumps([table, [list(pair) for pair in pairs], until]))

    def signed(self, token: str, table: str, now: float | None = None) -> list[tuple[str, str]]:
        """The filters that a permission is for. Raises AccessError where it is not good for it."""
        try:
            named, pairs, until = self._signer().loads(token)
        except BadSignature:
            raise AccessError("This link was not made here, or has been changed.") from None
        if named != table:
            raise AccessError(f"This link is for the table {named}, not for {table}.")
        if (time.time() if now is None else now) >= until:
            raise AccessError(f"This link has ended: it was good for {DAYS} days. Copy a new one.")
        return [(name, value) for name, value in pairs]

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret or "", salt=_SALT)


def _must_be_without_sign_in(secrets: Mapping[str, Any]) -> None:
    """Raise AccessError where sign-in is meant and cannot be: that must not leave the door open."""
    meant = next((name for name in secrets if name.lower() in ("auth", "roles")), None)
    if meant is not None:
        raise AccessError(
            f"{_SECRETS}: there is [{meant}] but no [auth], so nobody can sign in. "
            f"Write [auth], in small letters, or take [{meant}] out."
        )


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)
