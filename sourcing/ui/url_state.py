"""The address of a page holds its state: filters and what a page has open.

Streamlit can bind a widget to the address by itself, but then writes the words a reader sees; ours
holds ids, which stay the same when a name changes. So the address is read when it differs from what
was last written (a link, back, forward) and written at the end of every run.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sourcing.filters import LISTED, LISTS, Filters
from sourcing.query_string import Choices, from_query
from sourcing.server.routes import base_path
from sourcing.ui.page_registry import STATE, PageEntry

_SINGLE = ("since", "until", "view", "weighting", "search")
_WRITTEN, _IGNORED, _PAGE = "address written", "address ignored", "address page"
_ASKED = "address asked"
"""What an address that was followed names beside filters on what is counted."""
_FILTERS, _DEFAULTS = "address filters", "address defaults"
"""What the page in this run keeps in the address, with what goes without saying."""
_WAY, _WAY_SECONDS = "address on the way", 3.0
"""The way to another page while it is not there yet, and for how long that is believed."""


def key(name: str) -> str:
    """The session key under which the value of a name is kept, which is its widget's key too."""
    return f"at {name}"


def read(page: str) -> None:
    """Take over the address where it is not what this session wrote last; see `read_filters`."""
    _go_on(page)
    raw = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    switched = st.session_state.get(_PAGE, page) != page
    st.session_state[_DEFAULTS] = {}
    st.session_state[_PAGE] = page
    known = st.session_state.get(_WRITTEN)
    st.session_state[_WRITTEN] = raw
    st.session_state[_ASKED] = []
    if not switched:
        hold("label", "search")
    if raw == known or (switched and not raw and not _was_there(page)):
        return
    own = [pair for pair in raw if pair[0] in STATE]
    st.session_state[_IGNORED] = []
    st.session_state[_ASKED] = own + [pair for pair in raw if pair[0] in (*LISTED, "search")]
    for name in STATE:
        _keep(name, next((value for found, value in own if found == name), None))
    st.session_state[_FILTERS] = [pair for pair in raw if pair not in own]


def _was_there(page: str) -> bool:
    """Whether the browser was at the page when it asked for it, as by Back.

    By a link of the navigation it is still at the page before: then no query means no other
    filters than those in force, and not none. (`st.context.url` would name the new page for both.)
    """
    context = get_script_run_ctx()
    info = context.context_info if context else None
    path = urlsplit(info.url).path if info else ""
    base = base_path(st.get_option("server.baseUrlPath"))
    return bool(path) and path.removeprefix(base).strip("/") == page


def read_filters(choices: Choices) -> None:
    """The rest of `read`, for which it must be known what there is to choose from."""
    if _FILTERS not in st.session_state:
        return
    filters = from_query(st.session_state.pop(_FILTERS), choices)
    st.session_state[_IGNORED] += filters.ignored
    for name in LISTS:
        _keep(name, list(getattr(filters, name)))
    for name in _SINGLE:
        _keep(name, getattr(filters, name))


def filters_now() -> Filters:
    """The filters as the widgets stand."""
    state = st.session_state
    values: dict[str, Any] = {name: tuple(state.get(key(name)) or ()) for name in LISTS}
    values |= {name: value for name in _SINGLE if (value := state.get(key(name)))}
    return Filters(**values)


def write(filters: Filters) -> None:
    """Write filters and what the page has open into the address; defaults are left out."""
    pairs = filters.pairs()
    for name, default in {"snapshot": None, **st.session_state.get(_DEFAULTS, {})}.items():
        value = st.session_state.get(key(name))
        if value not in (None, "", default):
            pairs.append((name, str(value)))
    if pairs != st.session_state.get(_WRITTEN):
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        st.query_params.from_dict(found)
    st.session_state[_WRITTEN] = pairs
    st.session_state.pop(_WAY, None)


def ignored() -> list[str]:
    """What the address asked for that does not exist."""
    return list(st.session_state.get(_IGNORED, []))


def unused(page: PageEntry) -> list[str]:
    """What the address asked for that this page, as it has been drawn, does not use."""
    used = {"snapshot", *st.session_state.get(_DEFAULTS, {}), *page.filters}
    used |= {item.partition("=")[0] for item in ignored()}
    asked = st.session_state.get(_ASKED, [])
    return [f"{name}={value[:200]}" for name, value in asked if name not in used]


def ignore(name: str, value: object) -> None:
    """Name a value of the address that a page cannot use."""
    st.session_state.setdefault(_IGNORED, []).append(f"{name}={str(value)[:200]}")
    _keep(name, None)


def choice(name: str, options: Sequence[str], default: str) -> str:
    """The value of a page's own choice, before its widget; an unknown one is named and dropped."""
    remember(name, default)
    value = st.session_state.get(key(name))
    if value is not None and value not in options:
        if (name, value) in st.session_state.get(_ASKED, []):
            ignore(name, value)  # else the words of the options have changed under a widget
        value = None
    if value is None:
        _keep(name, default)
    return str(value or default)


def remember(name: str, default: object) -> None:
    """Keep a name of this page in the address, where it is not the default."""
    st.session_state.setdefault(_DEFAULTS, {})[name] = default


def optional(name: str, options: Sequence[str]) -> str | None:
    """The same for a choice that need not be made; None where it is not."""
    remember(name, None)
    value = st.session_state.get(key(name))
    if value is not None and value not in options:
        ignore(name, value)
        return None
    return value


def number(name: str, most: int) -> int:
    """The same for a number from 1 to `most`."""
    remember(name, 1)
    value = st.session_state.get(key(name))
    if value is not None and not _counts(str(value), most):
        # A shorter list after a filter is no mistake of the address.
        if not isinstance(value, int):
            ignore(name, value)
        value = None
    _keep(name, int(value or 1))
    return int(value or 1)


def _counts(text: str, most: int) -> bool:
    return text.isdecimal() and len(text) < 10 and 1 <= int(text) <= max(most, 1)


def text(name: str) -> str | None:
    """The value of a name as it stands, None where there is none."""
    value = st.session_state.get(key(name))
    return str(value) if value else None


def opened_claim() -> str | None:
    """The one claim that the address opens; None where it lists claims, also several by id."""
    claims = st.session_state.get(key("claim")) or []
    return claims[0] if len(claims) == 1 else None


def open_claim(claim_id: str) -> None:
    """Open one claim on the page that is on show."""
    _keep("claim", [claim_id])
    st.rerun()


def open_chosen() -> None:
    """Open the claim that was chosen in the widget `claim to open`."""
    if chosen := st.session_state.get("claim to open"):
        _keep("claim", [chosen])


def put(name: str, value: Any) -> None:
    """Set a name before its widget is drawn (or in a callback)."""
    _keep(name, value)


def hold(*names: str) -> None:
    """Keep values though their widgets may not be drawn now, as while one claim is open."""
    for name in names:
        if key(name) in st.session_state:
            st.session_state[key(name)] = st.session_state[key(name)]


def go_to(page: str, **values: Any) -> None:
    """Open another page (`pages/claims.py`) with the filters in force and these values changed.

    The values travel in the address: what belongs to a widget that is drawn already cannot be set.
    """
    limits: dict[str, Any] = {
        name: tuple(value or ()) if name in LISTS else value
        for name, value in values.items()
        if name not in STATE
    }
    pairs: dict[str, list[str]] = {}
    for name, value in replace(filters_now(), **limits).pairs():
        pairs.setdefault(name, []).append(value)
    opened = {"snapshot": text("snapshot")} | values
    pairs |= {name: [str(opened[name])] for name in STATE if opened.get(name)}
    st.session_state[_WRITTEN] = None
    st.session_state[_WAY] = (time.monotonic(), st.session_state[_PAGE], page, pairs)
    st.switch_page(page, query_params=pairs)


def _go_on(page: str) -> None:
    """Take the way again where a second click (a double click) has started the old page over."""
    since, origin, target, pairs = st.session_state.get(_WAY, (0.0, None, "", {}))
    if page == origin and time.monotonic() - since < _WAY_SECONDS:
        st.switch_page(target, query_params=pairs)


def page_address(page: str, pairs: Sequence[tuple[str, str]] = (), **values: str) -> str:
    """The address of a page (`claims`) with these values, under the server's own base path."""
    base = base_path(st.get_option("server.baseUrlPath"))
    query = urlencode([*pairs, *values.items()])
    return f"{base}/{page}" + (f"?{query}" if query else "")


def _keep(name: str, value: Any) -> None:
    if value is None:
        st.session_state.pop(key(name), None)
    else:
        st.session_state[key(name)] = value
