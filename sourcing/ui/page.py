"""The frame of every page: navigation, what must be known before any number, empty states."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sourcing.errors import SourcingError
from sourcing.filters import Filters, on_articles
from sourcing.query_string import Choices
from sourcing.ui import address, sidebar, signin, store
from sourcing.ui.texts import plain
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import DEFAULT, Snapshot, default_path

_VIEW = "the view of this run"
_STYLE = Path(__file__).with_name("style.css")
_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
SAMPLE = Path("data/sample")
_LATER = "snapshot for later"
_LOOKS_EVERY_S = 15


@dataclass(frozen=True)
class View:
    """What a page shows: a snapshot under filters."""

    snapshot: Snapshot
    filters: Filters
    choices: Choices

    def shares(self, by: str = "source", filters: Filters | None = None) -> pd.DataFrame:
        """Shares by group (bysource.SHARES), under these or other filters."""
        return store.shares(self.snapshot, filters or self.filters, by)

    def listed(
        self, name: str, limit: int, offset: int = 0, filters: Filters | None = None
    ) -> pd.DataFrame:
        """One page of a list."""
        return store.listed(self.snapshot, filters or self.filters, name, limit, offset)

    def precision(self, filters: Filters) -> pd.DataFrame:
        """How sure shares are (precision.PRECISION)."""
        return store.precision(self.snapshot, filters)

    def agreement(
        self, name: str, basis: str | None = None, filters: Filters | None = None
    ) -> pd.DataFrame:
        """A table on annotators, by its name as a download; on people or models only."""
        found = store.agreement(self.snapshot, on_articles(filters or self.filters), name)
        return found if basis is None else found[found["basis"] == basis]

    def other(self, snapshot_id: str) -> Snapshot:
        """Another snapshot of the same warehouse."""
        return store.opened(str(store.warehouse().folder), snapshot_id)

    def as_of(self, snapshot_id: str) -> "View":
        """The same view of another snapshot."""
        return replace(self, snapshot=self.other(snapshot_id))

    def snapshots(self) -> list[str]:
        """The ids of all snapshots, newest first."""
        return store.warehouse().ids()

    def labelled_publishers(self, basis: str) -> pd.DataFrame:
        """Publishers with first, independent labels of people or models, by name."""
        found = store.labelled_publishers(self.snapshot, on_articles(self.filters))
        return found[found["basis"] == basis]

    def count(self, name: str, filters: Filters | None = None) -> dict[str, int]:
        """The counts of a one-row question."""
        return store.count(self.snapshot, filters or self.filters, name)

    def publisher(self, source_id: str) -> pd.Series:
        """Who a source is (columns of queries.publishers); None where not known."""
        found = queries.publishers(self.snapshot)
        source = found[found["source_id"] == source_id].iloc[0]
        return source.astype(object).where(source.notna(), None)

    def status(self) -> dict[str, Any]:
        """What the snapshot holds (queries.status)."""
        return store.status(self.snapshot, self.snapshot.id)

    def concentration(self, filters: Filters | None = None) -> str:
        """A sentence where few articles hold most claims of a source; else nothing."""
        names = store.concentrated(self.snapshot, filters or self.filters)
        if not names:
            return ""
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        return (
            f"One article in ten holds more than half of the claims of {shown}: read intervals of "
            "rare labels there with care."
        )

    def sentence(self, filters: Filters | None = None) -> str:
        """What is counted, in words."""
        return (filters or self.filters).sentence(self.choices.sources)


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


def serve_pages(pages: Sequence[Any]) -> None:
    """Draw the navigation, the shared filters and the chosen page."""
    chosen = st.navigation(list(pages))
    if not _guarded(_admit):
        return
    _guarded(lambda: _prepare(chosen.url_path))
    notice = st.empty()
    whole = _guarded(chosen.run)
    if (found := st.session_state.get(_VIEW)) is not None:
        if not address.text("snapshot"):
            _offer_newer(found.snapshot.id)
        signin.foot()
        sidebar.draw(found.choices, store.warehouse(), found.snapshot.id, chosen.url_path)
        _name_ignored(notice, address.idle(chosen.url_path) if whole else [])
        address.write(address.filters_now())


@st.fragment(run_every=_LOOKS_EVERY_S)
def _offer_newer(shown: str) -> None:
    """Say that another snapshot has been published since this page was drawn."""
    try:
        current = store.warehouse().current()
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
    if not signin.admitted():
        done()


def _prepare(page: str) -> None:
    st.session_state[_VIEW] = None
    found = store.warehouse()
    address.read(page)
    current = found.current()
    if current is None and _load_sample():
        current = found.current()
    if current is None:
        return
    asked = address.text("snapshot")
    if asked and asked not in found.ids():
        address.ignore("snapshot", asked)
        asked = None
    snapshot = store.opened(str(found.folder), asked or current)
    choices = store.choices(snapshot, snapshot.id)
    address.read_filters(choices)
    filters = sidebar.settle(choices)
    st.session_state[_VIEW] = View(snapshot, filters, choices)


def _guarded(part: Callable[[], Any]) -> bool:
    """Show an error that is a sentence as one; anything else is a defect. Whether it all ran."""
    try:
        part()
    except _Done:
        return False
    except SourcingError as error:
        st.error(str(error))
        st.stop()
    return True


def done() -> NoReturn:
    """End the page. Unlike `st.stop`, this leaves the address to be written."""
    raise _Done


class _Done(Exception):  # noqa: N818 (no error)
    """The page has shown all it has to show."""


def _load_sample() -> bool:
    """Load the sample on the very first start; never where somebody named a warehouse."""
    if default_path() != DEFAULT or not SAMPLE.is_dir():
        return False
    with st.spinner("First start: loading the sample …"):
        return _loaded_sample()


@st.cache_resource(show_spinner=False)
def _loaded_sample() -> bool:
    command = [sys.executable, "-m", "etl", "load", str(SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        st.error(done.stderr.strip() or "The sample could not be loaded.")
    return done.returncode == 0


def view(title: str) -> View:
    """What this page shows. Where there is nothing yet, says what to do and ends the page."""
    st.title(title, anchor=False)
    found = st.session_state.get(_VIEW)
    if not isinstance(found, View):
        _empty()
        done()
    _cautions(found)
    return found


def _empty() -> None:
    named = "" if default_path() == DEFAULT else f" --warehouse {default_path()}"
    st.info(
        "**Nothing is loaded yet.** Load labelled articles, then reload this page:\n\n"
        f"```\npython -m etl load data/sample{named}\n```\n\n"
        f"This server reads the warehouse `{default_path()}`. `make demo` shows a larger, made-up "
        "corpus."
    )


def _cautions(found: View) -> None:
    """Words that must stand before any number."""
    if found.status()["made_up"]:
        st.warning("**Made-up data.** The outlets, articles and claims shown here are invented.")


def _name_ignored(place: DeltaGenerator, idle: Sequence[str]) -> None:
    """Name what the address asks for in vain. Pages look at their own values while they run."""
    said = []
    if ignored := address.ignored():
        said.append(
            "This address asks for something that cannot be had, so it is left out: "
            + _quoted(ignored)
        )
    if idle:
        said.append(f"This part of the address plays no part on this page: {_quoted(idle)}")
    if said:
        place.warning("\n\n".join(said))


def _quoted(items: Sequence[str]) -> str:
    return ", ".join(f"“{plain(item)}”" for item in items[:5])
