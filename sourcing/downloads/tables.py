"""The tables that can be viewed, downloaded and exported, by name.

Names and columns are a contract: a spreadsheet that loads `/download/shares.csv` today must find
the same columns next year. Screen, download and `etl export` use the same functions.
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
"""Column names and a part of the rows."""


@dataclass(frozen=True)
class Table:
    """A table: its meaning, and one of three origins of its rows.

    frame: an analysis of a snapshot under filters.  question: the SQL query that lists the rows.
    paired: a comparison of two sides; its last argument says whether to use the same mix.

    headed: whether snapshot and filters are its first columns.  filters: those that apply to it.
    listing: whether filters only choose rows and do not change what is counted.
    """

    meaning: str
    frame: Callable[[Snapshot, Filters], pd.DataFrame] | None = None
    question: str = ""
    paired: Callable[[Side, Side, bool], pd.DataFrame] | None = None
    headed: bool = True
    filters: frozenset[str] = _ON_SHARES
    listing: bool = False

    def batches(self, snapshot: Snapshot, filters: Filters) -> Iterator[Batch]:
        """The rows in batches; none for a comparison, which needs two sides."""
        if self.question:
            parameters = queries.only_used(self.question, filters.list_parameters())
            yield from snapshot.batches(self.question, parameters)
        elif self.frame is not None:
            yield _batch(self.frame(snapshot, filters))


def _batch(frame: pd.DataFrame) -> Batch:
    return list(frame.columns), row_tuples(frame)


def _list(name: str, meaning: str, *, headed: bool = True) -> Table:
    """A list of rows; the filters that its query in sql/lists uses apply to it."""
    question = f"lists/{name}"
    applied = queries.filters_of(question)
    return Table(meaning, question=question, headed=headed, filters=applied, listing=True)


def _agreement(meaning: str, frame: Callable[[Snapshot, Filters], pd.DataFrame]) -> Table:
    """A table about annotators; only filters on articles apply to it."""
    return Table(meaning, frame, filters=frozenset(ON_ARTICLES), listing=True)


def compared(first: Side, second: Side, same_mix: bool) -> pd.DataFrame:
    """The differences between two sides (comparison.COMPARED), optionally at the same mix."""
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
            "Give the second snapshot as other_snapshot. Both snapshots need the same filters, "
            "and mix does not apply."
        )
    if first.filters.weighting is not Weighting.CLAIM:
        raise FilterError("Changes are counted by claim: leave out the weighting.")
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
        "The basis of each source's shares: claims by how they were resolved, and annotators.",
        lambda snapshot, filters: queries.counted(snapshot, filters).dropna(subset=["source_id"]),
        filters=queries.filters_of("shares/counted"),
    ),
    "ranking": Table(
        "Sources ranked by each label's share, with rank intervals and groups.",
        ranking.ranked_sources,
    ),
    "precision": Table(
        "The precision of each share, and how many more articles would improve it.",
        share_precision,
    ),
    "robustness": Table(
        "The share of each label under every defensible choice, over all claims counted.",
        lambda snapshot, filters: robustness.of_shares(Side(snapshot, filters)),
    ),
    "compare": Table("Differences between the shares of two sides.", paired=compared),
    "compare_robustness": Table(
        "These differences under every defensible choice.", paired=robustness.of_differences
    ),
    "since": Table(
        "Why shares differ between two snapshots, by cause.",
        paired=_since,
        filters=_ON_SNAPSHOTS,
    ),
    "changed_claims": Table(
        "The claims that changed between the two snapshots.",
        paired=_changed_claims,
        filters=_ON_SNAPSHOTS,
    ),
    "agenda": Table(
        "Claims that a meeting could decide, by how far a decision could move a share.",
        lambda snapshot, filters: agenda.candidates(snapshot, filters, agenda.ALL, None),
        filters=_ON_SNAPSHOTS,
        listing=True,
    ),
    "articles": _list("articles", "Articles and the labels of their claims."),
    "cited": _list("cited", "The origins that articles cite."),
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
    "coincidences": _agreement(
        "Pairs of labels that annotators gave the same claim.", agreement.coincidences
    ),
    "annotator_labels": _agreement("The labels that each annotator gives.", agreement.label_mixes),
    "disagreements": _list("disagreements", "Claims on which annotators disagree."),
    "resolved": _list("resolved", "How each claim was resolved.", headed=False),
    "dictionary": Table(
        "The data dictionary.",
        lambda *_: pd.DataFrame(dictionary()),
        headed=False,
        filters=frozenset(),
    ),
    "findings": _list("findings", "Inconsistencies to review."),
    "rejects": _list("rejects", "Rows refused when files were loaded."),
    "emptied_cells": _list("emptied_cells", "Optional cells left empty when files were loaded."),
    "cell_forms": _list("cell_forms", "Cells read in another form when files were loaded."),
    "loads": _list("loads", "Every load and its files, and whether it counts."),
    "withdrawn": _list("withdrawn", "What is withdrawn and does not count."),
    "withdrawals": _list("withdrawals", "Every withdrawal, and every end of one."),
    "joined": _list("joined", "Names that count under another one."),
    "source_aliases": _list("source_aliases", "Every decision that two sources are one."),
    "annotator_aliases": _list(
        "annotator_aliases", "Every decision that two names mean one annotator."
    ),
}


def unused(table: str, filters: Filters) -> list[str]:
    """The names of filters that are set but do not apply to the table."""
    names = dict.fromkeys(name for name, _ in filters.pairs() if name not in ("view", "weighting"))
    return [name for name in names if name not in TABLES[table].filters]


def frame_of(name: str, snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """The whole table as a frame. Raises FilterError if it is a list or a comparison."""
    table = TABLES[name]
    if table.frame is None:
        raise FilterError(
            f"The table {name} is a list or a comparison, not an analysis of one snapshot."
        )
    return table.frame(snapshot, filters)


@dataclass(frozen=True)
class Other:
    """The second side of a comparison. same_mix: whether both sides get the same mix."""

    side: Side
    same_mix: bool = False


_OTHER = "other_source, other_since, other_until or other_snapshot"


def csv(
    snapshot: Snapshot, name: str, filters: Filters, other: Other | None = None
) -> Iterator[bytes]:
    """The CSV of a table in pieces. Filters that do not apply are left out of its `filters` column.

    Raises FilterError if the table is unknown or a comparison lacks its second side.
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
