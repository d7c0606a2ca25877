"""What changed between two snapshots: against plain Python, and that the parts make the whole."""

import csv
import io
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pytest
import support
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LABELS, Tables, corpora, label_events, side_by_side

from etl import publication
from etl.progress import Progress
from sourcing.analysis import changes
from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import VIEWS, Label
from sourcing.downloads import request, tables
from sourcing.errors import FilterError
from sourcing.filters import Filters
from sourcing.reviews import Person, Reviews, Role, address_of, decisions
from sourcing.reviews.decisions import Decision
from sourcing.statistics import Weighting
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

ADA = Person("Ada", Role.REVIEWER)


@st.composite
def two_steps(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], list[tuple[int, str]]]:
    """A corpus, what comes later (articles, claims, labels), and decisions between both."""
    first = draw(corpora(claims=10))
    later = {name: [] for name in ("articles", "claims", "labels")}  # type: dict[str, Any]
    if draw(st.booleans()):
        later["articles"].append(
            {"article_id": "later", "source_id": first["sources"][0]["source_id"]}
        )
        for n in range(draw(st.integers(0, 4))):
            claim = {"claim_id": f"n{n}", "article_id": "later", "claim": "New.", "topic": "rain"}
            later["claims"].append(claim)
            later["labels"] += draw(label_events(f"n{n}", 3, timeless=False))
    for claim in first["claims"]:
        for annotator in draw(st.lists(st.sampled_from("abxy"), max_size=2, unique=True)):
            label = draw(st.sampled_from(LABELS))
            later["labels"].append(
                {"claim_id": claim["claim_id"], "annotator": annotator, "label": label,
                 "method": draw(st.sampled_from(("human", "model"))),
                 "labelled_at": "2025-01-01",
                 "codebook_version": draw(st.sampled_from(("", "1.0", "1.1")))}
            )  # fmt: skip
    decided = draw(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(LABELS)), max_size=3))
    return first, later, decided


def facts(snapshot: Snapshot, view: str) -> dict[str, tuple[str, str | None, str]]:
    """By claim: source, answer and state."""
    answer, state = ("label", "state") if view == "labels" else ("attribution", "attribution_state")
    rows = snapshot.rows(
        f"SELECT c.claim_id, a.source_id, "
        f"CASE r.label WHEN 'not_a_claim' THEN r.label ELSE r.{answer} END, r.{state} "
        "FROM resolved AS r "
        "JOIN claims AS c USING (claim_key) JOIN articles AS a ON a.article_key = r.article_key"
    )
    return {claim: (source, label, how) for claim, source, label, how in rows}


def minds(snapshot: Snapshot) -> dict[str, dict[tuple[str, str], Any]]:
    """By claim and annotator: the newest answer."""
    rows = snapshot.rows(
        "SELECT l.claim_id, l.annotator, l.method, l.label, l.attribution, l.codebook_version "
        "FROM labels AS l "
        "JOIN files AS f ON f.file_id = l.file_id JOIN loads AS d USING (load_id) "
        "WHERE l.method <> 'rule' AND coalesce(l.round, '') <> 'adjudication' "
        "ORDER BY coalesce(l.labelled_at, d.loaded_at), l.file_id, l.line"
    )
    answers: dict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
    for claim, annotator, method, label, attribution, version in rows:
        answers[claim][annotator, method] = ((label, attribution), version)
    return answers


def causes(older: Snapshot, newer: Snapshot, view: str) -> dict[str, str]:
    """The rule of docs/method.md, claim by claim."""
    before, after = facts(older, view), facts(newer, view)
    said_before, said_after = minds(older), minds(newer)
    causes = {}
    for claim in before.keys() | after.keys():
        one, other = before.get(claim), after.get(claim)
        if one and other and one[:2] == other[:2]:
            continue
        heard, hears = said_before[claim], said_after[claim]
        same_codebook = {
            heard[who][1] == hears[who][1]
            for who in heard.keys() & hears.keys()
            if heard[who][0] != hears[who][0]
        }
        if one is None:
            causes[claim] = "new_articles"
        elif other is None or one[0] != other[0]:
            causes[claim] = "corrections"
        elif "adjudicated" in (one[2], other[2]):
            causes[claim] = "decisions"
        elif True in same_codebook:
            causes[claim] = "changed_minds"
        elif same_codebook:
            causes[claim] = "codebook"
        elif hears.keys() - heard.keys():
            causes[claim] = "new_labels"
        else:
            causes[claim] = "corrections"
    return causes


def share(
    facts_: dict[str, tuple[str, str | None, str]], source: str, label: str
) -> tuple[int, int]:
    labels = [x for s, x, _ in facts_.values() if s == source and x not in (None, "not_a_claim")]
    return labels.count(label), len(labels)


@settings(max_examples=8)
@given(st.lists(two_steps(), min_size=5, max_size=5))
def test_causes_and_parts_are_those_by_hand(
    histories: list[tuple[Tables, Tables, list[tuple[int, str]]]],
) -> None:
    """Five histories in one warehouse, each with sources of its own."""
    first = side_by_side([first for first, _, _ in histories])
    later = side_by_side([later for _, later, _ in histories])
    with support.new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        support.loaded(warehouse, folder / "first", first)
        older_id = warehouse.current()
        reviews = Reviews(address_of(warehouse))
        for number, (tables, _, decided) in enumerate(histories):
            for place, label in decided:
                if place < len(tables["claims"]):
                    claim = f"{tables['claims'][place]['claim_id']}-{number}"
                    seen = len(decisions.history(reviews, claim))
                    decisions.record(reviews, ADA, Decision(claim, label, "Why."), seen)
        reviews.close()
        support.loaded(warehouse, folder / "later", later)
        publication.publish(warehouse, Progress(shown=False))
        newer_id = warehouse.current()
        assert older_id is not None
        assert newer_id is not None
        older, newer = Snapshot(warehouse, older_id), Snapshot(warehouse, newer_id)
        for view in VIEWS:
            assert_changes(older, newer, view)
        older.close()
        newer.close()


def assert_changes(older: Snapshot, newer: Snapshot, view: str) -> None:
    """Causes, counts and parts are those of the plain rules."""
    with changes.between(older, newer, Filters(view=view)) as between:
        parts, claims, counts = between.parts(), between.claims(), between.counts()
    wanted = causes(older, newer, view)
    assert dict(zip(claims["claim_id"], claims["cause"], strict=True)) == wanted
    assert counts == Counter(wanted.values())
    before, after = facts(older, view), facts(newer, view)
    shares = {
        (row.source_id, row.label): row.share
        for row in shares_by_source(newer, Filters(view=view)).itertuples()
    }
    for (source, label), rows in parts.groupby(["source_id", "label"]):
        (k0, n0), (k1, n1) = share(before, source, label), share(after, source, label)
        row = rows.iloc[0]
        assert (row["claims_before"], row["resolved_before"]) == (k0, n0)
        assert (row["claims_after"], row["resolved_after"]) == (k1, n1)
        undefined = row["share_after"] != row["share_after"]
        assert row["share_after"] == shares[source, label] or undefined
        assert rows["claims_added"].sum() == k1 - k0
        assert rows["resolved_added"].sum() == n1 - n0
        if row["change"] == row["change"]:
            change = Fraction(k1, n1) - Fraction(k0, n0)
            assert rows["part"].sum() == pytest.approx(float(change), abs=1e-12)
            assert row["change"] == pytest.approx(float(change), abs=1e-12)
        else:
            assert rows["part"].isna().all()
        for part in rows.itertuples():
            mine = [claim for claim, cause in wanted.items() if cause == part.cause]
            moved = [c for c in mine if source in (before.get(c, [""])[0], after.get(c, [""])[0])]
            assert part.changed_claims == len(moved)


# On the sample ------------------------------------------------------------------------------------


@pytest.fixture
def decided(warehouse: Warehouse) -> Warehouse:
    """The sample, then one decision."""
    support.load(warehouse, support.SAMPLE)
    reviews = Reviews(address_of(warehouse))
    decisions.record(reviews, ADA, Decision("seed-001-c001", "contested", "Why."), 0)
    reviews.close()
    publication.publish(warehouse, Progress(shown=False))
    return warehouse


def rows_of(warehouse: Warehouse, table: str, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    new, old = warehouse.ids()
    asked = [("snapshot", old), ("other_snapshot", new), *pairs]
    text = b"".join(request.csv(warehouse, table, asked)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_download_names_cause_and_claims(decided: Warehouse) -> None:
    rows = rows_of(decided, "since")
    assert list(rows[0])[5:] == list(changes.SINCE)
    assert {row["cause"] for row in rows} == {"decisions"}
    assert [row["label"] for row in rows] == list(map(str, Label))
    [claim] = rows_of(decided, "changed_claims")
    assert (claim["claim_id"], claim["cause"], claim["answer_after"]) == (
        "seed-001-c001", "decisions", "contested",
    )  # fmt: skip
    assert rows_of(decided, "changed_claims", ("source", "mek-site-002")) == []


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("mix", "same")], "Both snapshots need the same filters"),
        ([("other_source", "mehr-news")], "Both snapshots need the same filters"),
        ([("weighting", "article")], "leave out the weighting"),
        ([("state", "tie")], "cannot be filtered by state"),
    ],
)
def test_what_plays_no_part_is_refused(
    decided: Warehouse, pairs: list[tuple[str, str]], message: str
) -> None:
    for table in ("since", "changed_claims"):
        with pytest.raises(FilterError, match=message):
            rows_of(decided, table, *pairs)


def test_the_older_one_is_before_in_whatever_order(decided: Warehouse) -> None:
    new, old = decided.ids()
    asked = [("snapshot", new), ("other_snapshot", old)]
    text = b"".join(request.csv(decided, "changed_claims", asked)).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["cause"], row["answer_after"]) == ("decisions", "contested")


def test_snapshots_are_only_read(decided: Warehouse) -> None:
    new, old = decided.ids()
    before = {name: decided.path(name).read_bytes() for name in (new, old)}
    rows_of(decided, "since")
    assert {name: decided.path(name).read_bytes() for name in (new, old)} == before
    assert (
        changes.applicable_filters(Filters(weighting=Weighting.ARTICLE)).weighting
        is Weighting.CLAIM
    )
    assert "since" in tables.TABLES


def test_relabelling_under_another_codebook_is_no_change_of_mind(warehouse: Warehouse) -> None:
    """Alone; beside somebody who thinks otherwise under the same version, it is."""
    corpus = {
        "sources": [{"source_id": "s", "name": "S"}],
        "articles": [{"article_id": "a", "source_id": "s"}],
        "claims": [{"claim_id": c, "article_id": "a", "claim": "It rains."} for c in "xyz"],
    }
    old = [
        {"claim_id": c, "annotator": "ann", "label": "sourced", "method": "human",
         "labelled_at": "2025-01-01", "codebook_version": "1.0"} for c in "xyz"
    ]  # fmt: skip
    later = {"label": "unsourced", "labelled_at": "2025-02-01"}
    new = [
        old[0] | later | {"codebook_version": "1.1"},
        old[1] | later,
        old[2] | later | {"annotator": "bob", "labelled_at": "2025-02-01"},
        old[2] | later | {"codebook_version": "1.1"},
    ]
    with support.new_folder() as folder:
        support.loaded(warehouse, folder / "old", corpus | {"labels": old})
        first = warehouse.current()
        support.loaded(warehouse, folder / "new", {"labels": new})
    with (
        reading(warehouse, first) as older,
        reading(warehouse) as newer,
        changes.between(older, newer, Filters()) as between,
    ):
        claims = between.claims()
    assert dict(zip(claims["claim_id"], claims["cause"], strict=True)) == {
        "x": "codebook", "y": "changed_minds", "z": "codebook",
    }  # fmt: skip
