"""The agenda against a plain oracle that tries every decision and recounts every share."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import support
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.codebook import MIN_ARTICLES, MIN_CLAIMS, Label
from sourcing.filters import Filters
from sourcing.meetings import agenda
from sourcing.meetings.agenda import REASONS, AgendaChoice
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

LABELS = [str(label) for label in Label]
Claims = dict[str, tuple[str, str, str | None]]
"""By claim: source, article, resolved label (None: open)."""


def shares(claims: Claims, source: str) -> dict[str, Fraction] | None:
    """The share of each label in a source's resolved claims; None without any."""
    result = Counter(label for own, _, label in claims.values() if own == source and label)
    total = sum(result.values())
    return {label: Fraction(result[label], total) for label in LABELS} if total else None


def can_be_compared(claims: Claims, source: str) -> bool:
    rows = [(article, label) for own, article, label in claims.values() if own == source and label]
    return len(rows) >= MIN_CLAIMS and len({article for article, _ in rows}) >= MIN_ARTICLES


def decided(claims: Claims, claim: str) -> list[Claims]:
    """The data after each decision that could be made on a claim."""
    source, article, _ = claims[claim]
    after = [{**claims, claim: (source, article, label)} for label in LABELS]
    return [*after, {key: row for key, row in claims.items() if key != claim}]


def movable(claims: Claims, claim: str) -> Fraction:
    """The largest possible change of a share; 1 if there is no share before or after."""
    source = claims[claim][0]
    before = shares(claims, source)
    largest = Fraction(0)
    for after in decided(claims, claim):
        now = shares(after, source)
        if before is None and now is None:
            continue
        if before is None or now is None:
            return Fraction(1)
        largest = max(largest, *(abs(now[label] - before[label]) for label in LABELS))
    return largest


def crosses(claims: Claims, claim: str) -> bool:
    source = claims[claim][0]
    before = can_be_compared(claims, source)
    return any(can_be_compared(after, source) != before for after in decided(claims, claim))


def turns(claims: Claims, claim: str) -> set[tuple[str, str]]:
    """Other sources and labels whose order with this claim's source a label could reverse."""
    source = claims[claim][0]
    before = shares(claims, source)
    if before is None or not can_be_compared(claims, source):
        return set()
    result = set()
    for other in {row[0] for row in claims.values()} - {source}:
        if not can_be_compared(claims, other):
            continue
        theirs = shares(claims, other) or {}
        for after, label in product(decided(claims, claim)[:-1], LABELS):
            now = (shares(after, source) or {})[label]
            if (before[label] - theirs[label]) * (now - theirs[label]) < 0:
                result.add((other, label))
    return result


@st.composite
def corpora(draw: st.DrawFn) -> Claims:
    """Two or three sources, some close to the limit of too few to compare."""
    claims: Claims = {}
    for source in ("s1", "s2", "s3")[: draw(st.integers(2, 3))]:
        articles = draw(st.sampled_from([1, 3, MIN_ARTICLES - 1, MIN_ARTICLES, MIN_ARTICLES + 2]))
        size = draw(st.sampled_from([1, 4, MIN_CLAIMS - 1, MIN_CLAIMS, MIN_CLAIMS + 1, 40]))
        given_ = draw(
            st.lists(st.sampled_from([*LABELS, *LABELS, None]), min_size=size, max_size=size)
        )
        for number, label in enumerate(given_):
            name = f"{source}-{number}"
            claims[name] = (source, f"{source}-a{number % articles}", label)
    return claims


def loaded(warehouse: Warehouse, claims: Claims, **labels: Any) -> None:
    """The claims as tables: one person's label each, none for open claims."""
    sources = sorted({source for source, _, _ in claims.values()})
    articles = sorted({(article, source) for source, article, _ in claims.values()})
    rows = [
        {"claim_id": claim, "annotator": "anna", "label": label, "method": "human"}
        for claim, (_, _, label) in claims.items()
        if label
    ]
    support.loaded(
        warehouse,
        warehouse.folder.parent / "files",
        {
            "sources": [{"source_id": s, "name": s} for s in sources],
            "articles": [{"article_id": a, "source_id": s} for a, s in articles],
            "claims": [
                {"claim_id": c, "article_id": article, "claim": c, "topic": "t"}
                for c, (_, article, _) in claims.items()
            ],
            "labels": [*rows, *labels.get("more", [])],
        },
    )


def candidates(
    warehouse: Warehouse, choice: AgendaChoice | None = None, **filters: Any
) -> list[Any]:
    with reading(warehouse) as snapshot:
        return rows_of(snapshot, choice or AgendaChoice(), Filters(**filters))


def rows_of(snapshot: Snapshot, choice: AgendaChoice, filters: Filters) -> list[Any]:
    result = agenda.candidates(snapshot, filters, choice, 10_000)
    return list(result.astype(object).where(result.notna(), None).itertuples())


@settings(max_examples=25)
@given(corpora())
def test_the_effect_of_a_decision(claims: Claims) -> None:
    with support.new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, claims)
        result = {row.claim_id: row for row in candidates(warehouse)}
        doubtful = {claim for claim, (_, _, label) in claims.items() if label is None}
        missing = {
            claim for claim, row in claims.items() if row[2] in ("sourced", "self_cited")
        }  # without a citation: a finding
        contested = {claim for claim, row in claims.items() if row[2] == "contested"}
        assert set(result) == doubtful | missing | contested
        for claim, row in result.items():
            assert row.movable == pytest.approx(float(movable(claims, claim)), rel=1e-12), claim
            assert row.crosses == crosses(claims, claim), claim
            turned = turns(claims, claim)
            assert (row.passed is not None) == bool(turned), claim
            assert not turned or (row.passed, row.passing_label) in turned


@settings(max_examples=10)
@given(corpora())
def test_the_order(claims: Claims) -> None:
    with support.new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, claims)
        result = candidates(warehouse)
        assert [row.movable for row in result] == sorted((r.movable for r in result), reverse=True)
        first = candidates(warehouse, AgendaChoice(conclusions_first=True))
        concludes = [row.crosses or row.passed is not None for row in first]
        assert concludes == sorted(concludes, reverse=True)
        by_kind = defaultdict(list)
        for row, kind in zip(first, concludes, strict=True):
            by_kind[kind].append(row.movable)
        assert all(values == sorted(values, reverse=True) for values in by_kind.values())
        assert {row.claim_id for row in first} == {row.claim_id for row in result}


def reasons(warehouse: Warehouse, choice: AgendaChoice | None = None) -> dict[str, str]:
    return {row.claim_id: row.reason for row in candidates(warehouse, choice)}


@pytest.fixture
def several(warehouse: Warehouse) -> Warehouse:
    """One claim for each reason, and three that need no meeting."""
    claims: Claims = dict.fromkeys(
        "tied nobody cited split model settled decided out".split(), ("s1", "a", None)
    )
    labels_given = {
        "tied": ("sourced", "unsourced"),
        "cited": ("unsourced", "unsourced"),
        "split": ("unsourced", "unsourced", "contested"),
        "settled": ("unsourced", "unsourced"),
        "decided": ("sourced", "unsourced"),
        "out": ("not_a_claim", "not_a_claim"),
    }
    more: list[dict[str, Any]] = [
        {"claim_id": claim, "annotator": f"p{n}", "label": label, "method": "human"}
        for claim, given_ in labels_given.items()
        for n, label in enumerate(given_)
    ]
    more += [
        {"claim_id": "model", "annotator": "m", "label": "unsourced", "method": "model"},
        {"claim_id": "decided", "annotator": "chair", "label": "unsourced", "method": "human",
         "round": "adjudication", "labelled_at": "2026-01-01"},
    ]  # fmt: skip
    loaded(warehouse, claims, more=more)
    folder = warehouse.folder.parent / "more"
    support.write(folder, {"citations": [{"claim_id": "cited", "cited_name": "The mayor"}]})
    support.load(warehouse, folder)
    return warehouse


def test_why_a_claim_is_on_the_agenda(several: Warehouse) -> None:
    assert reasons(several) == {
        "tied": "tie",
        "nobody": "unlabelled",
        "cited": "finding",
        "split": "disagreement",
        "model": "provisional",
    }
    for reason in REASONS:
        assert set(reasons(several, AgendaChoice(reasons=(reason,))).values()) == {reason}


def test_claims_can_be_left_out(several: Warehouse) -> None:
    left = reasons(several, AgendaChoice(without=("tied", "nobody")))
    assert set(left) == {"cited", "split", "model"}


def test_filters_choose_sources_and_topics(several: Warehouse) -> None:
    assert len(candidates(several, source=("s1",), topic=("t",))) == 5
    assert not candidates(several, topic=("other",))
    assert not candidates(several, source=("nobody",))


def test_the_reason_in_words(several: Warehouse) -> None:
    words = {row.claim_id: row.why for row in candidates(several)}
    assert words["tied"].startswith("Annotators are tied. A decision can move a share by up to ")
    assert words["cited"].startswith("Unsourced, but with a citation. A decision can move ")
    assert words["model"].startswith("Labelled by models only. ")


@pytest.mark.parametrize(("minutes", "items"), [(45, 15), (1, 1), (3, 1), (60, 20)])
def test_a_time_box(minutes: int, items: int) -> None:
    assert agenda.items_for(minutes) == items
