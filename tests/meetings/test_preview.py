"""Decisions on their way into a snapshot: what is previewed is what is published, nothing twice."""

import hashlib
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import support
from hypothesis import given, settings
from hypothesis import strategies as st
from preview_support import assert_same, publish
from sqlalchemy import URL
from strategies import side_by_side
from support import etl

from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import VIEWS, Label, NoAnswer
from sourcing.filters import Filters
from sourcing.meetings import label_events, preview
from sourcing.reviews import VARIABLE, Person, Reviews, Role, address_of, answers, decisions
from sourcing.reviews.answers import Answer
from sourcing.reviews.decisions import Decision
from sourcing.statistics import Weighting
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading

pytestmark = pytest.mark.slow

pytest_plugins = "review_fixtures"

ADA, EVE = Person("Ada", Role.REVIEWER), Person("Eve", Role.ANNOTATOR)


def decide(reviews: Reviews, claim: str, label: str | None, **more: Any) -> None:
    seen = len(decisions.history(reviews, claim))
    if label is None:
        if seen:
            decisions.take_back(reviews, ADA, claim, seen, "")
        return
    decisions.record(reviews, ADA, Decision(claim, label, "Why.", **more), seen)


@pytest.fixture
def warehouse_of_sample(sample: Warehouse, warehouse: Warehouse) -> Warehouse:
    shutil.copytree(sample.folder, warehouse.folder)
    return warehouse


@pytest.fixture
def reviews(warehouse_of_sample: Warehouse) -> Reviews:
    return Reviews(address_of(warehouse_of_sample))


LABELS = [*map(str, Label), *map(str, NoAnswer), None]
ACTS = st.lists(
    st.tuples(st.integers(0, 327), st.sampled_from(LABELS), st.booleans()), min_size=1, max_size=25
)


@settings(max_examples=12)
@given(ACTS)
def test_the_preview_is_what_is_published(
    sample: Warehouse, acts: list[tuple[int, str | None, bool]]
) -> None:
    """Under every weighting and view, and under filters; the snapshot itself is only read."""
    every = [Filters(weighting=w, view=v) for w, v in product(Weighting, VIEWS)]
    every += [Filters(state=("adjudicated",)), Filters(basis=("human",))]
    every += [Filters(topic=("diplomacy",))]
    with support.new_folder() as folder:
        warehouse = Warehouse(shutil.copytree(sample.folder, folder / "warehouse"))
        reviews = Reviews(address_of(warehouse))
        with reading(warehouse) as snapshot:
            claims = [claim for (claim,) in snapshot.rows("SELECT claim_id FROM claims ORDER BY 1")]
            for place, label, in_place in acts:
                decide(reviews, claims[place], label, attribution="sourced")
                if in_place and label in map(str, Label):
                    contested = label == Label.CONTESTED
                    own = "unsourced" if contested else label
                    answer = Answer(claims[place], str(label), own, contested=contested)
                    answers.record(reviews, EVE, answer)
            path = warehouse.path(snapshot.id)
            before = hashlib.sha256(path.read_bytes()).hexdigest()
            events = label_events.unpublished(snapshot, reviews)
            with preview.rehearsed(snapshot, events) as after:
                effects = [preview.effect_between(snapshot, after, filters) for filters in every]
            pd.testing.assert_frame_equal(preview.effect(snapshot, events, every[0]), effects[0])
            assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        publish(warehouse)
        with reading(warehouse) as snapshot:
            assert all(
                frame.empty for frame in label_events.unpublished(snapshot, reviews).values()
            )
            for filters, effect in zip(every, effects, strict=True):
                assert_same(effect, shares_by_source(snapshot, filters))
        reviews.close()


def newest_of(labels: list[str | None]) -> str | None:
    """The newest decision; an undo gives back the one before."""
    stack: list[str | None] = []
    for label in labels:
        if label is not None:
            stack.append(label)
        elif stack:
            stack.append(stack[-2] if len(stack) > 1 else None)
    return stack[-1] if stack else None


SEQUENCES = st.lists(st.sampled_from(LABELS), min_size=1, max_size=6)


@settings(max_examples=3)
@given(st.lists(SEQUENCES, min_size=6, max_size=6))
def test_the_newest_decision_holds(sequences: list[list[str | None]]) -> None:
    """A plain rule, for several claims at a time; else the annotators."""
    with support.new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        tables = side_by_side([support.all_tables() for _ in sequences])
        support.loaded(warehouse, folder / "files", tables)
        reviews = Reviews(address_of(warehouse))
        for number, labels in enumerate(sequences):
            for label in labels:
                decide(reviews, f"c-{number}", label)
        publish(warehouse)
        with reading(warehouse) as snapshot:
            for number, labels in enumerate(sequences):
                details = queries.claim(snapshot, f"c-{number}")
                assert details is not None
                found = (details.claim["label"], details.claim["state"])
                newest = newest_of(labels)
                if newest is None or newest == NoAnswer.CANNOT_SAY:
                    assert found == ("sourced", "single")
                else:
                    assert found == (newest, "adjudicated")
        reviews.close()


def test_a_decision_comes_in_whole(warehouse_of_sample: Warehouse, reviews: Reviews) -> None:
    decide(
        reviews, "seed-001-c001", "contested", attribution="sourced", contested_by="The mayor",
        evidence_url="https://example.org/a", needs_source="yes",
    )  # fmt: skip
    [decision] = decisions.every(reviews)
    decided_at = decision.decided_at.replace(tzinfo=None)
    publish(warehouse_of_sample)
    [row] = [
        row
        for row in support.exported(warehouse_of_sample, "labels")
        if row["round"] == "adjudication"
    ]
    wanted = {"claim_id": "seed-001-c001", "annotator": "Ada", "label": "contested",
              "attribution": "sourced", "contested": "true", "contested_by": "The mayor",
              "method": "human", "rationale": "Why.", "evidence_url": "https://example.org/a",
              "needs_source": "yes", "codebook_version": "1.0",
              "labelled_at": decided_at.isoformat() + "Z"}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_nothing_comes_in_twice(warehouse_of_sample: Warehouse, reviews: Reviews) -> None:
    decide(reviews, "seed-001-c001", "sourced")
    answers.record(reviews, EVE, Answer("seed-001-c002", "sourced", "sourced"))
    first = publish(warehouse_of_sample)
    assert [(file.rows_read, file.rows_loaded) for file in first.files] == [(1, 1), (1, 1)]
    labels = support.exported(warehouse_of_sample, "labels")
    assert publish(warehouse_of_sample).files == []
    assert support.exported(warehouse_of_sample, "labels") == labels
    decide(reviews, "seed-001-c001", "unsourced")
    assert [file.rows_loaded for file in publish(warehouse_of_sample).files] == [1]
    for name in ("rows_read", "rows_loaded"):
        counted = support.ask(warehouse_of_sample, f"SELECT sum({name}) FROM files")
        assert counted == [(984 + 328 + 45 + 21 + 5 + 3,)]


def test_events_wait_for_their_claims(warehouse_of_sample: Warehouse, reviews: Reviews) -> None:
    decide(reviews, "c", "unsourced")
    report = publish(warehouse_of_sample)
    assert report.files == []
    assert report.message.endswith(
        "1 event of the review database is still waiting: the article of the claim is not loaded "
        "here."
    )
    support.load(
        warehouse_of_sample,
        support.write(warehouse_of_sample.folder.parent / "more", support.all_tables()),
    )
    assert [file.rows_loaded for file in publish(warehouse_of_sample).files] == [1]
    with reading(warehouse_of_sample) as snapshot:
        details = queries.claim(snapshot, "c")
    assert details is not None
    assert (details.claim["label"], details.claim["state"]) == ("unsourced", "adjudicated")


def test_another_database_is_another(warehouse_of_sample: Warehouse, reviews: Reviews) -> None:
    """Its first decision has the same number, and comes in all the same."""
    decide(reviews, "seed-001-c001", "sourced")
    publish(warehouse_of_sample)
    reviews.close()
    for path in warehouse_of_sample.folder.glob("review.db*"):
        path.unlink()
    other = Reviews(address_of(warehouse_of_sample))
    decide(other, "seed-001-c002", "sourced")
    assert [file.rows_loaded for file in publish(warehouse_of_sample).files] == [1]
    with reading(warehouse_of_sample) as snapshot:
        for claim in ("seed-001-c001", "seed-001-c002"):
            details = queries.claim(snapshot, claim)
            assert details is not None
            assert details.claim["state"] == "adjudicated"


def test_without_a_review_database(warehouse_of_sample: Warehouse) -> None:
    assert publish(warehouse_of_sample).published
    assert not list(warehouse_of_sample.folder.glob("review.db*"))


def test_a_review_database_that_is_none(warehouse_of_sample: Warehouse) -> None:
    before = warehouse_of_sample.current()
    (warehouse_of_sample.folder / "review.db").write_text("Dear reader, " * 500)
    done = etl("publish", "--warehouse", warehouse_of_sample.folder)
    assert done.code == 1
    assert "The review database" in done.err
    assert done.err.count("\n") == 1
    assert warehouse_of_sample.current() == before


def test_nothing_touched_is_nothing_moved(warehouse_of_sample: Warehouse, reviews: Reviews) -> None:
    decide(reviews, "nowhere", "sourced")
    with reading(warehouse_of_sample) as snapshot:
        events = label_events.unpublished(snapshot, reviews)
        effect = preview.effect(snapshot, events, Filters())
        assert effect.empty
        assert list(effect.columns) == preview.EFFECT
        decide(reviews, "seed-001-c001", "contested", attribution="sourced")
        events = label_events.unpublished(snapshot, reviews)
        effect = preview.effect(snapshot, events, Filters())
        assert set(effect["source_id"]) == {"mehr-news"}
        assert preview.effect(snapshot, events, Filters(source=("mek-site-002",))).empty


def test_publish_says_its_phases(warehouse_of_sample: Warehouse) -> None:
    done = etl("publish", "--phases", "--json", "--warehouse", warehouse_of_sample.folder)
    assert done.err.splitlines()[0] == "Resolving labels …"
    assert done.err.splitlines()[-1] == "Publishing …"
    assert done.text.startswith("{")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql(
    warehouse_of_sample: Warehouse, url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ETL reads the same address as the dashboard."""
    monkeypatch.setenv(VARIABLE, url.render_as_string(hide_password=False))
    reviews = Reviews(address_of(warehouse_of_sample))
    assert reviews.url.get_backend_name() == "postgresql"
    decide(reviews, "seed-001-c001", "sourced")
    assert [file.rows_loaded for file in publish(warehouse_of_sample).files] == [1]
    reviews.close()


def test_what_files_decided_holds_again(warehouse: Warehouse, tmp_path: Path) -> None:
    """Taking back the first decision made here brings back the one that was loaded."""
    event = {"claim_id": "c", "annotator": "board", "label": "contested", "method": "human",
             "attribution": "sourced", "round": "adjudication",
             "labelled_at": "2026-02-01"}  # fmt: skip
    support.loaded(warehouse, tmp_path / "files", support.all_tables(labels=[event]))
    reviews = Reviews(address_of(warehouse))
    with reading(warehouse) as snapshot:
        decide(reviews, "c", "unsourced")
        loaded = label_events.loaded_decision(snapshot, reviews, "c")
        assert loaded is not None
        assert label_events.loaded_decision(snapshot, reviews, "nothing") is None
        decision = decisions.take_back(reviews, ADA, "c", 1, "", loaded)
    assert (decision.label, decision.attribution) == ("contested", "sourced")
    publish(warehouse)
    with reading(warehouse) as snapshot:
        details = queries.claim(snapshot, "c")
    assert details is not None
    assert (details.claim["label"], details.claim["state"]) == ("contested", "adjudicated")
    reviews.close()
