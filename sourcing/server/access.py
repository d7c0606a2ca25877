"""Access by sign-in and by signed links. Nothing here uses Streamlit.

Without sign-in, everybody who can reach the server has full access: keep it on your own machine.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from sourcing.errors import AccessError
from sourcing.reviews import Role, role_of

SIGNED = "signed"
"""The parameter of an address that holds its signature."""
DAYS = 30
"""How many days a signed link is valid, counted from the end of the day."""
_DAY_S = 86_400
_SALT = "sourcing download"
_SECRETS = ".streamlit/secrets.toml"
_NEEDED = {
    "cookie_secret": "a long random text",
    "redirect_uri": "the address of this dashboard followed by /oauth2callback",
    "client_id": "the client id from your provider",
    "client_secret": "the client secret from your provider",
    "server_metadata_url": "your provider's address ending in .well-known/openid-configuration",
}


@dataclass(frozen=True)
class Access:
    """The access configuration.

    secret: the key that signs links; None without sign-in. redirect_uri: where the provider sends
    people back to, an address of this dashboard.
    """

    secret: str | None = None
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    redirect_uri: str = ""

    @classmethod
    def of(cls, secrets: Mapping[str, Any]) -> "Access":
        """Read [auth] and [roles]. Raises AccessError if they are not valid."""
        if "auth" not in secrets:
            _must_be_without_sign_in(secrets)
            return cls()
        auth = secrets["auth"] if _is_table(secrets["auth"]) else {}
        for name, words in _NEEDED.items():
            if not isinstance(auth.get(name), str) or not auth[name]:
                raise AccessError(f"{_SECRETS}: [auth] has no {name}. Write {words}.")
        roles = secrets.get("roles", {})
        names = [role.name.lower() for role in Role]
        if not _is_table(roles) or not set(roles) <= set(names):
            raise AccessError(f"{_SECRETS}: [roles] may hold only {', '.join(names)}.")
        for name, addresses in roles.items():
            if isinstance(addresses, str) or not all(
                isinstance(x, str) and "@" in x for x in addresses
            ):
                raise AccessError(
                    f"{_SECRETS}: the role {name} needs a list of addresses such as "
                    '["anna@example.org", "@example.org"].'
                )
        return cls(
            auth["cookie_secret"],
            {name: tuple(addresses) for name, addresses in roles.items()},
            auth["redirect_uri"],
        )

    @property
    def sign_in(self) -> bool:
        """Whether sign-in is required."""
        return self.secret is not None

    def role(self, user: Mapping[str, Any] | None) -> Role | None:
        """The role of a user from the claims of the identity token; None for no access.

        An email address that the provider calls unverified is ignored.
        """
        if not user or not user.get("is_logged_in"):
            return None
        return role_of(_address(user), self.roles)

    def sign(
        self,
        table: str,
        pairs: Sequence[tuple[str, str]],
        user: Mapping[str, Any],
        now: float | None = None,
    ) -> str:
        """A signed permission to download a table under these filters.

        It expires, and ends before that with the role of the user who made it. Raises AccessError
        if the user has none.
        """
        if (role := self.role(user)) is None:
            raise AccessError("Only somebody with a role can make a link that downloads a table.")
        day = int(time.time() if now is None else now) // _DAY_S
        until = (day + 1 + DAYS) * _DAY_S
        maker = [_address(user), role.name.lower()]
        return str(self._signer().dumps([table, [list(pair) for pair in pairs], until, *maker]))

    def signed(self, token: str, table: str, now: float | None = None) -> list[tuple[str, str]]:
        """The filters of a permission. Raises AccessError if it is not valid for the table."""
        try:
            signed_table, pairs, until, *maker = self._signer().loads(token)
        except BadSignature:
            raise AccessError(
                "This link was not made by this dashboard, or has been changed."
            ) from None
        if signed_table != table:
            raise AccessError(f"This link is for the table {signed_table}, not for {table}.")
        if (time.time() if now is None else now) >= until:
            raise AccessError(f"This link has expired after {DAYS} days. Copy a new one.")
        if len(maker) != 2:
            raise AccessError(
                "This link does not say who made it, so it has ended: an earlier version of this "
                "dashboard made it. Copy a new one from the page."
            )
        self._must_still_hold(*maker)
        return [(name, value) for name, value in pairs]

    def _must_still_hold(self, email: str, role_name: str) -> None:
        """Raise AccessError if the maker of a link has lost the role that they had then."""
        role = role_of(email, self.roles)
        if role is None or role < Role[role_name.upper()]:
            raise AccessError(
                f"This link was made by {email or 'somebody without an address'} as "
                f"{role_name}, and ended with that role. Sign in and copy a new one from the page."
            )

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret or "", salt=_SALT)


def _address(user: Mapping[str, Any]) -> str:
    """The email address of a user; empty if the provider calls it unverified."""
    verified = str(user.get("email_verified", True)).lower() != "false"
    return str(user.get("email") or "").strip() if verified else ""


def _must_be_without_sign_in(secrets: Mapping[str, Any]) -> None:
    """Raise AccessError if sign-in seems intended but is not configured: access would be open."""
    section = next((name for name in secrets if name.lower() in ("auth", "roles")), None)
    if section is not None:
        raise AccessError(
            f"{_SECRETS}: there is [{section}] but no [auth], so nobody can sign in. "
            f"Add [auth], in lower case, or remove [{section}]."
        )


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)
