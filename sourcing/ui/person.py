"""Who writes: the person signed in; without sign-in (one person's machine) a name, asked once."""

import json
import urllib.parse

import streamlit as st

from sourcing.reviews import Person, Role, recorded_name
from sourcing.reviews.field_rules import can_be_seen
from sourcing.ui import cached_reads, sign_in
from sourcing.ui.elements.markdown import plain
from sourcing.ui.view import end_page
from sourcing.warehouse import queries

_COOKIE = "sourcing-name"
_NAME = "name of the person"
_KEEP = "name to keep"
_LONGEST = 100


def required_person() -> Person:
    """The person at this browser; asks for the name and ends the page where it is not known yet."""
    return person_if_known() or end_page()


def person_if_known() -> Person | None:
    """The same where a page goes on without: asks, and is None, where it is not known yet."""
    if (role := sign_in.role()) is not None:
        return _signed_in(role)
    name = st.session_state.get(_NAME) or _kept()
    if not can_be_seen(name):
        _ask()
        return None
    st.session_state[_NAME] = name
    _keep()
    return Person(name, Role.ADMIN)


def name_foot(who: Person) -> None:
    """Say under which name something is recorded, and offer to change one that was typed."""
    if who.email and not who.may(Role.ANNOTATOR):
        return
    if who.email:
        st.caption(f"What you record stands under the name {plain(who.name)}.")
        return
    with st.popover(f"You are {plain(who.name)}", icon=":material/person:"):
        _ask(who.name)


def _signed_in(role: Role) -> Person:
    """The person who has signed in, under the name that is on record for the address."""
    claims = sign_in.user()
    email, name = str(claims.get("email") or ""), str(claims.get("name") or "")[:_LONGEST]
    if role >= Role.ANNOTATOR:
        name = recorded_name(cached_reads.reviews(), email, name, _annotators)
    shown = name if can_be_seen(name) else email or "Somebody"
    return Person(shown, role, email or "without address")


def _annotators() -> list[str]:
    """Who has labelled so far, in the snapshot in force."""
    found = cached_reads.warehouse()
    current = found.current()
    return queries.annotators(cached_reads.opened(str(found.folder), current)) if current else []


def _kept() -> str:
    """The name that this browser has kept, from when it opened the page."""
    found = urllib.parse.unquote(st.context.cookies.get(_COOKIE, ""))
    return found.strip()[:_LONGEST]


def _ask(before: str = "") -> None:
    with st.form("who", border=not before):
        st.markdown("**Who are you?** What you record stands under a name, which is kept here.")
        name = st.text_input("Your name", value=before, max_chars=_LONGEST, key="who name")
        if not st.form_submit_button("Keep this name"):
            return
        if not can_be_seen(name):
            st.error("Give a name that can be read, such as “Anna Example”.")
        else:
            st.session_state[_NAME] = name.strip()
            st.session_state[_KEEP] = name.strip()
            st.rerun()


def _keep() -> None:
    """Have the browser keep a name that was just given."""
    if name := st.session_state.pop(_KEEP, None):
        value = urllib.parse.quote(name)
        cookie = json.dumps(f"{_COOKIE}={value}; path=/; max-age=31536000; SameSite=Lax")
        with st.container(key="keeps-the-name"):
            st.html(f"<script>document.cookie = {cookie};</script>", unsafe_allow_javascript=True)
