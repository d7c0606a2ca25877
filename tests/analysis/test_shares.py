"""Shares from the database match the codebook under every view, weighting and filter."""

import csv
import math
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import oracle
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from share_support import LABELS, NUMBERS, all_filters, assert_row, group_of, included
from strategies import Tables, corpora
from support import BASE, SAMPLE, all_tables, loaded, new_folder

from etl.demo import csv_files
from sourcing import codebook
from sourcing.analysis.shares import SHARES, shares_by, shares_by_source, summed_shares
from sourcing.codebook import VIEWS, Label, State
from sourcing.filters import Filters
from sourcing.statistics import Weighting, share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.contract import column_names
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow


def expected_shares(claims: list[oracle.Claim], filters: Filters) -> dict[str, oracle.Share]:
    counted = oracle.counted(
        [claim for claim in claims if included(claim, filters)],
        filters.view,
        filters.state,
        filters.basis,
    )
    return oracle.shares(counted, filters.weighting, LABELS[filters.view])


def assert_shares(snapshot: Snapshot, tables: Tables, filters: Filters) -> None:
    """Every publisher and label, publishers by name, equal to the oracle."""
    claims = oracle.claims_of(tables)
    frame = shares_by_source(snapshot, filters)
    assert list(frame.columns) == SHARES
    publishers = {row["source_id"] for row in tables["articles"]}
    sources = sorted(
        (row for row in tables["sources"] if row["source_id"] in publishers),
        key=lambda row: (row["name"].lower(), row["source_id"]),
    )
    sources = [
        row
        for row in sources
        if (not filters.source or row["source_id"] in filters.source)
        and (not filters.kind or (row["kind"] or "unknown") in filters.kind)
    ]
    labels = LABELS[filters.view]
    assert list(zip(frame["source_id"], frame["source"], frame["label"], strict=True)) == [
        (row["source_id"], row["name"], label) for row in sources for label in labels
    ]
    for source in sources:
        own = [claim for claim in claims if claim.source == source["source_id"]]
        shares_of = expected_shares(own, filters)
        applies = oracle.self_cited_applies(tables, source["source_id"])
        for row in frame[frame["source_id"] == source["source_id"]].to_dict("records"):
            applicable = applies or row["label"] != "self_cited"
            assert_row(row, shares_of[row["label"]], applicable)


def assert_groups(snapshot: Snapshot, tables: Tables, filters: Filters, by: str) -> None:
    """Shares over sources by month, quarter, year or topic."""
    groups: dict[str, list[oracle.Claim]] = {}
    for claim in oracle.claims_of(tables):
        key = group_of(claim, by)
        if key is not None and included(claim, filters) and claim.resolved.label != "not_a_claim":
            groups.setdefault(key, []).append(claim)
    frame = shares_by(snapshot, filters, by)
    assert list(frame.columns) == [by, *SHARES[2:]]
    assert list(frame[by]) == sorted(frame[by])
    rows = {(row[by], row["label"]): row for row in frame.to_dict("records")}
    assert len(rows) == len(frame)
    assert set(groups) <= {key for key, _ in rows}
    for (key, label), row in rows.items():
        if key in groups:
            shares_of = expected_shares(groups[key], filters)
            assert_row(row, shares_of[label], applicable=bool(row["applicable"]))
        else:
            assert row["claims"] == row["resolved_claims"] == row["open_claims"] == 0


@given(corpora(), st.lists(all_filters, min_size=6, max_size=6))
@settings(max_examples=20)
def test_shares_match_the_codebook(tables: Tables, several: list[Filters]) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            for filters in several:
                assert_shares(snapshot, tables, filters)
            plain = several[0].without(("state", "basis", "since", "until", "topic"))
            assert_shares(snapshot, tables, plain)
            for filters, by in zip(several, ("month", "quarter", "year", "topic"), strict=False):
                assert_groups(snapshot, tables, filters, by)
                assert_groups(snapshot, tables, Filters(weighting=filters.weighting), by)


@given(corpora(claims=20))
@settings(max_examples=6)
def test_all_ways_to_count_agree(tables: Tables) -> None:
    """Counts by article, by cell and by statement, and the sums stored when publishing."""
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            for view, by in product(VIEWS, ("source", "month", "year", "genre", "language")):
                filters = Filters(view=view)
                parameters = {**filters.parameters(), "by": by, "latent": False}
                by_article = snapshot.frame(
                    "shares/counts_by_article",
                    queries.only_used("shares/counts_by_article", parameters),
                )
                assert_same_counts(by_article, snapshot.frame("shares/counts_by_cell", parameters))
                assert_same_counts(
                    by_article, snapshot.frame("shares/counts_by_statement", parameters)
                )
            for view, weighting in product(VIEWS, Weighting):
                filters = Filters(view=view, weighting=weighting)
                stored = summed_shares(snapshot, filters)
                fresh = share_frames.summed(
                    queries.counts(snapshot.frame, filters), weighting, view
                )
                pd.testing.assert_frame_equal(
                    in_order(stored), in_order(fresh), check_dtype=False, check_exact=True
                )
                every = Filters(view=view, weighting=weighting, state=tuple(State))
                longer = share_frames.summed(queries.counts(snapshot.frame, every), weighting, view)
                numbers = ["label_claims", "resolved_claims", "open_claims", "share", "low", "high"]
                one, other = (
                    share_frames.with_shares(in_order(frame)).set_index(["grp", "label"])[numbers]
                    for frame in (stored, longer)
                )
                counted = other.index
                pd.testing.assert_frame_equal(
                    one.loc[counted], other, check_dtype=False, check_index_type=False
                )


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["grp", "label"]).reset_index(drop=True)


def assert_same_counts(one: pd.DataFrame, other: pd.DataFrame) -> None:
    columns = ["claims", "sourced", "self_cited", "unsourced", "contested", "provisional"]
    summed = [
        frame[frame["claims"] > 0]
        .assign(grp=lambda rows: rows["grp"].fillna("-"))
        .groupby(["grp", "article_key"])[columns]
        .sum()
        for frame in (one, other)
    ]
    one, other = (frame.to_dict("index") for frame in summed)
    assert one == other


# The sample that ships.


@pytest.fixture(scope="module")
def sample_tables() -> Tables:
    tables: Tables = {}
    for table in csv_files.TABLES:
        with (SAMPLE / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = [dict.fromkeys(column_names(table), "") | row for row in csv.DictReader(stream)]
        tables[table] = rows
    return tables


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("weighting", Weighting)
def test_sample(view: str, weighting: Weighting, sample: Warehouse, sample_tables: Tables) -> None:
    with reading(sample) as snapshot:
        assert_shares(snapshot, sample_tables, Filters(view=view, weighting=weighting))
        assert_shares(
            snapshot, sample_tables, Filters(view=view, weighting=weighting, state=("unanimous",))
        )
        for by in ("month", "quarter", "year", "topic"):
            assert_groups(snapshot, sample_tables, Filters(view=view, weighting=weighting), by)


# By hand.


def label(claim: str, value: str, annotator: str = "a", **others: str) -> dict[str, str]:
    given = {"claim_id": claim, "annotator": annotator, "label": value, "method": "human"}
    return {**given, "labelled_at": "2026-01-01", **others}


@pytest.fixture
def by_hand(warehouse: Warehouse, files: Path) -> Warehouse:
    """Two articles: one with four claims (one of them open), one with one claim."""
    claims = {"a": ["c", "d", "e", "f"], "b": ["g"]}
    tables = {
        "sources": [{"source_id": "s", "name": "S", "kind": "blog"}],
        "articles": [
            {"article_id": "a", "source_id": "s", "published": "2026-03"},
            {"article_id": "b", "source_id": "s", "published": "2026"},
        ],
        "claims": [
            {"claim_id": c, "article_id": a, "claim": "x", "statement_id": "" if c == "d" else "x"}
            for a, own in claims.items()
            for c in own
        ],
        "labels": [
            label("c", "sourced"),
            label("d", "sourced"),
            label("e", "contested", attribution="unsourced"),
            label("g", "unsourced"),
            label("f", "sourced"),
            label("f", "contested", "b"),
        ],
    }
    loaded(warehouse, files, tables)
    return warehouse


def shares_of(warehouse: Warehouse, filters: Filters, column: str = "share") -> list[float]:
    with reading(warehouse) as snapshot:
        return list(shares_by_source(snapshot, filters)[column])


def test_three_weightings_by_hand(by_hand: Warehouse) -> None:
    assert shares_of(by_hand, Filters()) == pytest.approx([2 / 4, 0, 1 / 4, 1 / 4])
    by_article = Filters(weighting=Weighting.ARTICLE)
    assert shares_of(by_hand, by_article) == pytest.approx([(2 / 3) / 2, 0, 1 / 2, (1 / 3) / 2])
    # c, e and g repeat one statement among resolved claims; d is a statement of its own.
    by_statement = Filters(weighting=Weighting.STATEMENT)
    assert shares_of(by_hand, by_statement) == pytest.approx([(1 + 1 / 3) / 2, 0, 1 / 6, 1 / 6])


def test_worst_case_by_hand(by_hand: Warehouse) -> None:
    assert shares_of(by_hand, Filters(), "lowest") == pytest.approx([2 / 5, 0, 1 / 5, 1 / 5])
    assert shares_of(by_hand, Filters(), "highest") == pytest.approx([3 / 5, 1 / 5, 2 / 5, 2 / 5])
    by_article = Filters(weighting=Weighting.ARTICLE)
    assert shares_of(by_hand, by_article, "lowest") == pytest.approx([2 / 8, 0, 1 / 2, 1 / 8])
    assert shares_of(by_hand, by_article, "highest") == pytest.approx([3 / 8, 1 / 8, 5 / 8, 2 / 8])
    # Over all claims, c, e, f and g repeat the statement.
    by_statement = Filters(weighting=Weighting.STATEMENT)
    assert shares_of(by_hand, by_statement, "lowest") == pytest.approx([5 / 8, 0, 1 / 8, 1 / 8])
    assert shares_of(by_hand, by_statement, "highest") == pytest.approx(
        [6 / 8, 1 / 8, 2 / 8, 2 / 8]
    )
    assert shares_of(by_hand, by_statement, "coverage") == pytest.approx([0.8] * 4)


def test_attribution_by_hand(by_hand: Warehouse) -> None:
    # f is open by label, and sourced by attribution: the label contested there has none.
    assert shares_of(by_hand, Filters(view="attribution")) == pytest.approx([3 / 5, 0, 2 / 5])


def test_filters_by_hand(by_hand: Warehouse) -> None:
    def resolved(**filters: Any) -> int:
        return int(shares_of(by_hand, Filters(**filters), "resolved_claims")[0])

    def still_open(**filters: Any) -> int:
        return int(shares_of(by_hand, Filters(**filters), "open_claims")[0])

    assert (resolved(), still_open()) == (4, 1)
    assert (resolved(since="2026-01", until="2026-12"), still_open(until="2026-12")) == (4, 1)
    assert resolved(since="2026-02", until="2026-04") == 3
    assert resolved(until="2026-11") == 3
    assert resolved(since="2026-04") == 0
    assert (resolved(state=("tie",)), still_open(state=("tie",))) == (0, 5)
    assert (resolved(basis=("model",)), still_open(basis=("model",))) == (0, 5)


def test_self_cited_may_not_apply(warehouse: Warehouse, files: Path) -> None:
    tables = all_tables(
        sources=[
            {"source_id": "t", "name": "T"},
            {"source_id": "u", "name": "U", "affiliation": "G"},
        ],
        articles=[{"article_id": x, "source_id": y} for x, y in ("bt", "du")],
        claims=[{"claim_id": f"c{x}", "article_id": x, "claim": "x"} for x in "bd"],
        labels=[label("cb", "contested", attribution="self_cited")],
    )
    loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        frame = shares_by_source(snapshot, Filters()).set_index(["source_id", "label"])
        assert list(frame["applicable"]) == [True, False, True, True] + [True] * 8
        row = frame.loc[("s", "self_cited")]
        assert all(math.isnan(row[name]) for name in ("share", "lowest", "highest"))
        assert row["claims"] == 0
        assert not shares_by(snapshot, Filters(source=("s",)), "topic")["applicable"].all()
        assert shares_by(snapshot, Filters(), "topic")["applicable"].all()


def test_a_publisher_without_claims_has_its_rows(warehouse: Warehouse, files: Path) -> None:
    tables = {"sources": BASE["sources"], "articles": BASE["articles"]}
    loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        for weighting, view in product(Weighting, VIEWS):
            frame = shares_by_source(snapshot, Filters(weighting=weighting, view=view))
            assert len(frame) == len(LABELS[view])
            assert frame["too_few"].all()
            assert frame[list(NUMBERS)].isna().all(axis=None)
            assert (frame[["claims", "resolved_claims", "open_claims", "articles"]] == 0).all(
                axis=None
            )


@pytest.mark.parametrize("tables", [{"sources": BASE["sources"]}], ids=["sources only"])
def test_no_publisher_no_rows(tables: Tables, warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        for weighting, view in product(Weighting, VIEWS):
            filters = Filters(weighting=weighting, view=view)
            assert list(shares_by_source(snapshot, filters).columns) == SHARES
            assert shares_by_source(snapshot, filters).empty
            for by in queries.GROUPS[1:]:
                assert shares_by(snapshot, filters, by).empty
        assert queries.count(snapshot, "shares/totals", Filters()) == {
            "sources": 0, "articles": 0, "undated": 0, "claims": 0, "not_a_claim": 0,
        }  # fmt: skip


@given(corpora(claims=20), all_filters)
@settings(max_examples=8)
def test_lists_hold_what_shares_count(tables: Tables, filters: Filters) -> None:
    """Every number leads to a list of its claims."""
    filters = filters.without(("weighting",))
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            frame = shares_by_source(snapshot, filters)
            for row in frame.to_dict("records"):
                chosen = filters.without(("source",))
                one = Filters(
                    **{**vars(chosen), "source": (row["source_id"],), "label": (row["label"],)}
                )
                assert queries.count(snapshot, "lists/claims_count", one)["claims"] == row["claims"]
                assert len(queries.listed(snapshot, "claims", one)) == row["claims"]
            every = Filters(**{**vars(filters), "label": ("not_a_claim",)})
            if not (filters.state or filters.basis):
                claims = [c for c in oracle.claims_of(tables) if included(c, filters)]
                none = [c for c in claims if c.resolved.label == "not_a_claim"]
                assert queries.count(snapshot, "lists/claims_count", every)["claims"] == len(none)


def test_oracle_months() -> None:
    assert oracle.months_of("2024", "") == (date(2024, 1, 1), date(2024, 12, 1))
    assert oracle.months_of("2024-05-06", "year") == (date(2024, 1, 1), date(2024, 12, 1))
    assert oracle.months_of("2024-05-06", "") == (date(2024, 5, 1), date(2024, 5, 1))
    assert oracle.months_of("", "unknown") is None


def test_labels_of_a_view() -> None:
    assert codebook.labels_of("labels") == [*oracle.LABELS] == [str(label) for label in Label]
    assert codebook.labels_of("attribution") == [*oracle.ATTRIBUTIONS]
