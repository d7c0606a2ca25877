"""Signing in by OpenID Connect, where it is configured; else everybody is at home here."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from sourcing.errors import AccessError
from sourcing.reviews import Role
from sourcing.server.access import Access
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import run_script

_COOKIE = "_streamlit_user"
_configured = Event()
"""Set once somebody has had to sign in: from then on nobody looks without, as long as this runs."""


def access() -> Access:
    """What the configuration says. Raises AccessError where it cannot be used.

    A file of secrets that is there but cannot be read must not leave the door open.
    """
    try:
        found = _of_file()
    except AccessError as error:
        raise AccessError(f"{error} Then start the dashboard anew.") from error
    if found.sign_in:
        _configured.set()
    elif _configured.is_set():
        raise AccessError(
            "[auth], which says who may look, is gone from the file of secrets. Put it back, or "
            "take it out for good, and start the dashboard anew."
        )
    return found


def _of_file() -> Access:
    if st.secrets.load_if_toml_exists():
        return Access.of(st.secrets.to_dict())
    for path in st.get_option("secrets.files"):
        if Path(path).exists():
            raise AccessError(
                f"{path}: this file cannot be read, so it is not known who may look. Mend it: it "
                "must be TOML."
            )
    return Access()


def user() -> Mapping[str, Any]:
    """The claims of who has signed in at this page; empty where nobody has."""
    found: Mapping[str, Any] = st.user.to_dict()
    return found


def user_of(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """The same by the cookies of a request, as Streamlit itself signs and reads them."""

    def one(name: str) -> bytes | None:
        raw = cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, raw) if raw else None

    found = get_cookie_with_chunks(one, _COOKIE)
    claims: Mapping[str, Any] = json.loads(found) if found else {}
    return claims if claims.get("origin") == get_origin_from_redirect_uri() else {}


def admitted() -> bool:
    """Whether the reader may look; says how to sign in, or whom to ask, where not."""
    if not (found := access()).sign_in:
        return True
    if not user().get("is_logged_in"):
        st.title("Source reliability", anchor=False)
        st.markdown("Sign in to see how sources attribute what they state.")
        st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)
        run_script("sessionStorage.setItem('wanted', location.href);", "wanted")
        return False
    if found.role(user()) is None:
        st.title("Source reliability", anchor=False)
        st.warning(
            f"You are signed in as {plain(_shown())}, which may not look at this. Whoever runs "
            "this dashboard gives roles in its configuration; an address that the provider has not "
            "verified has none."
        )
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)
        return False
    return True


def role() -> Role | None:
    """The role of who has signed in; None where no sign-in is configured."""
    found = access()
    return found.role(user()) if found.sign_in else None


def foot() -> None:
    """Who has signed in, and the way out; nothing without sign-in."""
    if (found := role()) is not None:
        st.sidebar.caption(f"Signed in as {plain(_shown())}, {found.name.lower()}.")
        st.sidebar.button("Sign out", icon=":material/logout:", on_click=st.logout, key="sign out")
        run_script(_BACK, "back")


_BACK = """
const wanted = sessionStorage.getItem("wanted");
sessionStorage.removeItem("wanted");
if (wanted && wanted !== location.href) location.replace(wanted);
"""
"""Signing in leads to the first page; this leads back to the one that was asked for."""


def _shown() -> str:
    """The name and the address of who has signed in."""
    known = [str(user()[claim]) for claim in ("name", "email") if user().get(claim)]
    return ", ".join(dict.fromkeys(known)) or "somebody without a name"
