"""The tables that can be seen, downloaded and exported, by name.

Names and columns are a contract: a spreadsheet that pulls `/download/shares.csv` today must still
find the same columns next year. Screen, download and `etl export` read these same functions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sourcing import csv_format
from sourcing.analysis import agreement, changes, comparison, ranking, robustness
from sourcing.analysis.comparison import Side
from sourcing.analysis.precision import share_precision
from sourcing.analysis.shares import shares_by, shares_by_source
from sourcing.errors import FilterError
from sourcing.filters import COUNTED, ON_ARTICLES, Filters
from sourcing.frame_rows import row_tuples
from sourcing.meetings import agenda
from sourcing.statistics import Weighting
from sourcing.warehouse import queries
from sourcing.warehouse.contract import dictionary
from sourcing.warehouse.snapshots import Snapshot

_ON_SHARES = frozenset((*COUNTED, "since", "until"))
_ON_SNAPSHOTS = frozenset((*ON_ARTICLES, "topic"))


@dataclass(frozen=True)
class Table:
    """A table by name: what it is, and how its rows come.

    headed: with snapshot and filters.  filters: those that play a part in it.  paired: how the rows
    of a comparison come, from two sides and whether they are brought to the same mix.
    """

    meaning: str
    rows: Callable[[Snapshot, Filters], Iterator[tuple[Sequence[str], Sequence[Sequence[Any]]]]]
    headed: bool = True
    filters: frozenset[str] = _ON_SHARES
    listing: bool = False
    paired: Callable[[Side, Side, bool], pd.DataFrame] | None = None


def _of_frame(
    make: Callable[[Snapshot, Filters], pd.DataFrame],
) -> Callable[[Snapshot, Filters], Iterator[tuple[Sequence[str], Sequence[Sequence[Any]]]]]:
    def rows(
        snapshot: Snapshot, filters: Filters
    ) -> Iterator[tuple[Sequence[str], Sequence[Sequence[Any]]]]:
        frame = make(snapshot, filters)
        yield list(frame.columns), row_tuples(frame)

    return rows


def _agreement(meaning: str, make: Callable[[Snapshot, Filters], pd.DataFrame]) -> Table:
    """A table on annotators; of the filters, those on articles play a part in it."""
    return Table(meaning, _of_frame(make), filters=frozenset(ON_ARTICLES), listing=True)


def compared(first: Side, second: Side, alike: bool) -> pd.DataFrame:
    """How far two sides differ (comparisons.COMPARED), at the same mix if so asked."""
    if alike:
        return comparison.standardised(first, second)[0]
    return comparison.compared(first, second)


def _pair(
    meaning: str,
    make: Callable[[Side, Side, bool], pd.DataFrame],
    filters: frozenset[str] = _ON_SHARES,
) -> Table:
    return Table(meaning, lambda *_: iter(()), filters=filters, paired=make)


def _since(first: Side, second: Side, alike: bool) -> pd.DataFrame:
    with changes.between(*_snapshots(first, second, alike)) as found:
        return found.parts()


def _changed_claims(first: Side, second: Side, alike: bool) -> pd.DataFrame:
    with changes.between(*_snapshots(first, second, alike)) as found:
        return found.claims()


def _snapshots(first: Side, second: Side, alike: bool) -> tuple[Snapshot, Snapshot, Filters]:
    if alike or first.filters != second.filters:
        raise FilterError(
            "Name the newer snapshot as other_snapshot; both are counted under the same filters, "
            "as they are."
        )
    if first.filters.weighting is not Weighting.CLAIM:
        raise FilterError("Changes are split by claim: leave the weighting out.")
    older, newer = sorted((first.snapshot, second.snapshot), key=lambda snapshot: snapshot.id)
    return older, newer, first.filters


def _list(name: str, meaning: str, headed: bool = True) -> Table:
    """A list of rows; it takes the filters that its question in sql/`name`.sql asks for."""

    def rows(
        snapshot: Snapshot, filters: Filters
    ) -> Iterator[tuple[Sequence[str], Sequence[Sequence[Any]]]]:
        return snapshot.batches(name, queries.only_used(name, filters.list_parameters()))

    return Table(meaning, rows, headed, queries.filters_of(name), listing=True)


TABLES: dict[str, Table] = {
    "shares": Table(
        "Share of each label in each source's claims, with interval and worst case.",
        _of_frame(shares_by_source),
    ),
    "shares_by_month": Table(
        "The same by month; undated articles are left out.",
        _of_frame(lambda snapshot, filters: shares_by(snapshot, filters, "month")),
    ),
    "shares_by_quarter": Table(
        "The same by quarter; undated articles are left out.",
        _of_frame(lambda snapshot, filters: shares_by(snapshot, filters, "quarter")),
    ),
    "shares_by_year": Table(
        "The same by year; undated articles are left out.",
        _of_frame(lambda snapshot, filters: shares_by(snapshot, filters, "year")),
    ),
    "shares_by_topic": Table(
        "The same by topic.",
        _of_frame(lambda snapshot, filters: shares_by(snapshot, filters, "topic")),
    ),
    "counted": Table(
        "What each source's shares rest on: claims by how they were resolved, annotators.",
        _of_frame(lambda *asked: queries.counted(*asked).dropna(subset=["source_id"])),
        filters=queries.filters_of("counted"),
    ),
    "ranking": Table(
        "Sources ranked by each label's share, with rank intervals and groups.",
        _of_frame(ranking.ranked_sources),
    ),
    "precision": Table(
        "How sure each share is, and how many more articles would make it surer.",
        _of_frame(share_precision),
    ),
    "robustness": Table(
        "Each label's share under every defensible choice; all that counts taken together.",
        _of_frame(lambda snapshot, filters: robustness.of_shares(Side(snapshot, filters))),
    ),
    "compare": _pair("How far the shares of two sides differ.", compared),
    "compare_robustness": _pair(
        "That difference under every defensible choice.",
        robustness.of_differences,
    ),
    "since": _pair("Why shares differ between two snapshots, by cause.", _since, _ON_SNAPSHOTS),
    "changed_claims": _pair(
        "The claims that count otherwise in the second.", _changed_claims, _ON_SNAPSHOTS
    ),
    "agenda": Table(
        "Claims that a meeting could decide, by how far that could move a share.",
        _of_frame(lambda snapshot, filters: agenda.candidates(snapshot, filters, agenda.ALL, None)),
        filters=_ON_SNAPSHOTS,
        listing=True,
    ),
    "articles": _list("articles", "Articles and what their claims were resolved to."),
    "cited": _list("cited", "Whom articles cite."),
    "citations": _list("citations", "Every citation of a claim."),
    "claims": _list("claims", "Claims, their article and source, and how each was resolved."),
    "labels": _list("labels", "Every label event."),
    "agreement": _agreement("How far annotators agree, by label.", agreement.by_label),
    "agreement_by_source": _agreement(
        "The same by source, on all labels.",
        lambda snapshot, filters: agreement.by_group(snapshot, filters, "source"),
    ),
    "agreement_by_month": _agreement(
        "The same by month; undated articles are left out.",
        lambda snapshot, filters: agreement.by_group(snapshot, filters, "month"),
    ),
    "agreement_by_pair": _agreement("The same by pair of annotators.", agreement.by_pair),
    "coincidences": _agreement("Which labels meet on one claim.", agreement.coincidences),
    "annotator_labels": _agreement("Which labels annotators give.", agreement.label_mixes),
    "disagreements": _list("disagreements", "Claims on which annotators disagree."),
    "resolved": _list("resolved", "How each claim was resolved.", headed=False),
    "dictionary": Table(
        "The data dictionary.",
        _of_frame(lambda *_: pd.DataFrame(dictionary())),
        headed=False,
        filters=frozenset(),
    ),
    "findings": _list("findings_list", "Inconsistencies for a review."),
    "rejects": _list("rejects_list", "Rows that were refused when files were loaded."),
}


def unused(table: str, filters: Filters) -> list[str]:
    """The filters that are set but play no part in a table, by name."""
    asked = {name: None for name, _ in filters.pairs() if name not in ("view", "weighting")}
    return [name for name in asked if name not in TABLES[table].filters]


@dataclass(frozen=True)
class Other:
    """The second side of a comparison. alike: whether both are brought to the same mix."""

    side: Side
    alike: bool = False


def csv(
    snapshot: Snapshot, table: str, filters: Filters, other: Other | None = None
) -> Iterator[bytes]:
    """The CSV of a table, piece by piece. Filters that play no part in it are not named in it.

    Raises FilterError where there is no such table, or a comparison lacks its second side.
    """
    if table not in TABLES:
        raise FilterError(f"There is no table {table[:60]!r}. Tables: {', '.join(TABLES)}.")
    found = TABLES[table]
    filters = filters.without(unused(table, filters))
    names = queries.choices(snapshot).sources
    sentence = filters.list_sentence(names) if found.listing else filters.sentence(names)
    head = [("snapshot", snapshot.id), ("filters", sentence)] if found.headed else []
    if (make := found.paired) is not None:
        if other is None:
            raise FilterError(f"The table {table} needs what to compare with: {_SECOND}.")
        other_names = queries.choices(other.side.snapshot).sources
        head += [
            ("other_snapshot", other.side.snapshot.id),
            ("other_filters", other.side.filters.sentence(other_names)),
            ("mix", "same genres and topics" if other.alike else "as it is"),
        ]
        rows = _of_frame(lambda *_: make(Side(snapshot, filters), other.side, other.alike))
        found = replace(found, rows=rows)
    return _with_header(snapshot, found, filters, head)


_SECOND = "other_source, other_since, other_until or other_snapshot"


def _with_header(
    snapshot: Snapshot, table: Table, filters: Filters, head: list[tuple[str, str]]
) -> Iterator[bytes]:
    batches = table.rows(snapshot, filters)
    columns, first = next(batches)

    def every() -> Iterator[Sequence[Sequence[Any]]]:
        yield first
        for _, rows in batches:
            yield rows

    return csv_format.lines(columns, every(), head)
