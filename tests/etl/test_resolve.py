"""Resolved labels agree with the codebook, whatever the order of rows, files and loads."""

import random
from itertools import product
from pathlib import Path
from typing import Any

import oracle
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from shuffling import shuffled
from strategies import Tables, corpora, several, side_by_side
from support import (
    BASE,
    all_tables,
    ask,
    exported,
    in_table_order,
    load,
    loaded,
    new_folder,
)

from etl import publication
from etl.progress import Progress
from sourcing.filters import Filters
from sourcing.statistics import Weighting
from sourcing.warehouse.contract import column_names
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

COLUMNS = ("label", "state", "basis", "attribution", "votes")


def resolved(warehouse: Warehouse) -> dict[str, tuple[str, ...]]:
    rows = exported(warehouse, "resolved")
    outcomes = {row["claim_id"]: tuple(row[name] for name in COLUMNS) for row in rows}
    assert len(outcomes) == len(rows)
    return outcomes


def expected(tables: Tables) -> dict[str, tuple[str, ...]]:
    return {
        claim.claim_id: tuple(
            str(value or "") if name != "votes" else str(value)
            for name, value in ((name, getattr(claim.resolved, name)) for name in COLUMNS)
        )
        for claim in oracle.claims_of(tables)
    }


def counts(outcomes: list[tuple[str, ...]]) -> dict[str, int]:
    """The load report's counts of claims."""
    return {
        "all": len(outcomes),
        "resolved": sum(label not in ("", "not_a_claim") for label, *_ in outcomes),
        "open": sum(not label for label, *_ in outcomes),
        "unlabelled": sum(state == "unlabelled" for _, state, *_ in outcomes),
        "tie": sum(state == "tie" for _, state, *_ in outcomes),
        "not_a_claim": sum(label == "not_a_claim" for label, *_ in outcomes),
    }


@given(several(corpora(claims=30, labels=7), 3))
@settings(max_examples=8)
def test_agrees_with_the_codebook(tables: Tables) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        report = loaded(warehouse, folder / "files", tables)
        assert not any(file.rejected or file.duplicates for file in report.files)
        actual, codebook = resolved(warehouse), expected(tables)
        for claim_id, outcome in codebook.items():
            if actual.get(claim_id) != outcome:
                note(str([row for row in tables["labels"] if row["claim_id"] == claim_id]))
        assert actual == codebook
        assert report.claims == counts(list(codebook.values()))
        states = dict(
            ask(
                warehouse,
                "SELECT claim_id, attribution_state FROM resolved JOIN claims USING (claim_key)",
            )
        )
        for claim in oracle.claims_of(tables):
            assert states[claim.claim_id] == claim.resolved.attribution_state


def everything(warehouse: Warehouse) -> tuple[Any, ...]:
    """Everything that must not depend on row order: facts by content, resolutions, shares."""
    tables = {
        table: sorted(map(str, exported(warehouse, table)))
        for table in ("resolved", "claims", "articles", "findings", "shares_by_month")
    }
    return warehouse.current()[-8:], tables, exported(warehouse, "shares")


@given(several(corpora(timeless=False), 3), st.randoms(use_true_random=False))
@settings(max_examples=4)
def test_order_of_rows_and_files_never_matters(tables: Tables, rnd: random.Random) -> None:
    with new_folder() as folder:
        ordered, reordered = Warehouse(folder / "one"), Warehouse(folder / "other")
        loaded(ordered, folder / "files", tables)
        load(reordered, shuffled(tables, rnd, folder / "shuffled"))
        assert everything(reordered) == everything(ordered)


def test_order_never_matters_to_the_last_digit(tmp_path: Path) -> None:
    rnd = random.Random(1)
    tables: Tables = {"sources": [{"source_id": "s", "name": "Source", "kind": "blog"}]}
    tables |= {"articles": [], "claims": [], "labels": []}
    for number in range(120):
        tables["articles"].append({"article_id": f"a{number}", "source_id": "s"})
        for claim in range(rnd.randint(1, 12)):
            names = {
                "article_id": f"a{number}",
                "claim_id": f"c{number}-{claim}",
                "claim": "It is.",
            }
            tables["claims"].append(names | {"statement_id": rnd.choice(["", "x", "y", "z"])})
            label = {"label": rnd.choice(oracle.LABELS), "annotator": "a", "method": "human"}
            tables["labels"].append(names | label | {"labelled_at": "2026-01-01"})
    for table, rows in tables.items():
        tables[table] = [{k: row[k] for k in row if k in column_names(table)} for row in rows]
    ordered, reordered = Warehouse(tmp_path / "one"), Warehouse(tmp_path / "other")
    loaded(ordered, tmp_path / "files", tables)
    load(reordered, shuffled(tables, rnd, tmp_path / "shuffled"))
    for weighting in Weighting:
        for filters in (
            Filters(weighting=weighting),
            Filters(weighting=weighting, basis=("human",)),
        ):
            assert exported(reordered, "shares", filters) == exported(ordered, "shares", filters)


@given(several(corpora(), 3), st.randoms(use_true_random=False))
@settings(max_examples=3)
def test_order_never_matters_for_labels_without_time(tables: Tables, rnd: random.Random) -> None:
    with new_folder() as folder:
        ordered, reordered = Warehouse(folder / "one"), Warehouse(folder / "other")
        loaded(ordered, folder / "files", tables)
        load(reordered, shuffled(tables, rnd, folder / "shuffled"))
        assert resolved(reordered) == resolved(ordered)
        assert exported(reordered, "shares") == exported(ordered, "shares")


@given(several(corpora(), 3), st.randoms(use_true_random=False))
@settings(max_examples=3)
def test_reloading_changes_nothing(tables: Tables, rnd: random.Random) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        before, snapshot_id = everything(warehouse), warehouse.current()
        report = load(warehouse, shuffled(tables, rnd, folder / "shuffled"))
        assert not report.published
        assert [file.rows_loaded for file in report.files] == [0] * len(report.files)
        assert sum(file.duplicates for file in report.files) == sum(map(len, tables.values()))
        assert warehouse.current() == snapshot_id
        assert everything(warehouse) == before


@given(several(corpora(timeless=False), 3), st.randoms(use_true_random=False))
@settings(max_examples=3)
def test_two_loads_equal_one(tables: Tables, rnd: random.Random) -> None:
    with new_folder() as folder:
        single, double = Warehouse(folder / "one"), Warehouse(folder / "two")
        loaded(single, folder / "files", tables)
        late = {row["claim_id"] for row in tables["claims"] if rnd.random() < 0.3}
        parts: list[dict[str, Any]] = [{}, {}]
        for table, rows in in_table_order(tables).items():
            parts[0][table] = [row for row in rows if row.get("claim_id") not in late]
            parts[1][table] = [row for row in rows if row.get("claim_id") in late]
        for row in list(parts[0]["labels"]):
            if rnd.random() < 0.5:
                parts[1]["labels"].append(row)
            if rnd.random() < 0.5 and row in parts[1]["labels"]:
                parts[0]["labels"].remove(row)
        loaded(double, folder / "first", parts[0])
        loaded(double, folder / "second", parts[1])
        assert everything(double) == everything(single)


CASES: dict[str, tuple[list[tuple[str, ...]], tuple[str, ...]]] = {
    # (annotator, label, method, round, time, attribution) …: label state basis attribution votes
    "nobody": ([], ("", "unlabelled", "", "", "0")),
    "one": ([("a", "sourced")], ("sourced", "single", "human", "sourced", "1")),
    "two agree": (
        [("a", "sourced"), ("b", "sourced")],
        ("sourced", "unanimous", "human", "sourced", "2"),
    ),
    "half is not a majority": (
        [("a", "sourced"), ("b", "sourced"), ("c", "unsourced"), ("d", "contested")],
        ("", "tie", "human", "sourced", "4"),
    ),
    "two of three": (
        [("a", "sourced"), ("b", "sourced"), ("c", "unsourced")],
        ("sourced", "majority", "human", "sourced", "3"),
    ),
    "a change of mind": (
        [
            ("a", "sourced", "human", "", "2026-01-01"),
            ("a", "unsourced", "human", "", "2026-01-02"),
        ],
        ("unsourced", "single", "human", "unsourced", "1"),
    ),
    "a rule never votes": ([("a", "sourced", "rule")], ("", "unlabelled", "", "", "0")),
    "a rule never decides": (
        [("a", "sourced", "rule", "adjudication")],
        ("", "unlabelled", "", "", "0"),
    ),
    "people before models": (
        [("a", "unsourced"), ("m", "sourced", "model"), ("n", "sourced", "model")],
        ("unsourced", "single", "human", "unsourced", "1"),
    ),
    "models do not vote in a tie of people": (
        [("a", "sourced"), ("b", "unsourced"), ("m", "sourced", "model")],
        ("", "tie", "human", "", "2"),
    ),
    "models where people cannot say": (
        [("a", "cannot_say"), ("m", "sourced", "model")],
        ("sourced", "single", "model", "sourced", "1"),
    ),
    "cannot say does not vote": (
        [("a", "sourced"), ("b", "cannot_say")],
        ("sourced", "single", "human", "sourced", "1"),
    ),
    "no claim": (
        [("a", "not_a_claim"), ("b", "not_a_claim"), ("c", "sourced")],
        ("not_a_claim", "majority", "human", "", "3"),
    ),
    "a meeting decides": (
        [("a", "sourced"), ("b", "sourced"), ("m", "unsourced", "human", "adjudication")],
        ("unsourced", "adjudicated", "human", "unsourced", "1"),
    ),
    "a later meeting supersedes": (
        [
            ("m", "sourced", "human", "adjudication", "2026-01-02"),
            ("n", "unsourced", "human", "adjudication", "2026-01-03"),
            ("a", "contested", "human", "after_discussion", "2026-01-04"),
        ],
        ("unsourced", "adjudicated", "human", "unsourced", "1"),
    ),
    "two meetings at one time": (
        [("m", "sourced", "human", "adjudication"), ("n", "unsourced", "human", "adjudication")],
        ("", "tie", "human", "", "1"),
    ),
    "a meeting that cannot say": (
        [("a", "sourced"), ("m", "cannot_say", "human", "adjudication")],
        ("sourced", "single", "human", "sourced", "1"),
    ),
    "a model's decision comes after people's votes": (
        [("a", "sourced"), ("m", "unsourced", "model", "adjudication")],
        ("sourced", "single", "human", "sourced", "1"),
    ),
    "a model's decision comes before models' votes": (
        [("m", "sourced", "model"), ("n", "unsourced", "model", "adjudication")],
        ("unsourced", "adjudicated", "model", "unsourced", "1"),
    ),
    "contested keeps its attribution": (
        [
            ("a", "contested", "human", "", "", "sourced"),
            ("b", "contested", "human", "", "", "sourced"),
        ],
        ("contested", "unanimous", "human", "sourced", "2"),
    ),
    "contested of unknown attribution does not vote there": (
        [("a", "contested"), ("b", "contested"), ("c", "sourced")],
        ("contested", "majority", "human", "sourced", "3"),
    ),
    "open by label, resolved by attribution": (
        [("a", "contested", "human", "", "", "sourced"), ("b", "sourced")],
        ("", "tie", "human", "sourced", "2"),
    ),
    "not a claim votes by attribution, too": (
        [("a", "sourced"), ("b", "not_a_claim"), ("c", "contested")],
        ("", "tie", "human", "", "3"),
    ),
}


def labels_of(name: str) -> list[dict[str, Any]]:
    labels = []
    for row in CASES[name][0]:
        annotator, label, method, round_, time, attribution = (*row, *[""] * 6)[:6]
        labels.append(
            {
                "claim_id": "c",
                "annotator": annotator,
                "label": label,
                "method": method or "human",
                "round": round_,
                "labelled_at": time or "2026-01-01",
                "attribution": attribution,
            }
        )
    return labels


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, ...]]:
    """How all cases are resolved, side by side in one load."""
    folder = tmp_path_factory.mktemp("cases")
    warehouse = Warehouse(folder / "warehouse")
    cases = [{**BASE, "labels": labels_of(name)} for name in CASES]
    loaded(warehouse, folder / "files", side_by_side(cases))
    found = resolved(warehouse)
    assert len(found) == len(CASES)
    return {name: found[f"c-{number}"] for number, name in enumerate(CASES)}


@pytest.mark.parametrize("name", CASES)
def test_cases_of_the_codebook(name: str, outcomes: dict[str, tuple[str, ...]]) -> None:
    outcome = CASES[name][1]
    assert outcomes[name] == outcome
    assert expected({**BASE, "labels": labels_of(name)}) == {"c": outcome}


OF_AXES: dict[str, tuple[str, tuple[str | None, str, str | None, str]]] = {
    "agreed on where it comes from": (
        "sourced contested(sourced)",
        (None, "tie", "sourced", "unanimous"),
    ),
    "a dispute of unknown attribution does not vote": (
        "sourced contested",
        (None, "tie", "sourced", "single"),
    ),
    "who sees no claim votes against every attribution": (
        "sourced not_a_claim",
        (None, "tie", None, "tie"),
    ),
    "a majority says where it comes from": (
        "sourced contested(sourced) not_a_claim",
        (None, "tie", "sourced", "majority"),
    ),
    "a claim, but nobody says where it comes from": (
        "contested contested not_a_claim",
        ("contested", "majority", None, "unlabelled"),
    ),
    "no majority for a claim, and no attribution": (
        "contested not_a_claim",
        (None, "tie", None, "unlabelled"),
    ),
    "no majority on one axis, most see no claim on the other": (
        "not_a_claim not_a_claim sourced contested",
        (None, "tie", None, "tie"),
    ),
    "out of the count in both views, by the state of the label": (
        "not_a_claim not_a_claim contested",
        ("not_a_claim", "majority", None, "majority"),
    ),
    "one sees no claim": ("not_a_claim", ("not_a_claim", "single", None, "single")),
}


def votes_of(name: str) -> list[dict[str, Any]]:
    return [
        BASE["labels"][0]
        | {
            "annotator": f"a{number}",
            "label": vote.partition("(")[0],
            "attribution": vote.partition("(")[2].rstrip(")"),
        }
        for number, vote in enumerate(OF_AXES[name][0].split())
    ]


STATES = ("unanimous", "majority", "single", "tie", "unlabelled")
Exports = dict[tuple[str, str, str], list[dict[str, str]]]


@pytest.fixture(scope="module")
def axes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Exports]:
    """All cases side by side in one load, and its exports by view, state and table."""
    folder = tmp_path_factory.mktemp("axes")
    warehouse = Warehouse(folder / "warehouse")
    cases = [{**BASE, "labels": votes_of(name)} for name in OF_AXES]
    loaded(warehouse, folder / "files", side_by_side(cases))
    exports = {
        (view, state, table): exported(warehouse, table, Filters(view=view, state=(state,)))
        for view, state, table in product(("labels", "attribution"), STATES, ("resolved", "claims"))
    }
    return warehouse, exports


@pytest.mark.parametrize("name", OF_AXES)
def test_each_axis_has_its_own_state(name: str, axes: tuple[Warehouse, Exports]) -> None:
    warehouse, exports = axes
    outcome, claim = OF_AXES[name][1], f"c-{list(OF_AXES).index(name)}"
    columns = "label, state, attribution, attribution_state"
    question = f"SELECT {columns} FROM resolved JOIN claims USING (claim_key)"
    assert ask(warehouse, f"{question} WHERE claim_id = '{claim}'") == [outcome]
    found = oracle.resolve(votes_of(name))
    assert (found.label, found.state, found.attribution, found.attribution_state) == outcome
    for view, state in (("labels", outcome[1]), ("attribution", outcome[3])):
        for other in STATES:
            for table in ("resolved", "claims"):
                own = [row for row in exports[view, other, table] if row["claim_id"] == claim]
                assert [row["state"] for row in own] == [state] * (other == state), table
    [row] = [row for row in exported(warehouse, "resolved") if row["claim_id"] == claim]
    assert row["state"] == outcome[1]


def test_two_meetings_that_agree_on_all_but_the_attribution(
    warehouse: Warehouse, files: Path
) -> None:
    decided = {"claim_id": "c", "label": "contested", "method": "human", "round": "adjudication"}
    labels = [
        decided | {"annotator": who, "labelled_at": "2026-01-01", "attribution": attribution}
        for who, attribution in (("m", "sourced"), ("n", "unsourced"))
    ]
    loaded(warehouse, files, {**BASE, "labels": labels})
    assert resolved(warehouse) == {"c": ("contested", "adjudicated", "human", "", "1")}
    assert ask(warehouse, "SELECT attribution_state FROM resolved") == [("tie",)]


def test_publish_resolves_again_with_the_same_result(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, all_tables())
    before, snapshot_id = everything(warehouse), warehouse.current()
    report = publication.publish(warehouse, Progress(shown=False))
    assert report.published
    assert warehouse.current() != snapshot_id
    assert everything(warehouse) == before
