"""The tables on annotators match the codebook: agreement, disagreements, findings to review."""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from share_support import LABELS as LABELS_OF
from share_support import all_filters, assert_row, group_of, included, months, of_several, some
from shuffling import shuffled
from strategies import Tables, corpora, several, side_by_side
from support import ROOT, all_tables, ask, etl, exported, load, loaded, new_folder, write

from sourcing import statistics
from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import FINDINGS, Label
from sourcing.downloads import tables
from sourcing.filters import NONE, Filters, on_articles
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

EXPECTED = ROOT / "tests" / "expected"
TABLES = (
    "agreement",
    "agreement_by_source",
    "agreement_by_month",
    "agreement_by_pair",
    "coincidences",
    "annotator_labels",
    "disagreements",
)
NO_LABEL = ("not_a_claim", "cannot_say")
FIGURES = [f"{name}{end}" for name in ("alpha", "percent", "ac1") for end in ("", "_low", "_high")]

Rows = list[dict[str, Any]]
Labels = list[tuple[oracle.Annotator, str]]

article_filters = st.builds(
    Filters,
    source=some("s0", "s1"),
    kind=some("newspaper", "unknown"),
    genre=some("news", "unknown"),
    origin=some("staff", "unknown"),
    language=some("en", NONE),
    since=months,
    until=months,
)


@st.composite
def answered(draw: st.DrawFn) -> Tables:
    """A corpus with mostly independent answers, in which some claims have citations."""
    tables = draw(corpora(claims=12, labels=8))
    for row in tables["labels"]:
        if draw(st.booleans()):
            row["round"] = draw(st.sampled_from(("independent", "")))
            row["method"] = draw(st.sampled_from(("human", "human", "model")))
            if row["label"] in NO_LABEL:
                row["label"] = draw(st.sampled_from((*oracle.LABELS, *NO_LABEL)))
    cited = st.sampled_from((None, None, "", "2024-06-30"))
    tables["citations"] = [
        {"claim_id": row["claim_id"], "cited_name": "Somebody", "locator": locator}
        for row in tables["claims"]
        if (locator := draw(cited)) is not None
    ]
    return tables


# What the tables must hold, from label rows.


class Answers:
    """The first, independent answers to claims of the filtered articles."""

    def __init__(self, tables: Tables, filters: Filters) -> None:
        self.tables = tables
        self.claims = [claim for claim in oracle.claims_of(tables) if included(claim, filters)]
        events = defaultdict(list)
        for row in tables["labels"]:
            events[row["claim_id"]].append(row)
        self.answers = {c.claim_id: oracle.answers_of(events[c.claim_id]) for c in self.claims}

    def labels(self, claim: oracle.Claim) -> Labels:
        """Who labelled a claim how, people first."""
        result = self.answers[claim.claim_id]
        return sorted((who, answer) for who, answer in result.items() if answer in oracle.LABELS)

    def units(self, basis: str, claims: Sequence[oracle.Claim] | None = None) -> list[list[str]]:
        return [
            [label for (method, _), label in self.labels(claim) if method == basis]
            for claim in (self.claims if claims is None else claims)
        ]

    def grouped(self, by: str) -> Iterator[tuple[str, str, list[oracle.Claim]]]:
        """Basis, group and its claims, if there is any label."""
        groups = defaultdict(list)
        for claim in self.claims:
            key = claim.source if by == "source" else group_of(claim, "month")
            groups["all" if by == "all" else key].append(claim)
        for basis in ("human", "model"):
            for key, claims in groups.items():
                if key is not None and any(self.units(basis, claims)):
                    yield basis, key, claims


def figures(result: oracle.Agreement) -> dict[str, Any]:
    return {**vars(result)}


def sizes(answers: Answers, basis: str, claims: Sequence[oracle.Claim]) -> dict[str, int]:
    labelled = {claim.article for claim in claims if len(answers.units(basis, [claim])[0]) > 1}
    who = {name for claim in claims for (method, name), _ in answers.labels(claim)
           if method == basis}  # fmt: skip
    return {"articles": len(labelled), "annotators": len(who)}


def wanted_agreement(answers: Answers) -> Rows:
    rows = []
    for basis, _, claims in answers.grouped("all"):
        units = answers.units(basis, claims)
        for label in ("all", *oracle.LABELS):
            result = oracle.agreement(units)
            if label != "all":
                either = [[x if x == label else "other" for x in unit] for unit in units]
                result = oracle.agreement(either, (label, "other"))
            row = {"basis": basis, "label": label, **figures(result)}
            rows.append(row | sizes(answers, basis, claims))
    return rows


def wanted_by_source(answers: Answers) -> Rows:
    names = {row["source_id"]: row["name"] for row in answers.tables["sources"]}
    rows = [
        {"basis": basis, "source_id": key, "source": names[key]}
        | figures(oracle.agreement(answers.units(basis, claims)))
        | sizes(answers, basis, claims)
        for basis, key, claims in answers.grouped("source")
    ]
    return sorted(rows, key=lambda r: (r["basis"], r["source"].lower(), r["source_id"]))


def wanted_by_month(answers: Answers) -> Rows:
    rows = [
        {"basis": basis, "month": key}
        | figures(oracle.agreement(answers.units(basis, claims)))
        | sizes(answers, basis, claims)
        for basis, key, claims in answers.grouped("month")
    ]
    return sorted(rows, key=lambda row: (row["basis"], row["month"]))


def wanted_by_pair(answers: Answers) -> Rows:
    units = defaultdict(list)
    for claim in answers.claims:
        for (one, label), (other, other_label) in combinations(answers.labels(claim), 2):
            units[one, other].append([label, other_label])
    return [
        {
            "basis": one[0] if one[0] == other[0] else "human and model",
            "annotator": one[1],
            "other": other[1],
            **figures(oracle.agreement(units[one, other])),
        }
        for one, other in sorted(units)
    ]


def wanted_coincidences(answers: Answers) -> Rows:
    rows = []
    for basis, _, claims in answers.grouped("all"):
        met = oracle.coincidences(answers.units(basis, claims))
        for label in oracle.LABELS:
            total = sum(met[label, other] for other in oracle.LABELS)
            rows += [
                {
                    "basis": basis,
                    "label": label,
                    "other_label": other,
                    "coincidences": float(met[label, other]),
                    "part": float(met[label, other] / total) if total else None,
                }
                for other in oracle.LABELS
            ]
    return rows


def wanted_mixes(answers: Answers) -> Rows:
    given_, articles = defaultdict(list), defaultdict(set)
    for claim in answers.claims:
        for who, answer in answers.answers[claim.claim_id].items():
            given_[who].append(answer)
            articles[who].add(claim.article)
    rows = []
    for who in sorted(given_):
        total = sum(answer in oracle.LABELS for answer in given_[who])
        for label in oracle.LABELS:
            count = given_[who].count(label)
            rows.append(
                {
                    "annotator": who[1],
                    "basis": who[0],
                    "label": label,
                    "first_labels": count,
                    "all_labels": total,
                    "share": float(Fraction(count, total)) if total else None,
                    "no_answer": sum(answer in NO_LABEL for answer in given_[who]),
                    "articles": len(articles[who]),
                }
            )
    return rows


def wanted_disagreements(answers: Answers, bases: Sequence[str] = ("human", "model")) -> Rows:
    """Most disagreement first, then most labels; claims as they were read, people first."""
    names = {row["source_id"]: row["name"] for row in answers.tables["sources"]}
    texts = {row["claim_id"]: row["claim"] for row in answers.tables["claims"]}
    rows = [
        {
            "claim_id": claim.claim_id,
            "claim": texts[claim.claim_id],
            "basis": basis,
            "disagreement": float(oracle.disagreement(unit)),
            "labels": len(unit),
            **{label: unit.count(label) for label in oracle.LABELS},
            "resolved_label": claim.resolved.label,
            "state": claim.resolved.state,
            "article_id": claim.article,
            "title": None,
            "source_id": claim.source,
            "source": names[claim.source],
        }
        for claim in answers.claims
        for basis in bases
        if len(set(unit := answers.units(basis, [claim])[0])) > 1
    ]
    return sorted(rows, key=lambda row: (-row["disagreement"], -row["labels"]))


WANTED: dict[str, Callable[[Answers], Rows]] = {
    "agreement": wanted_agreement,
    "agreement_by_source": wanted_by_source,
    "agreement_by_month": wanted_by_month,
    "agreement_by_pair": wanted_by_pair,
    "coincidences": wanted_coincidences,
    "annotator_labels": wanted_mixes,
    "disagreements": wanted_disagreements,
}


# What they hold.


def rows_of(snapshot: Snapshot, table: str, filters: Filters) -> Rows:
    """The rows that screen, download and export show, with None for undefined numbers."""
    result: Rows = []
    for columns, rows in tables.TABLES[table].batches(snapshot, filters):
        for row in rows:
            cells = [None if isinstance(x, float) and math.isnan(x) else x for x in row]
            result.append(dict(zip(columns, cells, strict=True)))
    return result


def assert_intervals(row: dict[str, Any], articles: int | None) -> None:
    """Bounds are in order and need two articles to resample."""
    for name in ("alpha", "percent", "ac1"):
        low, high = row.pop(f"{name}_low"), row.pop(f"{name}_high")
        assert (low is None) == (high is None), name
        if row[name] is None:
            assert low is None, name
        elif articles is not None:
            assert (low is None) == (articles < 2), name
        if low is not None:
            assert -1 - 1e-9 <= low <= high <= 1 + 1e-9, name


def assert_rows(result: Rows, expected: Rows, table: str) -> None:
    """The same rows in the same order, up to rounding."""
    assert len(result) == len(expected), table
    for row, expected_row in zip(result, expected, strict=True):
        assert set(row) == set(expected_row), table
        for name, value in expected_row.items():
            if isinstance(value, float) and row[name] is not None:
                value = pytest.approx(value, rel=1e-9, abs=1e-9)  # noqa: PLW2901 (the same value, only less exact)
            assert row[name] == value, (table, name, expected_row)


def assert_tables(snapshot: Snapshot, tables: Tables, filters: Filters) -> None:
    answers = Answers(tables, filters)
    for table, make in WANTED.items():
        result = rows_of(snapshot, table, filters)
        for row in result:
            if "alpha" in row:
                assert_intervals(row, row.get("articles"))
        assert_rows(result, make(answers), table)


@given(answered(), st.lists(article_filters, min_size=3, max_size=3))
@settings(max_examples=16)
def test_tables_match_the_codebook(tables: Tables, choices: list[Filters]) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            for filters in (Filters(), *choices):
                assert_tables(snapshot, tables, filters)
                answers = Answers(tables, filters)
                for basis in ("human", "model"):
                    only = Filters(**{**vars(filters), "basis": (basis,)})
                    result = rows_of(snapshot, "disagreements", only)
                    assert_rows(result, wanted_disagreements(answers, (basis,)), basis)


@given(answered(), all_filters)
@settings(max_examples=4)
def test_filters_on_claims_have_no_effect(tables: Tables, filters: Filters) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        for table in TABLES[:-1]:
            fewer = exported(warehouse, table, on_articles(filters))
            assert exported(warehouse, table, filters) == fewer


@given(several(answered(), 2), article_filters)
@settings(max_examples=5)
def test_findings_to_do(tables: Tables, filters: Filters) -> None:
    """The findings of each rule on claims of the filtered articles, in reading order."""
    filters = of_several(filters, 2)
    names = {row["source_id"]: row["name"] for row in tables["sources"]}
    texts = {row["claim_id"]: row["claim"] for row in tables["claims"]}
    places = {
        row["article_id"]: (row["source_id"], row["article_id"]) for row in tables["articles"]
    }
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            for chosen in (Filters(), filters):
                expected = defaultdict(list)
                for finding in oracle.findings(tables):
                    claim = finding.claim
                    if included(claim, chosen):
                        row = (claim.claim_id, claim.article, texts[claim.claim_id])
                        source = (claim.source, names[claim.source])
                        expected[finding.rule].append((*row, finding.detail, *source))
                counts = queries.findings_by_rule(snapshot, chosen)
                assert counts == {rule: len(rows) for rule, rows in sorted(expected.items())}
                for rule in FINDINGS:
                    result = queries.findings_to_do(snapshot, chosen, rule, 1_000)
                    assert list(result.columns) == (
                        "claim_id article_id about detail source_id source".split()
                    )
                    result = result.astype(object).where(result.notna(), None)
                    rows = list(result.itertuples(index=False, name=None))
                    assert rows == sorted(expected[rule], key=lambda row: places[row[1]])
                    first = queries.findings_to_do(snapshot, chosen, rule, 2)
                    assert first["claim_id"].tolist() == [row[0] for row in rows[:2]]


@given(several(answered(), 2), st.randoms(use_true_random=False))
@settings(max_examples=3)
def test_order_of_rows_and_files_never_matters(tables: Tables, rnd: random.Random) -> None:
    """Results are equal to the last digit; only the order of equal claims follows their input."""
    del tables["citations"]
    with new_folder() as folder:
        one, other = Warehouse(folder / "one"), Warehouse(folder / "other")
        loaded(one, folder / "files", tables)
        load(other, shuffled(tables, rnd, folder / "shuffled"))
        for table in TABLES[:-1]:
            assert exported(other, table) == exported(one, table), table
        given_ = [exported(warehouse, "disagreements") for warehouse in (one, other)]
        order = [[(row["disagreement"], row["labels"]) for row in rows] for rows in given_]
        assert order[0] == order[1]
        assert sorted(map(str, given_[0])) == sorted(map(str, given_[1]))
        latent = (
            "SELECT claim_id, label FROM latent_labels JOIN claims USING (claim_key) ORDER BY 1"
        )
        assert ask(other, latent) == ask(one, latent)


@given(answered(), st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_two_loads_give_the_figures_of_one(tables: Tables, rnd: random.Random) -> None:
    """Some labels come in a second load, although they may be older than the others."""
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        late = [row for row in tables["labels"] if row["labelled_at"] and rnd.random() < 0.5]
        early = [row for row in tables["labels"] if row not in late]
        loaded(warehouse, folder / "first", tables | {"labels": early})
        loaded(warehouse, folder / "second", {"labels": late})
        with reading(warehouse) as snapshot:
            assert_tables(snapshot, tables, Filters())


# By hand.


def label(annotator: str, value: str, **others: str) -> dict[str, str]:
    given_ = {"claim_id": "c", "annotator": annotator, "label": value, "method": "human"}
    return {**given_, "labelled_at": "2026-01-01", **others}


EARLIER, LATER = {"labelled_at": "2025-12-31"}, {"labelled_at": "2026-01-02"}
TALKED, DECIDED = {"round": "after_discussion"}, {"round": "adjudication"}

FIRST: dict[str, tuple[list[dict[str, str]], list[tuple[str, str]]]] = {
    # labels of anna and others beside bela's `sourced`: what stands in the tables
    "one": ([label("anna", "unsourced")], [("anna", "unsourced")]),
    "the first counts, not the newest": (
        [label("anna", "unsourced", **EARLIER), label("anna", "sourced")],
        [("anna", "unsourced")],
    ),
    "the first in any order": (
        [label("anna", "sourced"), label("anna", "unsourced", **EARLIER)],
        [("anna", "unsourced")],
    ),
    "not after a discussion": ([label("anna", "unsourced", **TALKED)], []),
    "independent though given later": (
        [label("anna", "contested", **TALKED), label("anna", "unsourced", **LATER)],
        [("anna", "unsourced")],
    ),
    "a change of mind after a discussion": (
        [label("anna", "unsourced"), label("anna", "sourced", **TALKED, **LATER)],
        [("anna", "unsourced")],
    ),
    "no meeting": ([label("anna", "unsourced", **DECIDED)], []),
    "no rule": ([label("anna", "unsourced", method="rule")], []),
    "first an answer that is no label": (
        [label("anna", "cannot_say", **EARLIER), label("anna", "unsourced")],
        [],
    ),
    "later an answer that is no label": (
        [label("anna", "unsourced", **EARLIER), label("anna", "not_a_claim")],
        [("anna", "unsourced")],
    ),
    "without a time it was given at the load": (
        [label("anna", "sourced", labelled_at=""), label("anna", "unsourced")],
        [("anna", "unsourced")],
    ),
    "a time zone": (
        [
            label("anna", "sourced", labelled_at="2026-01-01T00:30:00Z"),
            label("anna", "unsourced", labelled_at="2026-01-01T01:00:00+02:00"),
        ],
        [("anna", "unsourced")],
    ),
}


def cases(folder: Path, labels: Sequence[list[dict[str, str]]]) -> Warehouse:
    """Cases side by side in one load: case 2 is the claim c-2 of the source s-2."""
    warehouse = Warehouse(folder / "warehouse")
    tables = side_by_side([all_tables() | {"labels": own} for own in labels])
    loaded(warehouse, folder / "files", tables)
    return warehouse


@pytest.fixture(scope="module")
def first_labels(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    labels = [[label("bela", "sourced"), *own] for own, _ in FIRST.values()]
    return cases(tmp_path_factory.mktemp("first"), labels)


@pytest.mark.parametrize("name", FIRST)
def test_first_independent_labels(name: str, first_labels: Warehouse) -> None:
    expected, own = FIRST[name][1], Filters(source=(f"s-{list(FIRST).index(name)}",))
    result = [
        (row["annotator"], row["label"])
        for row in exported(first_labels, "annotator_labels", own)
        if int(row["first_labels"]) and row["annotator"] != "bela"
    ]
    assert result == expected
    assert len(exported(first_labels, "disagreements", own)) == len(expected)


def test_people_and_models_are_never_mixed(warehouse: Warehouse, files: Path) -> None:
    """A person and a model with the same name are two annotators and do not disagree."""
    labels = [label("anna", "sourced"), label("anna", "unsourced", method="model", **LATER)]
    loaded(warehouse, files, all_tables() | {"labels": labels})
    for table in ("agreement", "agreement_by_source", "annotator_labels"):
        assert {row["basis"] for row in exported(warehouse, table)} == {"human", "model"}
    for row in exported(warehouse, "agreement"):
        assert (row["claims"], row["annotators"], row["alpha"]) == ("0", "1", "")
        assert row["why"] == "No claim has labels of two annotators."
    assert exported(warehouse, "disagreements") == []
    [pair] = exported(warehouse, "agreement_by_pair")
    assert (pair["basis"], pair["annotator"], pair["other"]) == ("human and model", "anna", "anna")
    assert (pair["claims"], pair["percent"]) == ("1", "0.0")


def test_labels_without_a_time_come_in_the_order_of_their_loads(
    warehouse: Warehouse, files: Path
) -> None:
    first = [label("anna", "unsourced", labelled_at=""), label("bela", "sourced")]
    loaded(warehouse, files / "first", all_tables() | {"labels": first})
    loaded(warehouse, files / "second", {"labels": [label("anna", "sourced", labelled_at="")]})
    [row] = exported(warehouse, "disagreements")
    assert (row["sourced"], row["unsourced"], row["resolved_label"]) == ("1", "1", "sourced")
    before = {table: exported(warehouse, table) for table in TABLES}
    assert etl("publish", "--warehouse", warehouse.folder).code == 0
    assert {table: exported(warehouse, table) for table in TABLES} == before


@pytest.mark.parametrize("tables", [{}, {"claims": [], "labels": []}, {"labels": []}], ids=len)
def test_no_labels_no_rows(tables: Tables, warehouse: Warehouse, files: Path) -> None:
    rule = [label("rule", "sourced", method="rule")]
    loaded(warehouse, files, all_tables() | ({"labels": rule} | tables))
    for table in TABLES:
        assert exported(warehouse, table) == []
    assert ask(warehouse, "FROM latent_labels") == []


@pytest.mark.parametrize(
    "annotators",
    [100, 200],
)
def test_a_claim_that_a_crowd_has_labelled(
    annotators: int, warehouse: Warehouse, files: Path
) -> None:
    labels = [label(f"p{n}", "unsourced" if n else "sourced") for n in range(annotators)]
    loaded(warehouse, files, all_tables() | {"labels": labels})
    [row] = exported(warehouse, "disagreements")
    assert (row["sourced"], row["unsourced"]) == ("1", str(annotators - 1))
    assert float(row["disagreement"]) == pytest.approx(2 / annotators)


# Common knowledge.


needs = some("yes", "no", "unsure", NONE)


def kept_of(claims: list[oracle.Claim], filters: Filters) -> list[oracle.Claim]:
    return [
        claim
        for claim in claims
        if included(claim, filters)
        and (not filters.needs_source or (claim.resolved.needs_source or NONE)
             in filters.needs_source)
    ]  # fmt: skip


@given(several(answered(), 2), st.lists(st.tuples(all_filters, needs), min_size=5, max_size=5))
@settings(max_examples=5)
def test_common_knowledge(tables: Tables, choices: list[tuple[Filters, tuple[str, ...]]]) -> None:
    """Resolutions, shares and lists of claims that need a source or do not."""
    claims = oracle.claims_of(tables)
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        result = ask(
            warehouse,
            "SELECT claim_id, needs_source FROM resolved JOIN claims USING (claim_key)",
        )
        assert dict(result) == {claim.claim_id: claim.resolved.needs_source for claim in claims}
        with reading(warehouse) as snapshot:
            for other, chosen in choices:
                filters = replace(of_several(other, 2), needs_source=chosen)
                assert_shares(snapshot, tables, kept_of(claims, filters), filters)
                listed = filters.without(("state", "basis"))
                ids = [claim.claim_id for claim in kept_of(claims, listed)]
                assert queries.listed(snapshot, "claims", listed)["claim_id"].tolist() == ids
                assert queries.count(snapshot, "lists/claims_count", listed)["claims"] == len(ids)


def assert_shares(
    snapshot: Snapshot, tables: Tables, claims: list[oracle.Claim], filters: Filters
) -> None:
    for row in shares_by_source(snapshot, filters).to_dict("records"):
        own = [claim for claim in claims if claim.source == row["source_id"]]
        counted = oracle.counted(own, filters.view, filters.state, filters.basis)
        expected = oracle.shares(counted, filters.weighting, LABELS_OF[filters.view])
        applies = oracle.self_cited_applies(tables, row["source_id"])
        assert_row(row, expected[row["label"]], applies or row["label"] != "self_cited")


NO, YES, UNSURE = ({"needs_source": value} for value in ("no", "yes", "unsure"))
MODEL = {"method": "model"}

KNOWN: dict[str, tuple[list[dict[str, str]], str | None]] = {
    "nobody says": ([label("anna", "unsourced")], None),
    "one says": ([label("anna", "unsourced"), label("bela", "unsourced", **NO)], "no"),
    "half is no majority": (
        [label("anna", "unsourced", **YES), label("bela", "unsourced", **NO)],
        "unsure",
    ),
    "two of three": (
        [label("a", "sourced", **NO), label("b", "sourced", **NO), label("c", "sourced", **YES)],
        "no",
    ),
    "who is unsure says so": (
        [label("anna", "unsourced", **UNSURE), label("bela", "unsourced", **NO)],
        "unsure",
    ),
    "a change of mind": (
        [label("anna", "unsourced", **NO), label("anna", "unsourced", **YES, **LATER)],
        "yes",
    ),
    "a change of mind to say nothing": (
        [label("anna", "unsourced", **NO), label("anna", "unsourced", **LATER)],
        None,
    ),
    "who cannot say does not vote": ([label("anna", "cannot_say", **NO)], None),
    "who sees no claim votes": ([label("anna", "not_a_claim", **NO)], "no"),
    "people before models": (
        [label("anna", "unsourced", **YES), label("m", "unsourced", **NO, **MODEL)],
        "yes",
    ),
    "models are not asked where people vote": (
        [label("anna", "unsourced"), label("m", "unsourced", **NO, **MODEL)],
        None,
    ),
    "models where no person votes": (
        [label("anna", "cannot_say"), label("m", "unsourced", **NO, **MODEL)],
        "no",
    ),
    "a rule never votes": ([label("r", "unsourced", method="rule", **NO)], None),
    "a meeting decides": (
        [label("anna", "unsourced", **YES), label("m", "unsourced", **NO, **DECIDED)],
        "no",
    ),
    "a meeting that does not say": (
        [label("anna", "unsourced", **YES), label("m", "unsourced", **DECIDED)],
        "yes",
    ),
    "models are not asked where a person decided": (
        [label("m", "unsourced", **NO, **MODEL), label("anna", "sourced", **DECIDED)],
        None,
    ),
    "nor in a tie of two persons' decisions": (
        [
            label("m", "unsourced", **NO, **MODEL),
            label("anna", "sourced", **DECIDED),
            label("bela", "unsourced", **DECIDED),
        ],
        None,
    ),
    "models where a person took a decision back": (
        [label("m", "unsourced", **NO, **MODEL), label("anna", "cannot_say", **DECIDED)],
        "no",
    ),
    "models where a model decided": (
        [label("m", "unsourced", **NO, **MODEL), label("n", "sourced", **MODEL, **DECIDED)],
        "no",
    ),
    "a later meeting that does not say": (
        [
            label("anna", "unsourced", **YES),
            label("m", "unsourced", **NO, **DECIDED),
            label("m", "sourced", **DECIDED, **LATER),
        ],
        "yes",
    ),
    "meetings at one time that differ": (
        [
            label("anna", "unsourced", **YES),
            label("m", "unsourced", **NO, **DECIDED),
            label("n", "unsourced", **UNSURE, **DECIDED),
        ],
        "yes",
    ),
    "meetings at one time, one of which says": (
        [label("m", "unsourced", **NO, **DECIDED), label("n", "unsourced", **DECIDED)],
        "no",
    ),
    "a model's decision comes after people's votes": (
        [label("anna", "unsourced"), label("m", "unsourced", **NO, **MODEL, **DECIDED)],
        None,
    ),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """What was found for each claim, all cases side by side."""
    warehouse = cases(tmp_path_factory.mktemp("known"), [labels for labels, _ in KNOWN.values()])
    found = ask(
        warehouse, "SELECT claim_id, needs_source FROM resolved JOIN claims USING (claim_key)"
    )
    assert len(found) == len(KNOWN)
    return dict(found)


@pytest.mark.parametrize("name", KNOWN)
def test_cases_of_common_knowledge(name: str, known: dict[str, str | None]) -> None:
    labels, expected = KNOWN[name]
    assert known[f"c-{list(KNOWN).index(name)}"] == expected
    assert oracle.needs_source_of(labels) == expected


# Labels as Dawid and Skene's model reads them.

PEOPLE, MODELS = ("anna", "bela", "cyra", "dora"), ("m1", "m2", "m3")


def noisy(people: int, models: int, seed: int = 5) -> Tables:
    """Claims with three or four votes, dora's at random; some are decided, some have fewer."""
    rng = np.random.default_rng(seed)
    claims: Rows = []
    labels: list[dict[str, str]] = []

    def claim(number: int, who: Sequence[str], method: str, **others: str) -> str:
        claim_id = f"{method}-{others.get('kind', 'whole')}-{number}"
        claims.append({"claim_id": claim_id, "article_id": "a", "claim": "It is."})
        truth = rng.choice(oracle.LABELS, p=[0.5, 0.1, 0.3, 0.1])
        for annotator in who:
            right = rng.random() < (0.0 if annotator == "dora" else 0.75)
            value = str(truth if right else rng.choice(oracle.LABELS))
            labels.append(label(annotator, value, claim_id=claim_id, method=method))
        return claim_id

    for number in range(people):
        claim_id = claim(number, PEOPLE[: 3 + number % 2], "human")
        if number % 3 == 0:  # a change of mind after a discussion votes
            value = str(rng.choice(oracle.LABELS))
            labels.append(label("bela", value, claim_id=claim_id, **TALKED, **LATER))
        if number % 4 == 0:  # a model is not asked
            labels.append(label("m1", "contested", claim_id=claim_id, **MODEL))
        if number % 9 == 0:
            labels.append(label("meeting", "sourced", claim_id=claim_id, **DECIDED))
    for number in range(models):
        claim(number, MODELS, "model")
    for number in range(30 if people else 0):
        claim_id = claim(number, PEOPLE[:2], "human", kind="two")
        labels.append(label("cyra", NO_LABEL[number % 2], claim_id=claim_id))
    return all_tables() | {"claims": claims, "labels": labels}


def votes_of(tables: Tables, basis: str) -> tuple[list[str], np.ndarray]:
    """Claims with three votes or more, and the label that each annotator gave, -1 for none."""
    names = PEOPLE if basis == "human" else MODELS
    newest = {
        (row["claim_id"], row["annotator"]): row["label"]
        for row in sorted(tables["labels"], key=oracle.time_of)
        if row["method"] == basis and row.get("round") != "adjudication"
    }
    places = {str(name): place for place, name in enumerate(Label)}
    result = {
        row["claim_id"]: [places.get(newest.get((row["claim_id"], name), ""), -1) for name in names]
        for row in tables["claims"]
        if row["claim_id"].startswith(basis)
    }
    result = {key: row for key, row in result.items() if sum(x >= 0 for x in row) >= 3}
    return list(result), np.array(list(result.values()), np.int64).reshape(-1, len(names))


@pytest.mark.parametrize(("people", "models"), [(240, 200), (200, 199), (199, 0), (0, 200)])
def test_labels_by_the_model(people: int, models: int, warehouse: Warehouse, files: Path) -> None:
    tables = noisy(people, models)
    loaded(warehouse, files, tables)
    decided = {row["claim_id"] for row in tables["labels"] if row.get("round") == "adjudication"}
    expected: dict[str, str | None] = {}
    for basis, number in (("human", people), ("model", models)):
        ids, votes = votes_of(tables, basis)
        assert len(ids) == number
        if number >= 200:
            result = statistics.dawid_skene(votes, np.ones(number, np.int64), len(Label))
            assert result.converged
            chosen = statistics.decided(result.posterior)
            names = [*map(str, Label), None]
            expected |= {key: names[place] for key, place in zip(ids, chosen, strict=True)}
    rows = ask(warehouse, "SELECT claim_id, label FROM latent_labels JOIN claims USING (claim_key)")
    assert len(rows) == len(dict(rows))
    assert dict(rows) == {key: name for key, name in expected.items() if key not in decided}
    by_vote = dict(
        ask(warehouse, "SELECT claim_id, label FROM resolved JOIN claims USING (claim_key)")
    )
    assert bool(rows) == any(by_vote[key] != name for key, name in rows)


# A file as it stands.

GIVEN = {
    # article: claims; each by anna, bela, cyra, dora, and the models m1 and m2 (see LETTERS)
    "rain": "ssssss ssss-s sscss- ss--sf uu-uss sn-s-- ffffss uf----",
    "rent": "uuuuuu u-uusu uuusuu cc--us su--ss sx---u ------",
    "vote": "ss--ss fs--ff ucuuuu uuu-uu ccccsc",
    "undated": "s-s--- --uusu uu--us",
}
LETTERS = {"s": "sourced", "f": "self_cited", "u": "unsourced", "c": "contested",
           "n": "not_a_claim", "x": "cannot_say"}  # fmt: skip


def small() -> Tables:
    """Two sources, four articles. All sums are whole or halves, so digits are equal everywhere."""
    dates = {"rain": "2026-04-02", "rent": "2026-04", "vote": "2026-05-11", "undated": ""}
    who = [(name, "human") for name in PEOPLE] + [(name, "model") for name in MODELS[:2]]
    columns = ("article_id", "source_id", "title", "published", "published_precision", "genre",
               "origin", "language")  # fmt: skip
    tables: Tables = {
        "sources": [
            {"source_id": "post", "name": "The Post", "kind": "newspaper", "affiliation": ""},
            {"source_id": "blog", "name": "A blog, mine", "kind": "blog", "affiliation": ""},
        ],
        "articles": [],
        "claims": [],
        "labels": [],
    }
    for article, claims in GIVEN.items():
        source = "blog" if article == "vote" else "post"
        row = (article, source, f"On {article}", dates[article], "", "news", "", "en")
        tables["articles"].append(dict(zip(columns, row, strict=True)))
        for number, letters in enumerate(claims.split(), 1):
            claim_id = f"{article}-{number}"
            claim = {"claim_id": claim_id, "article_id": article, "claim": f"{article} {number}."}
            tables["claims"].append(claim | {"topic": "", "statement_id": ""})
            tables["labels"] += [
                label(name, LETTERS[letter], claim_id=claim_id, method=method, attribution="")
                for (name, method), letter in zip(who, letters, strict=True)
                if letter != "-"
            ]
    return tables


@pytest.fixture(scope="module")
def small_one(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("small")
    result = Warehouse(folder / "warehouse")
    write(folder / "files", small())
    assert load(result, folder / "files").rejected == 0
    return result


@pytest.mark.parametrize("table", TABLES)
def test_exported_byte_for_byte(table: str, small_one: Warehouse) -> None:
    done = etl("export", table, "--warehouse", small_one.folder)
    assert (done.code, done.err) == (0, "")
    result = done.out.replace(str(small_one.current()).encode(), b"SNAPSHOT")
    assert result == (EXPECTED / f"small-{table}.csv").read_bytes()


def test_the_expected_files_match_the_codebook(small_one: Warehouse) -> None:
    tables = small()
    for row in tables["articles"]:
        del row["title"]
    with reading(small_one) as snapshot:
        answers = Answers(tables, Filters())
        for table, make in WANTED.items():
            titled = [
                row | ({"title": f"On {row['article_id']}"} if "title" in row else {})
                for row in make(answers)
            ]
            result = rows_of(snapshot, table, Filters())
            for row in result:
                if "alpha" in row:
                    assert_intervals(row, row.get("articles"))
            assert_rows(result, titled, table)
