"""Withdrawals of the review database on their way into a snapshot: previewed exactly, only once."""

from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
import support
from hypothesis import given, settings
from hypothesis import strategies as st
from preview_support import assert_same, publish
from sqlalchemy import URL

from etl.amendments import undo
from etl.progress import Progress
from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import VIEWS
from sourcing.filters import Filters
from sourcing.meetings import label_events, preview, withdrawal_events
from sourcing.reviews import (
    VARIABLE,
    Person,
    Reviews,
    Role,
    address_of,
    answers,
    decisions,
    withdrawals,
)
from sourcing.reviews.answers import Answer
from sourcing.reviews.decisions import Decision
from sourcing.reviews.withdrawals import Withdrawal
from sourcing.statistics import Weighting
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

pytest_plugins = "review_fixtures"

ADA, EVE = Person("Ada", Role.REVIEWER), Person("Eve", Role.ANNOTATOR)
CLAIMS = [f"c{number}" for number in range(6)]


def withdraw(reviews: Reviews, claim: str, *, back: bool = False) -> None:
    newest = withdrawals.newest_of(reviews, claim)
    reason = "The paper's own." if back else "A reader's letter."
    withdrawals.record(
        reviews, ADA, Withdrawal(claim, reason, back), newest.number if newest else 0
    )


def decide(reviews: Reviews, claim: str, label: str) -> None:
    seen = len(decisions.history(reviews, claim))
    decisions.record(reviews, ADA, Decision(claim, label, "Why."), seen)


def answer(reviews: Reviews, claim: str, label: str, who: str) -> None:
    answers.record(reviews, Person(who, Role.ANNOTATOR), Answer(claim, label, label))


def corpus() -> dict[str, list[dict[str, Any]]]:
    """Six claims of two sources, each with three answers; some withdrawn, a name joined."""
    labels = ["sourced", "unsourced", "self_cited"]
    return {
        "sources": [{"source_id": source, "name": source.upper()} for source in "st"],
        "articles": [
            {"article_id": f"a{number}", "source_id": "sst"[number], "published": "2026-01-01"}
            for number in range(3)
        ],
        "claims": [
            {"claim_id": claim, "article_id": f"a{number // 2}", "claim": f"It rained {number}."}
            for number, claim in enumerate(CLAIMS)
        ],
        "labels": [
            {"claim_id": claim, "annotator": who, "label": labels[(number + place // 2) % 3],
             "method": "human", "labelled_at": f"2026-01-0{place + 1}"}
            for number, claim in enumerate(CLAIMS)
            for place, who in enumerate(("anna", "Anna", "bo"))
        ],
        "withdrawals": [
            {"table_name": "claims", "id": "c1", "reason": "Twice."},
            {"table_name": "labels", "id": "c1", "annotator": "Anna", "reason": "A slip."},
            {"table_name": "labels", "id": "c2", "annotator": "bo", "reason": "A slip."},
            {"table_name": "articles", "id": "a2", "reason": "Another topic."},
        ],
        "annotator_aliases": [{"alias": "Anna", "annotator": "anna", "reason": "One person."}],
    }  # fmt: skip


def unpublished(snapshot: Snapshot, reviews: Reviews) -> int:
    """How many events the snapshot lacks."""
    frames = (
        *label_events.unpublished(snapshot, reviews).values(),
        *withdrawal_events.unpublished(snapshot, reviews).values(),
    )
    return sum(map(len, frames))


@pytest.fixture
def loaded(warehouse: Warehouse, files: Path) -> Warehouse:
    assert support.loaded(warehouse, files, corpus()).rejects == []
    return warehouse


@pytest.fixture
def reviews(loaded: Warehouse) -> Reviews:
    return Reviews(address_of(loaded))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(CLAIMS),
        st.sampled_from(["withdraw", "back", "decide", "answer", "publish"]),
        st.sampled_from(["sourced", "unsourced"]),
        st.sampled_from(["Anna", "bo", "eve"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=10)
@given(ACTS)
def test_the_preview_with_withdrawals_is_what_is_published(
    acts: list[tuple[str, str, str, str]],
) -> None:
    """Whatever was withdrawn and joined before, and whatever is published in between."""
    every = [Filters(weighting=w, view=v) for w, v in product(Weighting, VIEWS)]
    with support.new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        support.loaded(warehouse, folder / "files", corpus())
        reviews = Reviews(address_of(warehouse))
        for claim, act, label, who in [*acts, ("", "publish", "", "")]:
            if act in ("withdraw", "back"):
                withdraw(reviews, claim, back=act == "back")
            elif act == "decide":
                decide(reviews, claim, label)
            elif act == "answer":
                answer(reviews, claim, label, who)
            else:
                assert_published_as_previewed(warehouse, reviews, every)
        reviews.close()


def assert_published_as_previewed(
    warehouse: Warehouse, reviews: Reviews, every: list[Filters]
) -> None:
    with reading(warehouse) as snapshot:
        events = label_events.unpublished(snapshot, reviews)
        gone = withdrawal_events.unpublished(snapshot, reviews)
        with preview.rehearsed(snapshot, events, gone) as after:
            effects = [preview.effect_between(snapshot, after, filters) for filters in every]
    publish(warehouse)
    with reading(warehouse) as snapshot:
        assert unpublished(snapshot, reviews) == 0
        for filters, effect in zip(every, effects, strict=True):
            assert_same(effect, shares_by_source(snapshot, filters))


def test_a_withdrawal_comes_in_whole_and_once(loaded: Warehouse, reviews: Reviews) -> None:
    withdraw(reviews, "c0")
    [item] = withdrawals.every(reviews)
    report = publish(loaded)
    origin = withdrawal_events.origin_of(reviews)
    assert [(file.file, file.table, file.rows_loaded) for file in report.files] == [
        (origin, "withdrawals", 1)
    ]
    [row] = [row for row in support.exported(loaded, "withdrawals") if row["file"] == origin]
    wanted = {"table_name": "claims", "id": "c0", "reason": "A reader's letter.",
              "decided_by": "Ada", "back": "false", "line": str(item.withdrawal_id),
              "decided_at": item.decided_at.replace(tzinfo=None).isoformat() + "Z"}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert "c0" not in [row["claim_id"] for row in support.exported(loaded, "claims")]
    assert publish(loaded).files == []
    withdraw(reviews, "c0", back=True)
    publish(loaded)
    assert "c0" in [row["claim_id"] for row in support.exported(loaded, "claims")]
    assert len(support.exported(loaded, "withdrawals")) == 4 + 2


def test_a_claim_that_files_withdrew_is_brought_back(loaded: Warehouse, reviews: Reviews) -> None:
    withdraw(reviews, "c1", back=True)
    publish(loaded)
    assert "c1" in [row["claim_id"] for row in support.exported(loaded, "claims")]


def test_a_withdrawal_waits_for_its_claim(loaded: Warehouse, reviews: Reviews) -> None:
    withdraw(reviews, "c")
    report = publish(loaded)
    assert report.files == []
    assert "1 event of the review database is still waiting" in report.message
    support.load(loaded, support.write(loaded.folder.parent / "more", support.BASE))
    with reading(loaded) as snapshot:
        assert unpublished(snapshot, reviews) == 1
    publish(loaded)
    assert "c" not in [row["claim_id"] for row in support.exported(loaded, "claims")]


def test_a_published_decision_on_a_withdrawn_claim_is_not_waiting(
    loaded: Warehouse, reviews: Reviews
) -> None:
    decide(reviews, "c0", "unsourced")
    publish(loaded)
    withdraw(reviews, "c0")
    publish(loaded)
    with reading(loaded) as snapshot:
        assert unpublished(snapshot, reviews) == 0
        decide(reviews, "c0", "sourced")
        assert unpublished(snapshot, reviews) == 1
    publish(loaded)
    with reading(loaded) as snapshot:
        assert unpublished(snapshot, reviews) == 0
    assert publish(loaded).files == []


def test_withdrawals_outlive_the_undo_of_a_load(loaded: Warehouse, reviews: Reviews) -> None:
    """They wait while their claims are gone, and are there again when those are."""
    support.load(loaded, support.write(loaded.folder.parent / "more", support.BASE))
    for claim in ("c", "c0"):
        withdraw(reviews, claim)
    publish(loaded)
    undone = undo.undo(loaded, undo.Options(2), Progress(shown=False))
    assert "1 event of the review database waits until" in undone.message
    withdrawn = [row["id"] for row in support.exported(loaded, "withdrawn")]
    assert "c0" in withdrawn
    assert "c" not in withdrawn
    undo.redo(loaded, undo.Options(2), Progress(shown=False))
    assert {"c", "c0"} <= {row["id"] for row in support.exported(loaded, "withdrawn")}
    with reading(loaded) as snapshot:
        assert unpublished(snapshot, reviews) == 0


def test_snapshots_of_earlier_versions_hold_no_withdrawals(
    loaded: Warehouse, reviews: Reviews
) -> None:
    withdraw(reviews, "c0")
    decide(reviews, "c2", "unsourced")
    path = loaded.path(loaded.current() or "")
    path.with_suffix(".seal").unlink()
    with duckdb.connect(str(path)) as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'withdr%' "
            "OR table_name LIKE 'joined%' OR table_name LIKE 'undo%' OR table_name LIKE '%aliases'"
        ).fetchall()
        for (table,) in tables:
            con.execute(f"DROP TABLE {table}")
    with reading(loaded) as snapshot:
        assert not snapshot.has_table("withdrawals")
        assert unpublished(snapshot, reviews) == 2
        item = withdrawal_events.waiting(snapshot, reviews, "c0")
        assert item is not None
        assert item.reason == "A reader's letter."
        events = label_events.unpublished(snapshot, reviews)
        gone = withdrawal_events.unpublished(snapshot, reviews)
        with preview.rehearsed(snapshot, events, gone) as after:
            states = after.rows(
                "SELECT claim_id, state FROM resolved JOIN claims USING (claim_key)"
            )
    assert dict(states)["c2"] == "adjudicated"
    assert "c0" not in dict(states)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql(loaded: Warehouse, url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, url.render_as_string(hide_password=False))
    reviews = Reviews(address_of(loaded))
    withdraw(reviews, "c0")
    publish(loaded)
    assert "c0" not in [row["claim_id"] for row in support.exported(loaded, "claims")]
    with reading(loaded) as snapshot:
        assert withdrawal_events.waiting(snapshot, reviews, "c0") is None
    reviews.close()
