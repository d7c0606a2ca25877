"""Snapshots and tables, cached for all sessions: a snapshot never changes."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import make_url

from sourcing import analysis
from sourcing.analysis.changes import Between
from sourcing.analysis.comparison import Mix, Side
from sourcing.charts.common import short_names_of
from sourcing.downloads import tables
from sourcing.filters import Filters
from sourcing.meetings.agenda import AgendaChoice, candidates
from sourcing.query_string import Choices
from sourcing.reviews import Reviews, address_of, is_there
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, default_path


def warehouse() -> Warehouse:
    """The warehouse of this server."""
    return Warehouse(default_path())


@st.cache_resource(max_entries=8, show_spinner=False, on_release=lambda snapshot: snapshot.close())
def opened(folder: str, snapshot_id: str) -> Snapshot:
    """An open snapshot, shared by all sessions."""
    return Snapshot(Warehouse(Path(folder)), snapshot_id)


@st.cache_data(max_entries=64, show_spinner=False)
def choices(_snapshot: Snapshot, snapshot_id: str) -> Choices:
    """What the filters offer."""
    del snapshot_id  # only the key of the cache
    return queries.choices(_snapshot)


@st.cache_data(max_entries=64, show_spinner=False)
def _names(_snapshots: tuple[Snapshot, ...], cache_key: str) -> dict[str, str]:
    del cache_key
    return queries.source_names(*_snapshots)


def source_names(snapshots: tuple[Snapshot, ...]) -> dict[str, str]:
    """The names of sources by id, as readers see them; the first snapshot that holds one counts."""
    return _names(snapshots, " ".join(snapshot.id for snapshot in snapshots))


@st.cache_data(max_entries=64, show_spinner=False)
def _short_names(_names: dict[str, str], cache_key: str) -> dict[str, str]:
    del cache_key
    short = short_names_of(_names.values())
    return {source: short[name] for source, name in _names.items()}


def short_names(snapshots: tuple[Snapshot, ...]) -> dict[str, str]:
    """The same, cut to the space in a chart."""
    cache_key = " ".join(snapshot.id for snapshot in snapshots)
    return _short_names(source_names(snapshots), cache_key)


@st.cache_data(max_entries=64, show_spinner=False)
def status(_snapshot: Snapshot, snapshot_id: str) -> dict[str, Any]:
    """What the snapshot holds."""
    del snapshot_id
    return queries.status(_snapshot)


@st.cache_data(max_entries=128, show_spinner="Counting …")
def _summed(_snapshot: Snapshot, _filters: Filters, cache_key: str) -> pd.DataFrame:
    del cache_key
    return analysis.shares.summed_shares(_snapshot, _filters)


@st.cache_data(max_entries=512, show_spinner="Counting …")
def _shares(_snapshot: Snapshot, _filters: Filters, cache_key: str, by: str) -> pd.DataFrame:
    if by == "source":
        return analysis.shares.shares_by_source(
            _snapshot, _filters, _summed(_snapshot, _filters, cache_key)
        )
    return analysis.shares.shares_by(_snapshot, _filters, by)


def shares(snapshot: Snapshot, filters: Filters, by: str = "source") -> pd.DataFrame:
    """Shares by group under the filters: the frame behind chart, table and download."""
    return _shares(snapshot, filters, f"{snapshot.id}?{filters.query()}", by)


@st.cache_data(max_entries=256, show_spinner=False)
def _concentrated(_snapshot: Snapshot, _filters: Filters, cache_key: str) -> list[str]:
    return analysis.shares.concentrated_sources(_snapshot, _summed(_snapshot, _filters, cache_key))


def concentrated(snapshot: Snapshot, filters: Filters) -> list[str]:
    """Ids of sources in which a tenth of the articles holds more than half of the claims."""
    return _concentrated(snapshot, filters, f"{snapshot.id}?{filters.query()}")


@st.cache_data(max_entries=256, show_spinner="Looking up …")
def _listed(
    _snapshot: Snapshot, _filters: Filters, cache_key: str, name: str, limit: int, offset: int
) -> pd.DataFrame:
    del cache_key
    return queries.listed(_snapshot, name, _filters, limit, offset)


def listed(
    snapshot: Snapshot, filters: Filters, name: str, limit: int, offset: int = 0
) -> pd.DataFrame:
    """One page of a list."""
    cache_key = f"{snapshot.id}?{filters.query()}"
    return _listed(snapshot, filters, cache_key, name, limit, offset)


@st.cache_data(max_entries=256, show_spinner="Counting …")
def _count(_snapshot: Snapshot, _filters: Filters, cache_key: str, name: str) -> dict[str, int]:
    del cache_key
    return queries.count(_snapshot, name, _filters)


def count(snapshot: Snapshot, filters: Filters, name: str) -> dict[str, int]:
    """The counts of a query that returns one row."""
    return _count(snapshot, filters, f"{snapshot.id}?{filters.query()}", name)


@st.cache_data(max_entries=128, show_spinner="Comparing annotators …")
def _agreement(_snapshot: Snapshot, _filters: Filters, cache_key: str, name: str) -> pd.DataFrame:
    del cache_key
    return tables.frame_of(name, _snapshot, _filters)


@st.cache_data(max_entries=128, show_spinner="Comparing annotators …")
def _labelled(_snapshot: Snapshot, _filters: Filters, cache_key: str) -> pd.DataFrame:
    del cache_key
    return analysis.agreement.labelled_publishers(_snapshot, _filters)


def labelled_publishers(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Publishers whose articles people or models have labelled."""
    return _labelled(snapshot, filters, f"{snapshot.id}?{filters.query()}")


def agreement(snapshot: Snapshot, filters: Filters, name: str) -> pd.DataFrame:
    """A table on annotators, by its name as a download."""
    return _agreement(snapshot, filters, f"{snapshot.id}?{filters.query()}", name)


@st.cache_data(max_entries=128, show_spinner="Counting …")
def _compared(
    _first: Side, _second: Side, cache_key: str, alike: bool
) -> tuple[pd.DataFrame, Mix | None]:
    del cache_key
    if alike:
        return analysis.comparison.standardised(_first, _second)
    return analysis.comparison.compared(_first, _second), None


def compared_sides(first: Side, second: Side, alike: bool) -> tuple[pd.DataFrame, Mix | None]:
    """How far two sides differ. alike: at the same mix, also returned; else the mix is None."""
    return _compared(first, second, f"{_key(first)} {_key(second)}", alike)


@st.cache_data(max_entries=128, show_spinner="Counting under other choices …")
def _under_choices(_first: Side, _second: Side | None, cache_key: str, alike: bool) -> pd.DataFrame:
    del cache_key
    if _second is None:
        return analysis.robustness.of_shares(_first)
    return analysis.robustness.of_differences(_first, _second, alike)


def under_choices(first: Side, second: Side | None = None, alike: bool = False) -> pd.DataFrame:
    """Shares of one side, or differences of two, under every defensible choice."""
    cache_key = f"{_key(first)} {_key(second) if second else ''}"
    return _under_choices(first, second, cache_key, alike)


@st.cache_data(max_entries=64, show_spinner="Ranking …")
def _ranking(_snapshot: Snapshot, _filters: Filters, cache_key: str) -> pd.DataFrame:
    del cache_key
    return analysis.ranking.ranked_sources(_snapshot, _filters)


def ranking(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """Sources ranked by each label's share."""
    return _ranking(snapshot, filters, f"{snapshot.id}?{filters.query()}")


@st.cache_data(max_entries=128, show_spinner=False)
def _precision(_snapshot: Snapshot, _filters: Filters, cache_key: str) -> pd.DataFrame:
    del cache_key
    return analysis.precision.share_precision(_snapshot, _filters)


def precision(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The precision of shares, and how many more articles would improve it."""
    return _precision(snapshot, filters, f"{snapshot.id}?{filters.query()}")


@st.cache_resource(
    max_entries=4,
    show_spinner="Comparing the snapshots claim by claim …",
    on_release=lambda resource: resource.close(),
)
def _between(_older: Snapshot, _newer: Snapshot, _filters: Filters, cache_key: str) -> Between:
    del cache_key
    return Between(_older, _newer, _filters)


def between(older: Snapshot, newer: Snapshot, filters: Filters) -> Between:
    """What changed between two snapshots, claim by claim."""
    return _between(older, newer, filters, f"{older.id} {newer.id}?{filters.query()}")


def _key(side: Side) -> str:
    return f"{side.snapshot.id}?{side.filters.query()}"


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda resource: resource.close())
def _reviews(url: str) -> Reviews:
    return Reviews(make_url(url))


def reviews_if_any() -> Reviews | None:
    """The review database, or None if its file does not exist yet: reading creates none."""
    return reviews() if is_there(address_of(warehouse())) else None


def reviews() -> Reviews:
    """The review database of this server's warehouse, migrated to the current schema."""
    url = address_of(warehouse())
    return _reviews(url.render_as_string(hide_password=False))


@st.cache_data(max_entries=64, show_spinner="Looking for the most important claims …")
def _agenda(
    _snapshot: Snapshot, _filters: Filters, cache_key: str, request: AgendaChoice, limit: int
) -> pd.DataFrame:
    del cache_key
    return candidates(_snapshot, _filters, request, limit)


def agenda(snapshot: Snapshot, filters: Filters, request: AgendaChoice, limit: int) -> pd.DataFrame:
    """Claims for an agenda (agenda.candidates)."""
    return _agenda(snapshot, filters, f"{snapshot.id}?{filters.query()}", request, limit)
