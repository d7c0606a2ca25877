"""Who records: the person signed in; without sign-in, a name that is asked once."""

import urllib.parse

import streamlit as st

from sourcing.reviews import Person, Role, recorded_name
from sourcing.reviews.field_rules import can_be_seen
from sourcing.ui import cached_reads, sign_in
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import keep_cookie
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.view import end_page
from sourcing.warehouse import queries

_COOKIE = "sourcing-name"
_NAME = "name of the person"
_KEEP = "name to keep"
_LONGEST = 100


def required_person() -> Person:
    """The person at this browser; if unknown, asks for the name and ends the page."""
    return person_if_known() or end_page()


def person_if_known(place: str = "") -> Person | None:
    """The person at this browser; if unknown, asks for the name and returns None.

    place: where on the page, if it may be asked in several places at once.
    """
    who = known_person()
    if who is None:
        _ask_name(place=place)
    return who


def known_person() -> Person | None:
    """The person at this browser; None if unknown."""
    if (role := sign_in.role()) is not None:
        return _signed_in(role)
    name = st.session_state.get(_NAME) or _name_of_cookie()
    if not can_be_seen(name):
        return None
    st.session_state[_NAME] = name
    _set_cookie()
    return Person(name, Role.ADMIN, role_now=lambda: sign_in.role_now({}))


def name_foot(who: Person) -> None:
    """Show the name under which entries are recorded, and a form to change it without sign-in."""
    if who.email and not who.may(Role.ANNOTATOR):
        return
    if who.email:
        st.caption(f"Your entries are recorded under the name {plain(who.name)}.")
        return
    with st.popover(f"You are {plain(who.name)}", icon=":material/person:"):
        _ask_name(who.name)


def _signed_in(role: Role) -> Person:
    """The person signed in, under the name on record for the e-mail address."""
    claims = sign_in.user()
    email, name = str(claims.get("email") or ""), str(claims.get("name") or "")[:_LONGEST]
    if role >= Role.ANNOTATOR:
        name = recorded_name(cached_reads.reviews(), email, name, _annotators)
    display_name = name if can_be_seen(name) else email or "Somebody"
    return Person(display_name, role, email or "without address", lambda: sign_in.role_now(claims))


def _annotators() -> list[str]:
    """The annotators of the current snapshot."""
    warehouse = cached_reads.warehouse()
    current = warehouse.current()
    return (
        queries.annotators(cached_reads.opened(str(warehouse.folder), current)) if current else []
    )


def _name_of_cookie() -> str:
    """The name in this browser's cookie, as of opening the page; empty if none."""
    name = urllib.parse.unquote(st.context.cookies.get(_COOKIE, ""))
    return name.strip()[:_LONGEST]


def _ask_name(before: str = "", place: str = "") -> None:
    with st.form(f"who {place}", border=not before):
        st.markdown(
            "**Who are you?** Your entries are recorded under this name. This browser remembers it."
        )
        name = st.text_input("Your name", value=before, max_chars=_LONGEST, key=f"who name {place}")
        if not st.form_submit_button("Keep this name"):
            return
        if not can_be_seen(name):
            show_error("Enter a name with visible characters, such as “Anna Example”.")
        else:
            st.session_state[_NAME] = name.strip()
            st.session_state[_KEEP] = name.strip()
            st.rerun()


def _set_cookie() -> None:
    """Store a name that was just entered in a cookie."""
    if name := st.session_state.pop(_KEEP, None):
        keep_cookie(_COOKIE, urllib.parse.quote(name))
