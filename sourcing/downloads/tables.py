"""The tables that can be seen, downloaded and exported, by name.

Names and columns are a contract: a spreadsheet that pulls `/download/shares.csv` today must still
find the same columns next year. Screen, download and `etl export` read these same functions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
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


Batch = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""Column names and some of the rows."""


@dataclass(frozen=True)
class Table:
    """A table by name: what it is, and where its rows come from; one of the three below.

    frame: an analysis of a snapshot under filters.  question: the SQL file that lists its rows.
    paired: how the rows of a comparison come, from two sides and whether they are brought to the
    same mix.

    headed: with snapshot and filters as its first columns.  filters: those that apply to it.
    listing: whether filters choose rows, and do not change what is counted.
    """

    meaning: str
    frame: Callable[[Snapshot, Filters], pd.DataFrame] | None = None
    question: str = ""
    paired: Callable[[Side, Side, bool], pd.DataFrame] | None = None
    headed: bool = True
    filters: frozenset[str] = _ON_SHARES
    listing: bool = False

    def batches(self, snapshot: Snapshot, filters: Filters) -> Iterator[Batch]:
        """The rows, batch by batch; none of a comparison, which needs two sides."""
        if self.question:
            parameters = queries.only_used(self.question, filters.list_parameters())
            yield from snapshot.batches(self.question, parameters)
        elif self.frame is not None:
            yield _batch(self.frame(snapshot, filters))


def _batch(frame: pd.DataFrame) -> Batch:
    return list(frame.columns), row_tuples(frame)


def _list(name: str, meaning: str, *, headed: bool = True) -> Table:
    """A list of rows; it takes the filters that its question in sql/lists asks for."""
    question = f"lists/{name}"
    applied = queries.filters_of(question)
    return Table(meaning, question=question, headed=headed, filters=applied, listing=True)


def _agreement(meaning: str, frame: Callable[[Snapshot, Filters], pd.DataFrame]) -> Table:
    """A table on annotators; only filters on articles apply to it."""
    return Table(meaning, frame, filters=frozenset(ON_ARTICLES), listing=True)


def compared(first: Side, second: Side, same_mix: bool) -> pd.DataFrame:
    """How far two sides differ (comparison.COMPARED), at the same mix if so asked."""
    if same_mix:
        return comparison.standardised(first, second)[0]
    return comparison.compared(first, second)


def _since(first: Side, second: Side, same_mix: bool) -> pd.DataFrame:
    with changes.between(*_snapshots(first, second, same_mix)) as between:
        return between.parts()


def _changed_claims(first: Side, second: Side, same_mix: bool) -> pd.DataFrame:
    with changes.between(*_snapshots(first, second, same_mix)) as between:
        return between.claims()


def _snapshots(first: Side, second: Side, same_mix: bool) -> tuple[Snapshot, Snapshot, Filters]:
    if same_mix or first.filters != second.filters:
        raise FilterError(
            "Name the newer snapshot as other_snapshot; both are counted under the same filters, "
            "as they are."
        )
    if first.filters.weighting is not Weighting.CLAIM:
        raise FilterError("Changes are split by claim: leave the weighting out.")
    older, newer = sorted((first.snapshot, second.snapshot), key=lambda snapshot: snapshot.id)
    return older, newer, first.filters


TABLES: dict[str, Table] = {
    "shares": Table(
        "Share of each label in each source's claims, with interval and worst case.",
        shares_by_source,
    ),
    "shares_by_month": Table(
        "The same by month; undated articles are left out.",
        lambda snapshot, filters: shares_by(snapshot, filters, "month"),
    ),
    "shares_by_quarter": Table(
        "The same by quarter; undated articles are left out.",
        lambda snapshot, filters: shares_by(snapshot, filters, "quarter"),
    ),
    "shares_by_year": Table(
        "The same by year; undated articles are left out.",
        lambda snapshot, filters: shares_by(snapshot, filters, "year"),
    ),
    "shares_by_topic": Table(
        "The same by topic.",
        lambda snapshot, filters: shares_by(snapshot, filters, "topic"),
    ),
    "counted": Table(
        "What each source's shares rest on: claims by how they were resolved, annotators.",
        lambda *asked: queries.counted(*asked).dropna(subset=["source_id"]),
        filters=queries.filters_of("shares/counted"),
    ),
    "ranking": Table(
        "Sources ranked by each label's share, with rank intervals and groups.",
        ranking.ranked_sources,
    ),
    "precision": Table(
        "How sure each share is, and how many more articles would make it surer.",
        share_precision,
    ),
    "robustness": Table(
        "Each label's share under every defensible choice; all that counts taken together.",
        lambda snapshot, filters: robustness.of_shares(Side(snapshot, filters)),
    ),
    "compare": Table("How far the shares of two sides differ.", paired=compared),
    "compare_robustness": Table(
        "That difference under every defensible choice.", paired=robustness.of_differences
    ),
    "since": Table(
        "Why shares differ between two snapshots, by cause.",
        paired=_since,
        filters=_ON_SNAPSHOTS,
    ),
    "changed_claims": Table(
        "The claims that count differently in the second.",
        paired=_changed_claims,
        filters=_ON_SNAPSHOTS,
    ),
    "agenda": Table(
        "Claims that a meeting could decide, by how far that could move a share.",
        lambda snapshot, filters: agenda.candidates(snapshot, filters, agenda.ALL, None),
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
        lambda *_: pd.DataFrame(dictionary()),
        headed=False,
        filters=frozenset(),
    ),
    "findings": _list("findings", "Inconsistencies for a review."),
    "rejects": _list("rejects", "Rows that were refused when files were loaded."),
}


def unused(table: str, filters: Filters) -> list[str]:
    """The filters that are set but do not apply to a table, by name."""
    names = dict.fromkeys(name for name, _ in filters.pairs() if name not in ("view", "weighting"))
    return [name for name in names if name not in TABLES[table].filters]


def frame_of(name: str, snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The whole table as a frame. Raises FilterError where it is a list or a comparison."""
    table = TABLES[name]
    if table.frame is None:
        raise FilterError(f"The table {name} is no frame of one snapshot.")
    return table.frame(snapshot, filters)


@dataclass(frozen=True)
class Other:
    """The second side of a comparison. same_mix: whether both are brought to the same mix."""

    side: Side
    same_mix: bool = False


_OTHER = "other_source, other_since, other_until or other_snapshot"


def csv(
    snapshot: Snapshot, name: str, filters: Filters, other: Other | None = None
) -> Iterator[bytes]:
    """The CSV of a table, piece by piece. Filters that do not apply to it are not named in it.

    Raises FilterError where there is no such table, or a comparison lacks its second side.
    """
    if name not in TABLES:
        raise FilterError(f"There is no table {name[:60]!r}. Tables: {', '.join(TABLES)}.")
    table = TABLES[name]
    filters = filters.without(unused(name, filters))
    names = queries.choices(snapshot).sources
    sentence = filters.list_sentence(names) if table.listing else filters.sentence(names)
    head = [("snapshot", snapshot.id), ("filters", sentence)] if table.headed else []
    batches = table.batches(snapshot, filters)
    if table.paired is not None:
        if other is None:
            raise FilterError(f"The table {name} needs a second side: {_OTHER}.")
        head += _second_head(other)
        frame = table.paired(Side(snapshot, filters), other.side, other.same_mix)
        batches = iter([_batch(frame)])
    columns, first = next(batches)
    rest = (rows for _, rows in batches)
    return csv_format.lines(columns, chain([first], rest), head)


def _second_head(other: Other) -> list[tuple[str, str]]:
    names = queries.choices(other.side.snapshot).sources
    return [
        ("other_snapshot", other.side.snapshot.id),
        ("other_filters", other.side.filters.sentence(names)),
        ("mix", "same genres and topics" if other.same_mix else "as it is"),
    ]
