"""Sign-in by OpenID Connect, if it is configured; without it everybody has full access."""

import json
from collections.abc import Mapping
from threading import Event
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.runtime.secrets import Secrets
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from sourcing.errors import AccessError
from sourcing.reviews import Role
from sourcing.server.access import Access
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import run_script

_COOKIE = "_streamlit_user"
_HIGHEST = "highest role of this session"
_configured = Event()
"""Set once sign-in was configured: then this process never again serves without it."""


def access() -> Access:
    """The access settings. Raises AccessError if they cannot be read or are invalid.

    An unreadable secrets file must not give everybody access.
    """
    try:
        settings = _settings_of_file()
    except AccessError as error:
        raise AccessError(f"{error} Then restart the dashboard.") from error
    if settings.sign_in:
        _configured.set()
    elif _configured.is_set():
        raise AccessError(
            "The section [auth], which says who has access, is gone from the secrets file. Put it "
            "back, or remove it for good, and restart the dashboard."
        )
    return settings


def _settings_of_file() -> Access:
    """Read the secrets as Streamlit does, but anew: its own copy may be older than the files."""
    values: dict[str, Any] = {}
    for path in st.get_option("secrets.files"):
        try:
            values |= Secrets()._parse_file_path(path)[0]  # noqa: SLF001 (the one reader of both kinds)
        except (OSError, UnicodeDecodeError, StreamlitSecretNotFoundError) as error:
            raise AccessError(
                f"{path}: this file cannot be read, so it is unknown who has access. Fix it: it "
                "must be valid TOML."
            ) from error
    return Access.of(values)


def user() -> Mapping[str, Any]:
    """The OpenID claims of the person signed in; empty if nobody is."""
    claims: Mapping[str, Any] = st.user.to_dict()
    return claims


def user_of(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """The same, from the cookies of a request, as Streamlit itself signs and reads them."""

    def read_cookie(name: str) -> bytes | None:
        raw = cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, raw) if raw else None

    cookie = get_cookie_with_chunks(read_cookie, _COOKIE)
    claims: Mapping[str, Any] = json.loads(cookie) if cookie else {}
    return claims if claims.get("origin") == get_origin_from_redirect_uri() else {}


def admitted() -> bool:
    """Whether the reader has access; if not, shows how to sign in or whom to ask."""
    if not (settings := access()).sign_in:
        return True
    if not user().get("is_logged_in"):
        st.title("Source reliability", anchor=False)
        st.markdown("Sign in to see how sources attribute what they state.")
        st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)
        run_script("wanted")
        return False
    if settings.role(user()) is None:
        st.title("Source reliability", anchor=False)
        st.warning(
            f"You are signed in as {plain(_name_and_email())}, which has no access. The "
            "administrator of this dashboard assigns roles in its configuration. An address that "
            "the provider has not verified has no role."
        )
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)
        return False
    return True


def role() -> Role | None:
    """The role of the person signed in; None if no sign-in is configured."""
    settings = access()
    return settings.role(user()) if settings.sign_in else None


def role_now(claims: Mapping[str, Any]) -> Role | None:
    """The role that the configuration gives a person at this moment; None for no access.

    claims: of the person, as their page was drawn; empty without sign-in, which then must still
    be off.
    """
    settings = access()
    return settings.role(claims) if settings.sign_in else Role.ADMIN


def say_what_was_lost() -> None:
    """Say that the reader's role is lower than earlier in this session: buttons vanish with it."""
    own_role = role() or Role.ADMIN
    highest = max(own_role, st.session_state.get(_HIGHEST, own_role))
    st.session_state[_HIGHEST] = highest
    if own_role < highest:
        st.warning(
            f"Your role is now {own_role.name.lower()}; it was {highest.name.lower()} when you "
            "opened the dashboard. What needs the earlier role is no longer recorded. The "
            "administrator of this dashboard assigns roles in its configuration."
        )


def foot() -> None:
    """Show who is signed in and a button to sign out; nothing without sign-in."""
    if (own_role := role()) is not None:
        st.sidebar.caption(f"Signed in as {plain(_name_and_email())}, {own_role.name.lower()}.")
        st.sidebar.button("Sign out", icon=":material/logout:", on_click=st.logout, key="sign out")
        run_script("back")


def _name_and_email() -> str:
    """The name and e-mail address of the person signed in."""
    parts = [str(user()[claim]) for claim in ("name", "email") if user().get(claim)]
    return ", ".join(dict.fromkeys(parts)) or "somebody without a name"
