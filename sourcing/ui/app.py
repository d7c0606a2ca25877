"""The frame of every page: navigation, filters, what must be known before any number."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sourcing import ROOT
from sourcing.errors import SourcingError, StoreError
from sourcing.ui import cached_reads, etl_process, sidebar, sign_in, url_state
from sourcing.ui.elements.markdown import plain
from sourcing.ui.page_registry import BY_ADDRESS, PAGES
from sourcing.ui.view import PageEndError, View, end_page, keep_view, kept_view
from sourcing.warehouse.snapshots import DEFAULT, default_path

_STYLE = Path(__file__).with_name("style.css")
_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
_SAMPLE = Path("data/sample")
_LATER = "snapshot for later"
_LOOKS_EVERY_S = 15


def configure() -> None:
    """Set up the page. Must come first in every run."""
    st.set_page_config(
        page_title="Source reliability",
        page_icon=str(_STYLE.with_name("icon.png")),
        layout="wide",
        menu_items={"About": "How sources attribute what they state. It gives no verdict."},
    )
    st.html(_STYLE)
    with st.container(key="script"):
        st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True)


def serve_pages() -> None:
    """Draw the navigation, the shared filters and the chosen page."""
    chosen = st.navigation(_navigation())
    if not _guarded(_admit):
        return
    page = BY_ADDRESS[chosen.url_path or PAGES[0].address]
    _guarded(lambda: _prepare(chosen.url_path))
    notice = st.empty()
    complete = _guarded(chosen.run)
    if (view := kept_view()) is not None:
        if not url_state.text("snapshot"):
            _offer_newer(view.snapshot.id)
        sign_in.foot()
        sidebar.draw(view.choices, cached_reads.warehouse(), view.snapshot.id, page)
        _name_ignored(notice, url_state.unused(page) if complete else [])
        url_state.write(url_state.filters_now())


def _navigation() -> dict[str, list[Any]]:
    """The pages by the group under which they stand."""
    groups: dict[str, list[Any]] = {}
    for page in PAGES:
        icon = f":material/{page.icon}:"
        entry = st.Page(page.path, title=page.title, icon=icon, default=page is PAGES[0])
        groups.setdefault(page.group, []).append(entry)
    return groups


@st.fragment(run_every=_LOOKS_EVERY_S)
def _offer_newer(shown: str) -> None:
    """Say that another snapshot has been published since this page was drawn."""
    try:
        current = cached_reads.warehouse().current()
    except SourcingError:
        return  # the next run of the page says it
    if current is not None and current not in (shown, st.session_state.get(_LATER)):
        with st.container(key="newer"):
            st.markdown(":material/update: A newer snapshot has been published.")
            with st.container(horizontal=True):
                if st.button("Look at it", key="look at newer", type="primary"):
                    st.rerun(scope="app")
                if st.button("Not now", key="newer another time"):
                    st.session_state[_LATER] = current
                    st.rerun(scope="fragment")


def _admit() -> None:
    if not sign_in.admitted():
        end_page()


def _prepare(address: str) -> None:
    """Open the snapshot that the address asks for, and settle the filters."""
    keep_view(None)
    warehouse = cached_reads.warehouse()
    url_state.read(address)
    current = warehouse.current()
    if current is None and _load_sample():
        current = warehouse.current()
    if current is None:
        return
    wanted = url_state.text("snapshot")
    if wanted and wanted not in warehouse.ids():
        url_state.ignore("snapshot", wanted)
        wanted = None
    snapshot = cached_reads.opened(str(warehouse.folder), wanted or current)
    choices = cached_reads.choices(snapshot, snapshot.id)
    url_state.read_filters(choices)
    keep_view(View(snapshot, sidebar.settle(choices), choices))


def _guarded(part: Callable[[], Any]) -> bool:
    """Show an error that is a sentence as one; anything else is a defect. Whether it all ran."""
    try:
        part()
    except PageEndError:
        return False
    except SourcingError as error:
        st.error(str(error))
        st.stop()
    return True


def _load_sample() -> bool:
    """Load the sample on the very first start; never where somebody named a warehouse."""
    folder = _SAMPLE if _SAMPLE.is_dir() else ROOT / _SAMPLE
    if default_path() != DEFAULT or not folder.is_dir():
        return False
    with st.spinner("First start: loading the sample …"):
        _load_once(str(folder))
    return True


@st.cache_resource(show_spinner=False)
def _load_once(folder: str) -> None:
    """One session loads, the others wait. A failure is not kept: the next visit tries again."""
    finished = etl_process.run("load", folder)
    if finished.failed:
        raise StoreError(f"The sample could not be loaded. {finished.reason}")


def _name_ignored(place: DeltaGenerator, unused: Sequence[str]) -> None:
    """Name what the address asks for in vain. Pages look at their own values while they run."""
    sentences = []
    if ignored := url_state.ignored():
        sentences.append(
            "This address asks for something that cannot be had, so it is left out: "
            + _quoted(ignored)
        )
    if unused:
        sentences.append(f"This page does not use this part of the address: {_quoted(unused)}")
    if sentences:
        place.warning("\n\n".join(sentences))


def _quoted(items: Sequence[str]) -> str:
    return ", ".join(f"“{plain(item)}”" for item in items[:5])
