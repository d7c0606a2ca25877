"""The address of a page holds its state: filters and the page's own values.

Streamlit can bind a widget to the address, but then writes the displayed text; our addresses hold
ids, which stay the same when a name changes. So the address is read when it differs from what was
last written (a link, back, forward), and written at the end of every run.
"""

import time
from collections.abc import Mapping, Sequence
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
_FOLLOWED = "address asked"
"""The pairs of a followed address that are not filters on what is counted."""
_FILTERS, _DEFAULTS = "address filters", "address defaults"
"""The names that the page keeps in the address in this run, with their defaults."""
_ALIASES = "address aliases"
_OF_SOURCES = {"source": ("of",), "compare": ("a", "b")}
"""Names of the page's own values that are sources, by page."""
_EARLIER, _KEPT = "addresses before", 5
"""The newest addresses that this session has replaced by others."""
_VALUES = "address values"
"""What the widgets held at the end of the last run."""
_PENDING, _PENDING_SECONDS = "address on the way", 3.0
"""A switch to another page that is not complete yet, and how long it counts as pending."""


def key(name: str) -> str:
    """The session key of a name's value, which is also the key of its widget."""
    return f"at {name}"


def read(page: str) -> None:
    """Read the address, unless it is what this session wrote last; see also `read_filters`."""
    _resume_switch(page)
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    page_changed = st.session_state.get(_PAGE, page) != page
    st.session_state[_DEFAULTS] = {}
    st.session_state[_PAGE] = page
    written = st.session_state.get(_WRITTEN)
    st.session_state[_WRITTEN] = pairs
    st.session_state[_FOLLOWED] = []
    if page_changed:
        st.session_state[_ALIASES] = []
    else:
        hold("label", "search")
    if pairs == written or (page_changed and not pairs and not _browser_was_at(page)):
        return
    if not page_changed and _is_late(pairs):
        st.session_state[_WRITTEN] = None  # what the browser has by now is not known: write anew
        return
    page_pairs = [pair for pair in pairs if pair[0] in STATE]
    st.session_state[_IGNORED] = []
    st.session_state[_FOLLOWED] = page_pairs + [
        pair for pair in pairs if pair[0] in (*LISTED, "search")
    ]
    for name in STATE:
        _set(name, next((value for key_name, value in page_pairs if key_name == name), None))
    st.session_state[_FILTERS] = [pair for pair in pairs if pair not in page_pairs]


def _is_late(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the browser sent an address that this session has replaced since.

    Where two filters are changed quickly, the second change comes with the address before the
    first. Back comes with such an address too, but changes no filter.
    """
    at_hand = _values()
    late = pairs in st.session_state.get(_EARLIER, []) and at_hand != st.session_state.get(_VALUES)
    st.session_state[_VALUES] = at_hand
    return late


def _values() -> dict[str, Any]:
    """All that the address holds, as the widgets and pages have it."""
    names = (*LISTS, *_SINGLE, *STATE)
    return {name: value for name in names if (value := st.session_state.get(key(name)))}


def _browser_was_at(page: str) -> bool:
    """Whether the browser was already at the page when it requested it, as after Back.

    After a link of the navigation it is still at the previous page; an empty query then means the
    current filters, not none. (`st.context.url` would name the new page in both cases.)
    """
    context = get_script_run_ctx()
    info = context.context_info if context else None
    path = urlsplit(info.url).path if info else ""
    base = base_path(st.get_option("server.baseUrlPath"))
    return bool(path) and path.removeprefix(base).strip("/") == page


def read_filters(choices: Choices) -> None:
    """The rest of `read`, which needs the choices of the snapshot."""
    if _FILTERS not in st.session_state:
        return
    pairs = _meant(st.session_state.pop(_FILTERS), choices.aliases)
    filters = from_query(pairs, choices)
    st.session_state[_IGNORED] += filters.ignored
    for name in LISTS:
        _set(name, list(getattr(filters, name)))
    for name in _SINGLE:
        _set(name, getattr(filters, name))


def _meant(pairs: Sequence[tuple[str, str]], aliases: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs with the sources that are meant in place of those that stand for them."""
    st.session_state[_ALIASES] = [
        value for name, value in pairs if name == "source" and value in aliases
    ]
    for name in _OF_SOURCES.get(st.session_state[_PAGE], ()):
        if (value := text(name) or "") in aliases:
            st.session_state[_ALIASES].append(value)
            _set(name, aliases[value])
    return [
        (name, aliases.get(value, value) if name == "source" else value) for name, value in pairs
    ]


def aliases_followed() -> list[str]:
    """The sources that the address names and that stand for others now, by id."""
    return list(dict.fromkeys(st.session_state.get(_ALIASES, [])))


def filters_now() -> Filters:
    """The filters as set in the widgets."""
    state = st.session_state
    values: dict[str, Any] = {name: tuple(state.get(key(name)) or ()) for name in LISTS}
    values |= {name: value for name in _SINGLE if (value := state.get(key(name)))}
    return Filters(**values)


def write(filters: Filters) -> None:
    """Write the filters and the page's own values into the address, without defaults."""
    pairs = filters.pairs()
    for name, default in {"snapshot": None, **st.session_state.get(_DEFAULTS, {})}.items():
        value = st.session_state.get(key(name))
        if value not in (None, "", default):
            pairs.append((name, str(value)))
    if pairs != st.session_state.get(_WRITTEN):
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        st.query_params.from_dict(values)
        earlier = st.session_state.get(_EARLIER, [])
        st.session_state[_EARLIER] = [*earlier, st.session_state.get(_WRITTEN)][-_KEPT:]
    st.session_state[_WRITTEN] = pairs
    st.session_state[_VALUES] = _values()
    st.session_state.pop(_PENDING, None)


def ignored() -> list[str]:
    """The parts of the address that are unknown or invalid, as `name=value`."""
    return list(st.session_state.get(_IGNORED, []))


def unused(page: PageEntry) -> list[str]:
    """The parts of the address that this page, as drawn, does not use, as `name=value`."""
    used = {"snapshot", *st.session_state.get(_DEFAULTS, {}), *page.filters}
    used |= {item.partition("=")[0] for item in ignored()}
    pairs = st.session_state.get(_FOLLOWED, [])
    return [f"{name}={value[:200]}" for name, value in pairs if name not in used]


def ignore(name: str, value: object) -> None:
    """Drop a value of the address that a page cannot use, and note it for the reader."""
    st.session_state.setdefault(_IGNORED, []).append(f"{name}={str(value)[:200]}")
    _set(name, None)


def choice(name: str, options: Sequence[str], default: str) -> str:
    """The value of a page's own choice, read before its widget; an unknown value is ignored."""
    remember(name, default)
    value = st.session_state.get(key(name))
    if value is not None and value not in options:
        if (name, value) in st.session_state.get(_FOLLOWED, []):
            ignore(name, value)  # otherwise the texts of the widget's options changed
        value = None
    if value is None:
        _set(name, default)
    return str(value or default)


def remember(name: str, default: object) -> None:
    """Keep a name of this page in the address unless it has its default value."""
    st.session_state.setdefault(_DEFAULTS, {})[name] = default


def optional(name: str, options: Sequence[str]) -> str | None:
    """The same for an optional choice; None if nothing is chosen."""
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
    if value is not None and not _is_number(str(value), most):
        # A list shortened by a filter is no error of the address.
        if not isinstance(value, int):
            ignore(name, value)
        value = None
    _set(name, int(value or 1))
    return int(value or 1)


def _is_number(text: str, most: int) -> bool:
    return text.isdecimal() and len(text) < 10 and 1 <= int(text) <= max(most, 1)


def text(name: str) -> str | None:
    """The current value of a name; None if it has none."""
    value = st.session_state.get(key(name))
    return str(value) if value else None


def opened_claim() -> str | None:
    """The one claim that the address opens; None if it lists claims, even several by id."""
    claims = st.session_state.get(key("claim")) or []
    return claims[0] if len(claims) == 1 else None


def open_claim(claim_id: str) -> None:
    """Open one claim on the current page."""
    _set("claim", [claim_id])
    st.rerun()


def open_chosen() -> None:
    """Open the claim that was chosen in the widget `claim to open`."""
    if chosen := st.session_state.get("claim to open"):
        _set("claim", [chosen])


def put(name: str, value: Any) -> None:
    """Set a name before its widget is drawn (or in a callback)."""
    _set(name, value)


def hold(*names: str) -> None:
    """Keep values whose widgets may not be drawn in this run, as while one claim is open."""
    for name in names:
        if key(name) in st.session_state:
            st.session_state[key(name)] = st.session_state[key(name)]


def go_to(page: str, **values: Any) -> None:
    """Open another page (`pages/claims.py`) with the current filters and these values changed.

    The values travel in the address, because those of a widget already drawn cannot be set.
    """
    limits: dict[str, Any] = {
        name: tuple(value or ()) if name in LISTS else value
        for name, value in values.items()
        if name not in STATE
    }
    pairs: dict[str, list[str]] = {}
    for name, value in replace(filters_now(), **limits).pairs():
        pairs.setdefault(name, []).append(value)
    state = {"snapshot": text("snapshot")} | values
    pairs |= {name: [str(state[name])] for name in STATE if state.get(name)}
    st.session_state[_WRITTEN] = None
    st.session_state[_PENDING] = (time.monotonic(), st.session_state[_PAGE], page, pairs)
    st.switch_page(page, query_params=pairs)


def _resume_switch(page: str) -> None:
    """Repeat the page switch if a second click (a double click) restarted the old page."""
    since, origin, target, pairs = st.session_state.get(_PENDING, (0.0, None, "", {}))
    if page == origin and time.monotonic() - since < _PENDING_SECONDS:
        st.switch_page(target, query_params=pairs)


def page_address(page: str, pairs: Sequence[tuple[str, str]] = (), **values: str) -> str:
    """The address of a page (`claims`) with these values, under the server's own base path."""
    base = base_path(st.get_option("server.baseUrlPath"))
    query = urlencode([*pairs, *values.items()])
    return f"{base}/{page}" + (f"?{query}" if query else "")


def _set(name: str, value: Any) -> None:
    if value is None:
        st.session_state.pop(key(name), None)
    else:
        st.session_state[key(name)] = value
