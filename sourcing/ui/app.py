"""The frame of every page: sign-in, snapshot, navigation, filters and notices."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sourcing import ROOT
from sourcing.errors import SourcingError, StoreError
from sourcing.reviews import meetings
from sourcing.ui import cached_reads, etl_process, sidebar, sign_in, url_state
from sourcing.ui.blocks.amended import followed_aliases
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.scripts import run_script
from sourcing.ui.elements.sentences import show_error
from sourcing.ui.page_registry import BY_ADDRESS, PAGES
from sourcing.ui.view import PageEndError, View, end_page, keep_view, kept_view
from sourcing.warehouse.snapshots import DEFAULT, default_path

_STYLE = Path(__file__).with_name("style.css")
_SAMPLE_FOLDER = Path("data/sample")
_LATER = "snapshot for later"
_LOOKS_EVERY_S = 15


def configure() -> None:
    """Set up the page. Must run first in every script run."""
    st.set_page_config(
        page_title="Source reliability",
        page_icon=str(_STYLE.with_name("icon.png")),
        layout="wide",
        menu_items={"About": "How sources attribute what they state. It gives no verdict."},
    )
    st.html(_STYLE)
    run_script("page")


def serve_pages() -> None:
    """Draw the navigation, the shared filters and the chosen page."""
    chosen = st.navigation(_navigation())
    if not _guarded(_admit):
        return
    _guarded(sign_in.say_what_was_lost)
    page = BY_ADDRESS[chosen.url_path or PAGES[0].address]
    _guarded(lambda: _prepare(chosen.url_path))
    notice_place = st.empty()
    complete = _guarded(chosen.run)
    if (view := kept_view()) is not None:
        if not url_state.text("snapshot"):
            _offer_newer(view.snapshot.id)
        sign_in.foot()
        sidebar.draw(view.choices, cached_reads.warehouse(), view.snapshot.id, page)
        _warn_about_address(notice_place, view, url_state.unused(page) if complete else [])
        url_state.write(url_state.filters_now())


def _navigation() -> dict[str, list[Any]]:
    """The pages of the navigation, by group."""
    groups: dict[str, list[Any]] = {}
    for page in PAGES:
        icon = f":material/{page.icon}:"
        entry = st.Page(page.path, title=page.title, icon=icon, default=page is PAGES[0])
        groups.setdefault(page.group, []).append(entry)
    return groups


@st.fragment(run_every=_LOOKS_EVERY_S)
def _offer_newer(shown_id: str) -> None:
    """Offer a newer snapshot if one was published since this page was drawn."""
    try:
        current_id = cached_reads.warehouse().current()
    except SourcingError:
        return  # the next run of the page reports it
    if current_id is not None and current_id not in (shown_id, st.session_state.get(_LATER)):
        with st.container(key="newer"):
            st.markdown(":material/update: A newer snapshot has been published.")
            with st.container(horizontal=True):
                if st.button("Look at it", key="look at newer", type="primary"):
                    st.rerun(scope="app")
                if st.button("Not now", key="newer another time"):
                    st.session_state[_LATER] = current_id
                    st.rerun(scope="fragment")


def _admit() -> None:
    if not sign_in.admitted():
        end_page()


def _prepare(address: str) -> None:
    """Open the snapshot in the address, by default the current one, and settle the filters."""
    keep_view(None)
    warehouse = cached_reads.warehouse()
    url_state.read(address)
    current_id = warehouse.current()
    if current_id is None and _load_sample():
        current_id = warehouse.current()
    if current_id is None:
        return
    snapshot_id = url_state.text("snapshot")
    if snapshot_id and snapshot_id not in warehouse.ids():
        url_state.ignore("snapshot", snapshot_id)
        snapshot_id = None
    snapshot = cached_reads.opened(str(warehouse.folder), snapshot_id or current_id)
    choices = cached_reads.choices(snapshot, snapshot.id)
    url_state.read_filters(choices)
    keep_view(View(snapshot, sidebar.settle(choices), choices))


def _guarded(part: Callable[[], Any]) -> bool:
    """Run a part of the page, and show an expected error as a sentence. Whether it completed."""
    try:
        part()
    except PageEndError:
        return False
    except SourcingError as error:
        show_error(error)
        st.stop()
    return True


def _load_sample() -> bool:
    """Load the sample on the first start; never if a warehouse was configured.

    Raises StoreError if it is not the first start: a meeting was held on a snapshot that is gone.
    """
    folder = _SAMPLE_FOLDER if _SAMPLE_FOLDER.is_dir() else ROOT / _SAMPLE_FOLDER
    if default_path() != DEFAULT or not folder.is_dir():
        return False
    reviews = cached_reads.reviews_if_any()
    if reviews and (held := meetings.every(reviews)):
        raise StoreError(
            f"{DEFAULT} holds no snapshot, although a meeting was held on {held[0].snapshot_id}. "
            "Put the folder back from a backup, or start anew: `python -m etl load PATH`. Recorded "
            "decisions are kept, and count again once their claims are loaded."
        )
    with st.spinner("First start: loading the sample …"):
        _load_once(str(folder))
    return True


@st.cache_resource(show_spinner=False)
def _load_once(folder: str) -> None:
    """One session loads while the others wait. A failure is not cached: the next visit retries."""
    finished = etl_process.run("load", folder)
    if finished.failed:
        raise StoreError(f"The sample could not be loaded. {finished.reason}")


def _warn_about_address(place: DeltaGenerator, view: View, unused: Sequence[str]) -> None:
    """Name the parts of the address that cannot be used, and sources that count under others.

    Called after the page checked its own.
    """
    sentences = []
    if ignored := url_state.ignored():
        sentences.append(
            "This address asks for something that is not available here, so it was ignored: "
            + _quoted(ignored)
        )
    if unused:
        parts = "this part" if len(unused) == 1 else "these parts"
        sentences.append(f"This page does not use {parts} of the address: {_quoted(unused)}")
    if not sentences and not url_state.aliases_followed():
        return
    with place.container():
        if sentences:
            st.warning("\n\n".join(sentences))
        followed_aliases(view, url_state.aliases_followed())


def _quoted(items: Sequence[str]) -> str:
    return ", ".join(f"“{plain(item)}”" for item in items[:5])
