"""The sidebar: the filters that pages share."""

from collections.abc import Callable

import streamlit as st

from sourcing.codebook import BASIS_NAMES, RESOLVED_STATES, STATE_NAMES
from sourcing.filters import COUNTED, Filters
from sourcing.query_string import Choices
from sourcing.statistics import Weighting
from sourcing.ui import url_state
from sourcing.ui.elements.markdown import distinct, moments
from sourcing.ui.page_registry import PageEntry
from sourcing.warehouse.snapshots import Warehouse

VIEWS = {"labels": "All labels", "attribution": "Attribution only"}
VIEW_HELP = {
    "labels": "A contested claim counts as contested, whatever its attribution.",
    "attribution": "A contested claim counts under its attribution.",
}
WEIGHTINGS: dict[str, str] = {
    Weighting.CLAIM: "Each claim",
    Weighting.ARTICLE: "Each article",
    Weighting.STATEMENT: "Each distinct statement",
}
WEIGHTING_HELP: dict[str, str] = {
    Weighting.CLAIM: "Share of all claims. Long articles weigh more.",
    Weighting.ARTICLE: "Share in a typical article. Each article counts the same.",
    Weighting.STATEMENT: "Share of distinct statements. Repeats count once.",
}


def settle(choices: Choices) -> Filters:
    """Drop values that this snapshot does not offer; return the remaining filters.

    Every value is reassigned, so that it survives on pages that do not draw its widget.
    """
    state = st.session_state
    for name, options in (("view", VIEWS), ("weighting", WEIGHTINGS)):
        value = state.get(url_state.key(name))
        state[url_state.key(name)] = value if value in options else next(iter(options))
    for name in COUNTED:
        values = state.get(url_state.key(name)) or []
        state[url_state.key(name)] = [value for value in values if choices.takes(name, value)]
    for name in ("since", "until"):
        state[url_state.key(name)] = state.get(url_state.key(name))
    return url_state.filters_now()


def draw(choices: Choices, warehouse: Warehouse, snapshot_id: str, page: PageEntry) -> None:
    """Draw the sidebar. Called after the page, so that the page does not wait for it.

    Filters that do not apply to a page are not offered there, but kept for other pages. A page
    without filters, such as a meeting on a fixed snapshot, has no sidebar.
    """
    if not page.filters:
        return
    with st.sidebar:
        if "view" in page.filters:
            _radio("view", "Show", VIEWS, VIEW_HELP)
        if "weighting" in page.filters:
            _radio("weighting", "Count the same", WEIGHTINGS, WEIGHTING_HELP)
        st.markdown("**Filters**")
        _multiselect(
            "source", "Sources", tuple(choices.sources), lambda v: choices.sources.get(v, v)
        )
        _period(choices.present.get("month", ()))
        for name, label in _FACETS.items():
            if name in page.filters:
                _multiselect(name, label, choices.present.get(name, ()), _plain)
        if "state" in page.filters:
            _multiselect("state", "Resolved how", _states(), lambda v: STATE_NAMES[v])
        if "basis" in page.filters:
            _multiselect("basis", "Labelled by", tuple(BASIS_NAMES), lambda v: BASIS_NAMES[v])
        if url_state.filters_now().pairs():
            st.button("Clear all filters", on_click=_clear, width="stretch")
        _as_of(warehouse, snapshot_id)


_FACETS = {
    "topic": "Topics",
    "needs_source": "Needs a source",
    "genre": "Genres",
    "origin": "Origin of the article",
    "kind": "Kinds of source",
    "language": "Languages",
}


def _states() -> tuple[str, ...]:
    """The states that resolve a claim, and any other states in the address."""
    selected = st.session_state.get(url_state.key("state")) or []
    return tuple(name for name in STATE_NAMES if name in RESOLVED_STATES or name in selected)


def _radio(name: str, label: str, names: dict[str, str], help_: dict[str, str]) -> None:
    st.radio(
        label,
        list(names),
        format_func=lambda value: names[value],
        captions=[help_[value] for value in names],
        key=url_state.key(name),
    )


def _multiselect(
    name: str, label: str, values: tuple[str, ...], words: Callable[[str], str]
) -> None:
    """A filter; omitted if there is nothing to choose from, unless a value is chosen."""
    key = url_state.key(name)
    if len(values) < 2 and not st.session_state.get(key):
        return
    names = distinct({value: words(value) for value in values})
    st.multiselect(label, values, format_func=names.__getitem__, key=key, placeholder="All")


def _period(months: tuple[str, ...]) -> None:
    if not months:
        return
    left, right = st.columns(2)
    for column, name, label in ((left, "since", "From month"), (right, "until", "To month")):
        key = url_state.key(name)
        month = st.session_state.get(key)
        options = sorted({*months, month} if month else set(months))
        column.selectbox(label, options, key=key, placeholder="Any")


def _as_of(warehouse: Warehouse, snapshot_id: str) -> None:
    """Choose a snapshot. The newest is not written into the address, so that links follow it."""
    ids, current = warehouse.ids(), warehouse.current()
    widget = f"as of {snapshot_id}"

    def turn() -> None:
        chosen = st.session_state[widget]
        url_state.put("snapshot", None if chosen == current else chosen)

    if len(ids) > 1:
        names = moments(ids)
        st.selectbox(
            "As of",
            ids,
            index=ids.index(snapshot_id),
            key=widget,
            format_func=names.__getitem__,
            on_change=turn,
        )
    if snapshot_id != current:
        st.info("You are viewing an older snapshot.")


def _plain(value: str) -> str:
    return value.replace("_", " ")


def _clear() -> None:
    for name in (*Filters.__dataclass_fields__, "rows"):
        url_state.put(name, None)
