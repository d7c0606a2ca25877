"""The ranking of a snapshot, and what shares rest on, against plain counts of what is exported."""

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
from comparison_support import Told
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

NAMES = ["delta", "Alpha", "charlie", "Bravo", "echo"]


def ranked_corpus(seed: int = 3) -> Tables:
    """Five sources with enough, two with too little, and one to which self-cited does not apply."""
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
    with reading(warehouse) as found:
        yield found


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
def test_ranks_are_those_of_shares_and_sizes(
    snapshot: Snapshot, tables: Tables, filters: Filters
) -> None:
    found = ranked_sources(snapshot, filters)
    shares = shares_by_source(snapshot, filters)
    assert list(found.columns) == RANKING
    assert list(dict.fromkeys(found["label"])) == list(LABELS[filters.view])
    for label, rows in found.groupby("label", sort=False):
        every = shares[shares["label"] == label].to_dict("records")
        some = [row for row in every if fit(row)]
        assert len(some) >= 2
        sizes = [
            Told(tables, replace(filters, source=(row["source_id"],))).size(str(label))
            for row in some
        ]
        wanted = statistics.ranking(np.array([row["share"] for row in some]), np.array(sizes))
        by_id = {row["source_id"]: place for place, row in enumerate(some)}
        top = rows[rows["rank"].notna()]
        assert set(top["source_id"]) == set(by_id)
        assert top["rank"].is_monotonic_increasing
        assert list(rows["source_id"][len(top) :]) == [
            row["source_id"] for row in every if not fit(row)
        ]
        for row in top.to_dict("records"):
            place = by_id[row["source_id"]]
            assert row["rank"] == wanted.rank[place]
            assert row["rank_low"] == wanted.rank_low[place]
            assert row["rank_high"] == wanted.rank_high[place]
            assert row["groups"] == " ".join(map(str, wanted.groups[place]))
            # Sizes summed in another order differ by rounding, and the search for the largest
            # likelihood, which is flat at its top, then ends some 1e-6 away.
            assert row["shrunken"] == pytest.approx(wanted.shrunken[place], rel=1e-5)
            assert row["shrunken_low"] == pytest.approx(wanted.low[place], rel=1e-5)
            assert row["shrunken_high"] == pytest.approx(wanted.high[place], rel=1e-5)


@pytest.mark.parametrize("filters", FILTERS, ids=Filters.query)
def test_every_row_tells_the_share_as_it_was_counted(snapshot: Snapshot, filters: Filters) -> None:
    found = ranked_sources(snapshot, filters).set_index(["label", "source_id"])
    shares = shares_by_source(snapshot, filters)
    shares = shares[shares["applicable"]].set_index(["label", "source_id"])
    assert set(shares.index) <= set(found.index)
    names = "share low high claims resolved_claims open_claims articles too_few source".split()
    pd.testing.assert_frame_equal(found.loc[shares.index, names], shares[names], check_dtype=False)


def test_where_a_label_does_not_apply_there_is_no_share(snapshot: Snapshot) -> None:
    """Codebook section 2: shown as not applicable, not as 0 %."""
    found = ranked_sources(snapshot, Filters()).set_index(["label", "source"])
    assert found.loc[("self_cited", "nobody"), ["share", "low", "high"]].isna().all()


def test_who_is_not_ranked_comes_last_by_name_without_a_rank(snapshot: Snapshot) -> None:
    found = ranked_sources(snapshot, Filters())
    for label, rows in found.groupby("label", sort=False):
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
def test_with_fewer_than_two_nobody_is_ranked(snapshot: Snapshot, filters: Filters) -> None:
    found = ranked_sources(snapshot, filters)
    assert len(found) >= 4
    assert found[["rank", "rank_low", "rank_high", "shrunken"]].isna().all(axis=None)
    assert (found["groups"] == "").all()
    for _, rows in found.groupby("label"):
        assert list(rows["source"]) == sorted(rows["source"], key=str.lower)


def test_self_cited_alone_may_have_too_few_sources(snapshot: Snapshot) -> None:
    found = ranked_sources(snapshot, Filters(source=("s0", "s7")))
    ranked = found.groupby("label", sort=False)["rank"].count().to_dict()
    assert ranked == {"sourced": 2, "self_cited": 0, "unsourced": 2, "contested": 2}


def sources_of(frame: pd.DataFrame) -> list[str]:
    return sorted(set(frame["source_id"]))


def test_no_source_is_hidden(warehouse: Warehouse, files: Path) -> None:
    """Codebook section 4: too few to compare is never hidden; the Overview shows it with 0."""
    tables = ranked_corpus()
    for article in tables["articles"]:
        if article["source_id"] == "s5":
            article["genre"] = "opinion"
    loaded(warehouse, files, tables)
    with reading(warehouse) as found:
        filters = Filters(genre=("news",))
        assert sources_of(ranked_sources(found, filters)) == sources_of(
            shares_by_source(found, filters)
        )


def test_nothing_to_rank(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, {**ranked_corpus(), "claims": [], "labels": []})
    with reading(warehouse) as found:
        for filters in (Filters(), Filters(since="9998-01")):
            rows = ranked_sources(found, filters)
            assert list(rows.columns) == RANKING
            assert rows["rank"].isna().all()


# What shares rest on ------------------------------------------------------------------------------

STATES = [str(state) for state in State]


def in_period(row: Mapping[str, str], filters: Filters) -> bool:
    """Whether the whole of an article's possible date lies in the period."""
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
    """Whether filters on articles take a row of the table claims."""

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
    found: dict[str | None, Counter[str]] = {}
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
        found[source] = counts
    return found


COUNTS = ["articles", "claims", *STATES, "provisional_claims", "people", "models"]


def assert_counted(warehouse: Warehouse, several: list[Filters]) -> None:
    claims, labels = exported(warehouse, "claims"), exported(warehouse, "labels")
    with reading(warehouse) as snapshot:
        names = queries.choices(snapshot).sources
        states = {
            claim: {"attribution_state": state}
            for claim, state in snapshot.rows(
                "SELECT claim_id, attribution_state FROM resolved JOIN claims USING (claim_key)"
            )
        }
        for filters in several:
            found = queries.counted(snapshot, filters)
            wanted = plainly(claims, labels, states, filters)
            rows = {
                None if pd.isna(row["source_id"]) else row["source_id"]: row
                for row in found.to_dict("records")
            }
            assert next(iter(rows), None) is None
            assert [row["source"] for row in list(rows.values())[1:]] == sorted(
                (names[key] for key in rows if key), key=lambda name: str(name).lower()
            )
            assert set(rows) == set(wanted)
            for key, counts in wanted.items():
                assert {name: rows[key][name] for name in COUNTS} == {
                    name: counts[name] for name in COUNTS
                }, (key, filters)


articles_and_topics = all_filters.map(lambda filters: filters.without(("state", "basis")))


@given(corpora(claims=20), st.lists(articles_and_topics, min_size=5, max_size=6))
@settings(max_examples=12)
def test_counted_is_the_plain_count(tables: Tables, several: list[Filters]) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        assert_counted(warehouse, [Filters(), Filters(view="attribution"), *several])


def test_counted_where_people_and_models_label(warehouse: Warehouse, files: Path) -> None:
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
