"""Defensible choices: their list, their numbers, and whether results hold."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import oracle
import pandas as pd
import pytest
import support
from robustness_support import corpus

from sourcing.analysis import robustness
from sourcing.analysis.comparison import Side, compared
from sourcing.analysis.robustness import (
    DIFFERENCES,
    SHARES,
    Choice,
    choices,
    of_differences,
    of_shares,
)
from sourcing.analysis.shares import shares_by_source
from sourcing.filters import NONE, Filters
from sourcing.statistics import Weighting
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

FIRST = "As chosen on this page"
MODEL = "Labels by Dawid and Skene's model"
TITLES = [
    FIRST,
    "Each article counts the same",
    "Each distinct statement counts once",
    "Without claims of a single label",
    "Without labels by models",
    "Without wire and syndicated copy",
    "Without opinion",
    "Without common knowledge",
    "Attribution before contested",
    MODEL,
]
ALREADY = "decided by a filter already"
SEVERAL = ("adjudicated", "unanimous", "majority")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A corpus on which every choice has an effect."""
    folder = tmp_path_factory.mktemp("robust")
    warehouse = Warehouse(folder / "warehouse")
    support.loaded(warehouse, folder / "files", corpus(thrice=250))
    with reading(warehouse) as result:
        yield result


def notes(side: Side) -> dict[str, str]:
    return {choice.title: choice.note for choice in choices(side)}


# Which choices there are --------------------------------------------------------------------------


def test_every_choice_changes_the_one_in_force(snapshot: Snapshot) -> None:
    base = Filters(source=("one",), topic=("rain",))
    result = list(choices(Side(snapshot, base)))
    assert result == [
        Choice(FIRST, base),
        Choice(TITLES[1], replace(base, weighting=Weighting.ARTICLE)),
        Choice(TITLES[2], replace(base, weighting=Weighting.STATEMENT)),
        Choice(TITLES[3], replace(base, state=SEVERAL)),
        Choice(TITLES[4], replace(base, basis=("human",))),
        Choice(TITLES[5], replace(base, origin=("staff",))),
        Choice(TITLES[6], replace(base, genre=("news",))),
        Choice(TITLES[7], replace(base, needs_source=result[7].filters.needs_source)),
        Choice(TITLES[8], replace(base, view="attribution")),
        Choice(MODEL, base, latent=True, note="needs 200 claims with 3 labels"),
    ]
    kept = result[7].filters.needs_source
    present = queries.choices(snapshot).present["needs_source"]
    assert set(kept) == {*present} - {"no"}
    assert NONE in kept


def test_the_choice_in_force_is_not_offered_again(snapshot: Snapshot) -> None:
    for weighting, left in (
        (Weighting.ARTICLE, "Each claim counts the same"),
        (Weighting.STATEMENT, "Each claim counts the same"),
    ):
        result = notes(Side(snapshot, Filters(weighting=weighting)))
        assert left in result
        assert len(result) == len(TITLES)
    assert TITLES[1] not in notes(Side(snapshot, Filters(weighting=Weighting.ARTICLE)))
    assert TITLES[2] not in notes(Side(snapshot, Filters(weighting=Weighting.STATEMENT)))
    result = notes(Side(snapshot, Filters(view="attribution")))
    assert "Contested before attribution" in result
    assert TITLES[8] not in result
    assert result[MODEL] == "is about all labels"


@pytest.mark.parametrize(
    ("filters", "noted"),
    [
        (Filters(), {}),
        (Filters(state=("single",)), {TITLES[3], MODEL}),
        (Filters(basis=("human",)), {TITLES[4]}),
        (Filters(origin=("wire",)), {TITLES[5]}),
        (Filters(genre=("news",)), {TITLES[6]}),
        (Filters(needs_source=("no",)), {TITLES[7]}),
        (Filters(basis=("model",), genre=("news",)), {TITLES[4], TITLES[6]}),
    ],
    ids=lambda value: value.query() if isinstance(value, Filters) else "",
)
def test_a_filter_in_force_is_not_a_choice(
    snapshot: Snapshot, filters: Filters, noted: set[str]
) -> None:
    result = notes(Side(snapshot, filters))
    assert {title for title, note in result.items() if note == ALREADY} == set(noted)
    without = {title for title in result if title != MODEL and title not in noted}
    assert not any(result[title] for title in without)


def test_a_choice_about_absent_values_changes_or_leaves_nothing(
    warehouse: Warehouse, files: Path
) -> None:
    tables = support.all_tables()
    tables["articles"] = [{**support.BASE["articles"][0], "genre": "opinion", "origin": "staff"}]
    tables["labels"] = [{**support.BASE["labels"][0], "needs_source": "no"}]
    support.loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        side = Side(snapshot, Filters())
        result = notes(side)
        shares = of_shares(side)
    assert result[TITLES[5]] == "changes nothing"
    assert result[TITLES[6]] == result[TITLES[7]] == "leaves no claim"
    assert result[MODEL] == "needs 200 claims with 3 labels"
    assert shares["holds"].isna().all()
    assert shares.loc[shares["choice"].eq(TITLES[6]), "share"].isna().all()
    noted = shares[shares["choice"].eq(TITLES[1])].set_index("label")["note"].to_dict()
    nothing = dict.fromkeys(oracle.LABELS, "changes nothing")
    assert noted == nothing | {"self_cited": "not defined"}


@pytest.mark.parametrize(("thrice", "note"), [(199, "needs"), (200, "")])
def test_the_model_needs_200_claims_with_three_labels(
    warehouse: Warehouse, files: Path, thrice: int, note: str
) -> None:
    support.loaded(warehouse, files, corpus(thrice=thrice))
    with reading(warehouse) as snapshot:
        result = notes(Side(snapshot, Filters()))
        assert result[MODEL] == (f"{note} 200 claims with 3 labels" if note else "")
        assert notes(Side(snapshot, Filters(source=("one",))))[MODEL].startswith("needs 200")


# Each is counted as it says -----------------------------------------------------------------------

BASES = [
    Filters(),
    Filters(source=("one",)),
    Filters(source=("who",), weighting=Weighting.ARTICLE),
    Filters(source=("two",), view="attribution", weighting=Weighting.STATEMENT),
    Filters(source=("one",), topic=("rain",), state=("majority",)),
    Filters(source=("two",), since="2025-03", until="2025-08", basis=("human",)),
    Filters(source=("two",), genre=("opinion",), needs_source=("yes",)),
    Filters(source=("one",), since="9998-01"),
]


def near(result: Any, expected: Any) -> bool:
    return bool(
        (pd.isna(result) and pd.isna(expected))
        or result == pytest.approx(expected, rel=1e-9, abs=1e-12)
    )


@pytest.mark.parametrize("filters", [x for x in BASES if x.source], ids=Filters.query)
def test_each_row_is_the_share_under_these_filters(snapshot: Snapshot, filters: Filters) -> None:
    side = Side(snapshot, filters)
    result = of_shares(side)
    assert list(result.columns) == SHARES
    there = list(choices(side))
    assert list(dict.fromkeys(result["choice"])) == [choice.title for choice in there]
    for choice in there:
        rows = result[result["choice"] == choice.title].set_index("label")
        if choice.note:
            assert (rows["note"] == choice.note).all()
            assert rows.drop(columns=["choice", "note"]).isna().all(axis=None)
            continue
        if choice.latent:
            continue
        shares = shares_by_source(snapshot, choice.filters).set_index("label")
        both = [label for label in shares.index if label in set(result["label"])]
        assert list(rows.index) == both
        for label in both:
            for name in ("share", "low", "high"):
                assert near(rows.loc[label, name], shares.loc[label, name]), (choice.title, label)
            for name in ("claims", "resolved_claims", "open_claims", "articles"):
                assert rows.loc[label, name] == shares.loc[label, name], (choice.title, name)


def by_hand(snapshot: Snapshot, source: str | None) -> list[oracle.Counted]:
    """Claims with the model's label if it gives one, otherwise with the resolved one."""
    rows = snapshot.rows(
        "SELECT a.article_id, a.source_id, c.statement_id, r.label, r.basis, l.claim_key, l.label "
        "FROM claims AS c JOIN resolved AS r USING (claim_key) "
        "JOIN articles AS a ON a.article_key = r.article_key "
        "LEFT JOIN latent_labels AS l ON l.claim_key = c.claim_key"
    )
    result = []
    for article, publisher, statement, label, basis, read, latent in rows:
        if label == "not_a_claim" or (source and publisher != source):
            continue
        answer = label if read is None else latent
        provisional = answer is not None and basis == "model"
        result.append(oracle.Counted(article, publisher, statement, answer, provisional))
    return result


@pytest.mark.parametrize("weighting", Weighting)
def test_labels_by_the_model(snapshot: Snapshot, weighting: Weighting) -> None:
    result = of_shares(Side(snapshot, Filters(weighting=weighting)))
    rows = result[result["choice"] == MODEL].set_index("label")
    assert list(rows.index) == list(oracle.LABELS)
    expected = oracle.shares(by_hand(snapshot, None), weighting, oracle.LABELS)
    for label, share in expected.items():
        for name in ("share", "low", "high"):
            assert near(rows.loc[label, name], getattr(share, name))
        for name in ("claims", "resolved_claims", "open_claims", "articles"):
            assert rows.loc[label, name] == getattr(share, name)
    assert (rows["note"] == "").all()
    assert rows["holds"].notna().all()
    as_resolved = result[result["choice"] == FIRST].set_index("label")
    assert (rows["claims"] != as_resolved["claims"]).any()


# What holds ---------------------------------------------------------------------------------------

COUNTS = ["claims", "resolved_claims", "open_claims"]


def judged(rows: list[dict[str, Any]], noted: dict[str, str], value: str, agrees: Any) -> None:
    """Check notes and `holds` of all rows of one label; the first is the choice in force."""
    base = rows[0]
    assert base["note"] == ""
    assert pd.isna(base["holds"])
    counts = [name for name in base if name.endswith("claims")]
    for row in rows[1:]:
        note = noted[row["choice"]]
        if not note and row[value] == base[value] and all(row[x] == base[x] for x in counts):
            note = "changes nothing"
        elif not note and pd.isna(row[value]):
            note = "not defined"
        assert row["note"] == note, row
        if note or pd.isna(base["low"]) or pd.isna(row["low"]):
            assert pd.isna(row["holds"])
        else:
            assert bool(row["holds"]) == agrees(row, base), row


@pytest.mark.parametrize("filters", BASES, ids=Filters.query)
def test_a_share_holds_within_the_interval_in_force(snapshot: Snapshot, filters: Filters) -> None:
    side = Side(snapshot, filters)
    result = of_shares(side)
    for label in result["label"].unique():
        rows = result[result["label"] == label].to_dict("records")
        judged(rows, notes(side), "share", within)


def within(row: dict[str, Any], base: dict[str, Any]) -> bool:
    return bool(base["low"] <= row["share"] <= base["high"])


def side_of_zero(row: dict[str, Any]) -> int:
    """Whether the interval of a difference lies above 0 (1), below 0 (−1) or neither (0)."""
    if row["low"] > 0:
        return 1
    return -1 if row["high"] < 0 else 0


PAIRS = [
    (Filters(source=("one",)), Filters(source=("two",))),
    (Filters(source=("two",)), Filters(source=("one",))),
    (Filters(source=("one",)), Filters(source=("who",))),
    (Filters(until="2025-06"), Filters(since="2025-07")),
    (Filters(since="9998-01"), Filters()),
    (
        Filters(source=("one",), view="attribution", weighting=Weighting.ARTICLE),
        Filters(source=("two",), view="attribution", weighting=Weighting.ARTICLE),
    ),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: " ".join(x.query() for x in pair))
def test_each_difference_is_that_under_these_filters(
    snapshot: Snapshot, pair: tuple[Filters, Filters]
) -> None:
    first, second = (Side(snapshot, filters) for filters in pair)
    result = of_differences(first, second)
    assert list(result.columns) == DIFFERENCES
    there = list(zip(choices(first), choices(second), strict=True))
    noted = {one.title: one.note or other.note for one, other in there}
    assert list(dict.fromkeys(result["choice"])) == list(noted)
    for one, other in there:
        rows = result[result["choice"] == one.title].set_index("label")
        if noted[one.title]:
            assert rows.drop(columns=["choice", "note"]).isna().all(axis=None)
            continue
        expected = compared(
            Side(snapshot, one.filters), Side(snapshot, other.filters), latent=one.latent
        ).set_index("label")
        for label in rows.index:
            for name in ("first_resolved_claims", "second_resolved_claims"):
                assert rows.loc[label, name] == expected.loc[label, name]
            for name, named in (
                ("difference", "difference"),
                ("low", "difference_low"),
                ("high", "difference_high"),
            ):
                assert near(rows.loc[label, name], expected.loc[label, named])
    for label in result["label"].unique():
        rows = [row for row in result.to_dict("records") if row["label"] == label]
        changed = [row for row in rows if row["note"] not in ("changes nothing", "not defined")]
        judged(
            changed, noted, "difference", lambda row, base: side_of_zero(row) == side_of_zero(base)
        )
        for row in rows:
            if row["note"] == "changes nothing" and not noted[row["choice"]]:
                assert row["difference"] == rows[0]["difference"]
            if row["note"] == "not defined":
                assert pd.isna(row["difference"])


def test_differences_between_two_sources_are_judged(snapshot: Snapshot) -> None:
    """The corpus has a difference that holds and one that does not."""
    result = of_differences(*(Side(snapshot, Filters(source=(x,))) for x in ("one", "two")))
    assert {bool(x) for x in result["holds"].dropna()} == {True, False}
    shares = of_shares(Side(snapshot, Filters(source=("one",))))
    assert True in {bool(x) for x in shares["holds"].dropna()}


def test_the_least_claims_match_the_fitting_of_the_model() -> None:
    from etl import dawid_skene  # noqa: PLC0415 (one figure in two layers)

    assert robustness.LEAST_CLAIMS == dawid_skene.LEAST_CLAIMS
