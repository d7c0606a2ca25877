"""The ranking of a snapshot and the counts behind shares, against plain counts of its tables."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from comparison_support import OracleSide
from hypothesis import given, settings
from hypothesis import strategies as st
from robustness_support import corpus
from share_support import LABELS, all_filters
from strategies import Tables, corpora
from support import exported, loaded, new_folder

from sourcing import statistics
from sourcing.analysis.ranking import RANKING, ranked_sources
from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import VIEWS, State
from sourcing.filters import Filters
from sourcing.statistics import Weighting
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot, Warehouse, reading

pytestmark = pytest.mark.slow

NAMES = ["delta", "Alpha", "charlie", "Bravo", "echo"]


def ranked_corpus(seed: int = 3) -> Tables:
    """Five sources with enough claims, two with too few, one to which self-cited does not apply."""
    rng = random.Random(seed)
    sizes = dict.fromkeys(NAMES, (14, 4)) | {"Small": (4, 3), "few": (12, 1), "nobody": (12, 3)}
    tables: Tables = {"sources": [], "articles": [], "claims": [], "labels": []}
    for number, (name, (articles, claims)) in enumerate(sizes.items()):
        kind = "unknown" if name == "nobody" else "newspaper"
        tables["sources"].append({"source_id": f"s{number}", "name": name, "kind": kind})
        for n in range(articles):
            article = f"a{number}-{n}"
            tables["articles"].append(
                {
                    "article_id": article,
                    "source_id": f"s{number}",
                    "published": f"2025-{n % 12 + 1:02d}",
                    "genre": "news" if n % 4 else "opinion",
                }
            )
            for k in range(claims):
                claim = f"c{number}-{n}-{k}"
                tables["claims"].append(
                    {"claim_id": claim, "article_id": article, "claim": f"Claim {k}."}
                )
                weights = (6 - number % 4, number % 2, 1 + number % 4, 1)
                label = rng.choices(oracle.LABELS, weights)[0]
                if kind == "unknown" and label == "self_cited":
                    label = "sourced"
                tables["labels"].append(
                    {
                        "claim_id": claim,
                        "annotator": "ann",
                        "label": label,
                        "attribution": "unsourced" if label == "contested" else "",
                        "method": "human",
                        "labelled_at": "2026-01-01",
                    }
                )
    return tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return ranked_corpus()


@pytest.fixture(scope="module")
def snapshot(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("ranked")
    warehouse = Warehouse(folder / "warehouse")
    loaded(warehouse, folder / "files", tables)
    with reading(warehouse) as result:
        yield result


def fit(row: Mapping[str, Any]) -> bool:
    """Whether a row of shares can be ranked."""
    return bool(not row["too_few"] and row["applicable"] and pd.notna(row["low"]))


FILTERS = [
    *(Filters(view=view, weighting=weighting) for view in VIEWS for weighting in Weighting),
    Filters(since="2025-01", until="2025-11"),
    Filters(source=("s1", "s2", "s5", "s7")),
    Filters(kind=("newspaper",)),
]


@pytest.mark.parametrize("filters", FILTERS, ids=Filters.query)
def test_ranks_follow_shares_and_sizes(
    snapshot: Snapshot, tables: Tables, filters: Filters
) -> None:
    result = ranked_sources(snapshot, filters)
    shares = shares_by_source(snapshot, filters)
    assert list(result.columns) == RANKING
    assert list(dict.fromkeys(result["label"])) == list(LABELS[filters.view])
    for label, rows in result.groupby("label", sort=False):
        every = shares[shares["label"] == label].to_dict("records")
        some = [row for row in every if fit(row)]
        assert len(some) >= 2
        sizes = [
            OracleSide(tables, replace(filters, source=(row["source_id"],))).size(str(label))
            for row in some
        ]
        expected = statistics.ranking(np.array([row["share"] for row in some]), np.array(sizes))
        by_id = {row["source_id"]: place for place, row in enumerate(some)}
        top = rows[rows["rank"].notna()]
        assert set(top["source_id"]) == set(by_id)
        assert top["rank"].is_monotonic_increasing
        assert list(rows["source_id"][len(top) :]) == [
            row["source_id"] for row in every if not fit(row)
        ]
        for row in top.to_dict("records"):
            place = by_id[row["source_id"]]
            assert row["rank"] == expected.rank[place]
            assert row["rank_low"] == expected.rank_low[place]
            assert row["rank_high"] == expected.rank_high[place]
            assert row["groups"] == " ".join(map(str, expected.groups[place]))
            # Sizes summed in another order differ by rounding, and the search for the largest
            # likelihood, which is flat at its top, then ends some 1e-6 away.
            assert row["shrunken"] == pytest.approx(expected.shrunken[place], rel=1e-5)
            assert row["shrunken_low"] == pytest.approx(expected.low[place], rel=1e-5)
            assert row["shrunken_high"] == pytest.approx(expected.high[place], rel=1e-5)


@pytest.mark.parametrize("filters", FILTERS, ids=Filters.query)
def test_every_row_holds_the_counted_share(snapshot: Snapshot, filters: Filters) -> None:
    result = ranked_sources(snapshot, filters).set_index(["label", "source_id"])
    shares = shares_by_source(snapshot, filters)
    shares = shares[shares["applicable"]].set_index(["label", "source_id"])
    assert set(shares.index) <= set(result.index)
    names = "share low high claims resolved_claims open_claims articles too_few source".split()
    pd.testing.assert_frame_equal(result.loc[shares.index, names], shares[names], check_dtype=False)


def test_a_label_that_does_not_apply_has_no_share(snapshot: Snapshot) -> None:
    """Codebook section 2: shown as not applicable, not as 0 %."""
    result = ranked_sources(snapshot, Filters()).set_index(["label", "source"])
    assert result.loc[("self_cited", "nobody"), ["share", "low", "high"]].isna().all()


def test_unranked_sources_come_last_by_name(snapshot: Snapshot) -> None:
    result = ranked_sources(snapshot, Filters())
    for label, rows in result.groupby("label", sort=False):
        left = ["few", "nobody", "Small"] if label == "self_cited" else ["few", "Small"]
        rest = rows[rows["rank"].isna()]
        assert list(rest["source"]) == list(rows["source"])[-len(left) :] == left
        assert rest[["rank_low", "rank_high"]].isna().all(axis=None)
        assert rest[["shrunken", "shrunken_low", "shrunken_high"]].isna().all(axis=None)
        assert (rest["groups"] == "").all()
        assert (rows.loc[rows["rank"].notna(), "groups"] != "").all()


@pytest.mark.parametrize(
    "filters",
    [Filters(source=("s0", "s5")), Filters(source=("s5", "s6")), Filters(until="2025-02")],
    ids=Filters.query,
)
def test_fewer_than_two_sources_are_not_ranked(snapshot: Snapshot, filters: Filters) -> None:
    result = ranked_sources(snapshot, filters)
    assert len(result) >= 4
    assert result[["rank", "rank_low", "rank_high", "shrunken"]].isna().all(axis=None)
    assert (result["groups"] == "").all()
    for _, rows in result.groupby("label"):
        assert list(rows["source"]) == sorted(rows["source"], key=str.lower)


def test_only_self_cited_may_have_too_few_sources(snapshot: Snapshot) -> None:
    result = ranked_sources(snapshot, Filters(source=("s0", "s7")))
    ranked = result.groupby("label", sort=False)["rank"].count().to_dict()
    assert ranked == {"sourced": 2, "self_cited": 0, "unsourced": 2, "contested": 2}


def sources_of(frame: pd.DataFrame) -> list[str]:
    return sorted(set(frame["source_id"]))


def test_no_source_is_hidden(warehouse: Warehouse, files: Path) -> None:
    """Codebook section 4: sources that are too few to compare are not hidden; Overview shows 0."""
    tables = ranked_corpus()
    for article in tables["articles"]:
        if article["source_id"] == "s5":
            article["genre"] = "opinion"
    loaded(warehouse, files, tables)
    with reading(warehouse) as result:
        filters = Filters(genre=("news",))
        assert sources_of(ranked_sources(result, filters)) == sources_of(
            shares_by_source(result, filters)
        )


def test_nothing_to_rank(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, {**ranked_corpus(), "claims": [], "labels": []})
    with reading(warehouse) as result:
        for filters in (Filters(), Filters(since="9998-01")):
            rows = ranked_sources(result, filters)
            assert list(rows.columns) == RANKING
            assert rows["rank"].isna().all()


# What shares rest on ------------------------------------------------------------------------------

STATES = [str(state) for state in State]


def in_period(row: Mapping[str, str], filters: Filters) -> bool:
    """Whether every date that an article may have lies in the period."""
    if not (filters.since or filters.until):
        return True
    precision = row["published_precision"]
    if precision == "unknown":
        return False
    first = last = row["published"][:7]
    if precision == "year":
        first, last = f"{row['published'][:4]}-01", f"{row['published'][:4]}-12"
    return (filters.since or first) <= first and last <= (filters.until or last)


def chosen(row: Mapping[str, str], filters: Filters) -> bool:
    """Whether filters on articles select a row of the table claims."""

    def among(values: tuple[str, ...], value: str) -> bool:
        return not values or value in values

    return (
        among(filters.source, row["source_id"])
        and among(filters.kind, row["source_kind"] or "unknown")
        and among(filters.genre, row["genre"] or "unknown")
        and among(filters.origin, row["origin"] or "unknown")
        and among(filters.language, row["language"] or "(none)")
        and in_period(row, filters)
    )


def plainly(
    claims: list[dict[str, str]],
    labels: list[dict[str, str]],
    states: Mapping[str, Mapping[str, Any]],
    filters: Filters,
) -> dict[str | None, Counter[str]]:
    """Source (None for all) → the counts, from the rows of the tables claims and labels."""
    here = [row for row in claims if chosen(row, filters)]
    counted = [
        row
        for row in here
        if row["label"] != "not_a_claim"
        and (not filters.topic or (row["topic"] or "(none)") in filters.topic)
    ]
    source_of = {row["claim_id"]: row["source_id"] for row in here}
    voted = [
        row for row in labels if row["round"] != "adjudication" and row["claim_id"] in source_of
    ]
    result: dict[str | None, Counter[str]] = {}
    for source in [None, *{row["source_id"] for row in counted}]:
        own = [row for row in counted if source in (None, row["source_id"])]
        counts = Counter(claims=len(own), articles=len({row["article_id"] for row in own}))
        for row in own:
            by_label = filters.view == "labels"
            resolved = states[row["claim_id"]]
            counts[row["state"] if by_label else str(resolved["attribution_state"])] += 1
            answer = row["label"] if by_label else row["attribution"]
            counts["provisional_claims"] += bool(answer) and row["basis"] == "model"
        for name, method in (("people", "human"), ("models", "model")):
            who = {
                row["annotator"]
                for row in voted
                if row["method"] == method and source in (None, source_of[row["claim_id"]])
            }
            counts[name] = len(who)
        result[source] = counts
    return result


COUNTS = ["articles", "claims", *STATES, "provisional_claims", "people", "models"]


def assert_counted(warehouse: Warehouse, several: list[Filters]) -> None:
    claims, labels = exported(warehouse, "claims"), exported(warehouse, "labels")
    with reading(warehouse) as snapshot:
        names = dict(snapshot.rows("SELECT source_id, name FROM sources"))
        states = {
            claim: {"attribution_state": state}
            for claim, state in snapshot.rows(
                "SELECT claim_id, attribution_state FROM resolved JOIN claims USING (claim_key)"
            )
        }
        for filters in several:
            result = queries.counted(snapshot, filters)
            expected = plainly(claims, labels, states, filters)
            rows = {
                None if pd.isna(row["source_id"]) else row["source_id"]: row
                for row in result.to_dict("records")
            }
            assert next(iter(rows), None) is None
            assert [row["source"] for row in list(rows.values())[1:]] == sorted(
                (names[key] for key in rows if key), key=lambda name: str(name).lower()
            )
            assert set(rows) == set(expected)
            for key, counts in expected.items():
                assert {name: rows[key][name] for name in COUNTS} == {
                    name: counts[name] for name in COUNTS
                }, (key, filters)


articles_and_topics = all_filters.map(lambda filters: filters.without(("state", "basis")))


@given(corpora(claims=20), st.lists(articles_and_topics, min_size=5, max_size=6))
@settings(max_examples=12)
def test_counted_matches_plain_counts(tables: Tables, several: list[Filters]) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        assert_counted(warehouse, [Filters(), Filters(view="attribution"), *several])


def test_counted_with_labels_of_people_and_models(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, corpus(120, thrice=60))
    assert_counted(
        warehouse,
        [Filters(), Filters(source=("one",)), Filters(genre=("news",), topic=("rain",))],
    )
    with reading(warehouse) as snapshot:
        whole = queries.counted(snapshot, Filters()).iloc[0]
    assert whole["people"] == 3
    assert whole["models"] == 2
    assert whole["claims"] == 120
