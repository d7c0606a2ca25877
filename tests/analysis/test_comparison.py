"""Two sides and their differences agree with the codebook, whatever the sides are."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from comparison_support import TWO, OracleSide, corpus_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from share_support import LABELS, all_filters, months
from standardisation_oracle import Articles, plain
from statsmodels.stats.multitest import multipletests
from strategies import Tables, corpora
from support import load, loaded, new_folder, write

from sourcing.analysis import comparison
from sourcing.analysis.comparison import (
    COMPARED,
    OF_SIDE,
    Mix,
    Side,
    compared,
    side_shares,
    standardised,
)
from sourcing.analysis.shares import shares_by_source
from sourcing.filters import Filters
from sourcing.statistics import Weighting
from sourcing.warehouse.snapshots import Warehouse, reading

pytestmark = pytest.mark.slow

NUMBERS = ("share", "low", "high", "lowest", "highest")
WHOLE = ("claims", "resolved_claims", "open_claims", "provisional_claims", "articles", "too_few")
DIFFERENCE = ("difference", "difference_low", "difference_high")


def same(frame: float, expected: float | None) -> None:
    if expected is None or math.isnan(expected):
        assert math.isnan(frame)
    else:
        assert frame == pytest.approx(expected, rel=1e-7, abs=1e-9)


def assert_side(row: dict[str, Any], prefix: str, oracle_side: OracleSide) -> None:
    """One side of a row is the oracle's share; self_cited is undefined where it cannot apply."""
    label = row["label"]
    expected = oracle.shares(oracle_side.counted, oracle_side.filters.weighting, [label])[label]
    for name in WHOLE:
        assert row[prefix + name] == getattr(expected, name), (prefix, name)
    for name in NUMBERS:
        same(row[prefix + name], getattr(expected, name) if oracle_side.applies(label) else None)


def assert_difference(row: dict[str, Any]) -> None:
    """Second minus first, and Newcombe's interval from the two intervals of the row."""
    first, second = (
        [row[f"{side}_{name}"] for name in ("share", "low", "high")] for side in ("first", "second")
    )
    if math.isnan(first[1]) or math.isnan(second[1]):
        assert all(math.isnan(row[name]) for name in (*DIFFERENCE, "p", "p_adjusted"))
        return
    apart = second[0] - first[0]
    same(row["difference"], apart)
    same(row["difference_low"], apart - math.hypot(second[0] - second[1], first[2] - first[0]))
    same(row["difference_high"], apart + math.hypot(second[2] - second[0], first[0] - first[1]))


def assert_p(row: dict[str, Any], one: OracleSide, other: OracleSide) -> None:
    """The score test with a pooled share on effective sizes."""
    if math.isnan(row["difference"]):
        return
    n, m = (oracle_side.size(row["label"]) for oracle_side in (one, other))
    p, q = row["first_share"], row["second_share"]
    pooled = (p * n + q * m) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) if 0 < pooled < 1 else 0
    same(row["p"], 2 * stats.norm.sf(abs(q - p) / error) if error else 1.0)


def assert_adjusted(frame: pd.DataFrame) -> None:
    defined = frame["p"].notna()
    assert (frame["comparisons"] == defined.sum()).all()
    assert frame.loc[~defined, "p_adjusted"].isna().all()
    if defined.any():
        expected = multipletests(frame.loc[defined, "p"], method="fdr_bh")[1]
        assert frame.loc[defined, "p_adjusted"].to_numpy() == pytest.approx(expected)


def assert_compared(first: Side, second: Side, tables: Sequence[Tables]) -> pd.DataFrame:
    oracle_sides = [
        OracleSide(table, side.filters) for table, side in zip(tables, (first, second), strict=True)
    ]
    frame = compared(first, second)
    assert list(frame.columns) == COMPARED
    assert list(frame["label"]) == list(LABELS[first.filters.view])
    for row in frame.to_dict("records"):
        assert_side(row, "first_", oracle_sides[0])
        assert_side(row, "second_", oracle_sides[1])
        assert_difference(row)
        assert_p(row, *oracle_sides)
    assert_adjusted(frame)
    for side, prefix in ((first, "first_"), (second, "second_")):
        alone = side_shares(side)
        assert list(alone.columns) == ["label", *OF_SIDE]
        pd.testing.assert_frame_equal(
            alone[list(OF_SIDE)].add_prefix(prefix), frame[[prefix + name for name in OF_SIDE]]
        )
    assert_turns(frame, compared(second, first))
    return frame


def assert_turns(there: pd.DataFrame, back: pd.DataFrame) -> None:
    """Sides that change places change signs and bounds, and nothing else."""
    for name, mirrored in zip(DIFFERENCE, [DIFFERENCE[0], *DIFFERENCE[:0:-1]], strict=True):
        np.testing.assert_allclose(back[name], -there[mirrored], atol=1e-12)
    for name in ("p", "p_adjusted"):
        np.testing.assert_allclose(back[name], there[name], rtol=1e-9, atol=1e-12)
    assert list(back["comparisons"]) == list(there["comparisons"])
    for one, other in (("first_", "second_"), ("second_", "first_")):
        pd.testing.assert_frame_equal(
            back[[one + name for name in OF_SIDE]].rename(columns=lambda c: c.split("_", 1)[1]),
            there[[other + name for name in OF_SIDE]].rename(columns=lambda c: c.split("_", 1)[1]),
        )


sources = st.lists(st.sampled_from(["s0", "s1", "s2"]), max_size=2, unique=True).map(tuple)
periods = st.tuples(months, months)


@given(
    corpora(claims=20), st.lists(st.tuples(all_filters, sources, periods), min_size=3, max_size=4)
)
@settings(max_examples=7)
def test_two_sources_and_two_periods(
    tables: Tables, several: list[tuple[Filters, tuple[str, ...], tuple[str | None, ...]]]
) -> None:
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", tables)
        with reading(warehouse) as snapshot:
            for filters, other, (since, until) in several:
                sides = [
                    Side(snapshot, filters),
                    Side(snapshot, replace(filters, source=other)),
                    Side(snapshot, replace(filters, since=since, until=until)),
                    Side(snapshot, Filters(view=filters.view, weighting=filters.weighting)),
                ]
                for second in sides:
                    assert_compared(sides[0], second, (tables, tables))
                assert_standardised(sides[0], sides[1], (tables, tables))
                assert_standardised(sides[3], sides[2], (tables, tables))


@given(corpora(claims=12, timeless=False), st.lists(all_filters, min_size=3, max_size=4))
@settings(max_examples=6)
def test_two_snapshots(tables: Tables, several: list[Filters]) -> None:
    """The second holds labels that were not known to the first."""
    before = {**tables, "labels": tables["labels"][::2]}
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        loaded(warehouse, folder / "files", before)
        old = warehouse.current()
        later = {"labels": tables["labels"][1::2]}
        load(warehouse, write(folder / "later", later))
        with reading(warehouse, old) as first, reading(warehouse) as second:
            for filters in several:
                sides = Side(first, filters), Side(second, filters)
                assert_compared(*sides, (before, tables))
                assert_standardised(*sides, (before, tables))


def test_a_side_against_itself_does_not_differ(sample: Warehouse) -> None:
    with reading(sample) as snapshot:
        for weighting in Weighting:
            side = Side(snapshot, Filters(weighting=weighting))
            for frame in (compared(side, side), standardised(side, side)[0]):
                assert (frame["difference"] == 0).all()
                assert (frame["p"] == 1).all()
                assert (frame["p_adjusted"] == 1).all()
                assert (frame["comparisons"] == 4).all()
                assert frame["difference_low"].to_numpy() == pytest.approx(
                    -frame["difference_high"].to_numpy()
                )


def test_one_source_is_its_row_among_the_shares(sample: Warehouse) -> None:
    with reading(sample) as snapshot:
        for weighting in Weighting:
            every = shares_by_source(snapshot, Filters(weighting=weighting))
            for source, rows in every.groupby("source_id", sort=False):
                side = Side(snapshot, Filters(source=(str(source),), weighting=weighting))
                names = [name for name in OF_SIDE if name in rows.columns]
                pd.testing.assert_frame_equal(
                    side_shares(side)[["label", *names]],
                    rows[["label", *names]].reset_index(drop=True),
                    check_dtype=False,
                )


def test_weightings_differ_where_articles_and_statements_do(
    warehouse: Warehouse, files: Path
) -> None:
    """One long article that repeats one statement against two short ones."""
    answers = {"a": ["sourced"] * 4, "b": ["unsourced"], "c": ["unsourced"]}
    loaded(warehouse, files, corpus_of({("s", "news", name): own for name, own in answers.items()}))
    with reading(warehouse) as snapshot:
        differences = {
            weighting: side_shares(Side(snapshot, Filters(weighting=weighting)))["share"].iloc[0]
            for weighting in Weighting
        }
    assert differences == pytest.approx(
        {Weighting.CLAIM: 4 / 6, Weighting.ARTICLE: 1 / 3, Weighting.STATEMENT: 1 / 3}
    )


# At the same mix ----------------------------------------------------------------------------------


def articles_of(oracle_side: OracleSide, cells: list[tuple[str, str]]) -> Articles:
    """The counted claims of a side by article, with their place among the cells."""
    articles: dict[str, Any] = defaultdict(list)
    for claim in oracle_side.claims:
        for one in oracle_side.of([claim]):
            statement = f"{claim.source} {claim.statement}" if claim.statement else None
            place = cells.index((claim.genre, claim.topic or ""))
            articles[claim.article].append((place, one.answer, statement))
    return list(articles.values())


def weights_of(articles: Articles, cells: int, weighting: Weighting) -> list[Fraction]:
    """The weight of each cell in which a side has two articles, else 0."""
    sizes = []
    for cell in range(cells):
        claims = [[claim for claim in own if claim[0] == cell and claim[1]] for own in articles]
        claims = [own for own in claims if own]
        if weighting is Weighting.ARTICLE:
            size = Fraction(len(claims))
        elif weighting is Weighting.STATEMENT:
            every = [statement for own in claims for _, _, statement in own]
            size = Fraction(len({x for x in every if x}) + sum(x is None for x in every))
        else:
            size = Fraction(sum(map(len, claims)))
        sizes.append(size if len(claims) >= 2 else Fraction())
    return sizes


def assert_standardised(first: Side, second: Side, tables: Sequence[Tables]) -> Mix:
    oracle_sides = [
        OracleSide(table, side.filters) for table, side in zip(tables, (first, second), strict=True)
    ]
    cells = sorted(
        {(claim.genre, claim.topic or "") for one in oracle_sides for claim in one.claims}
    )
    weighting = first.filters.weighting
    sides = [articles_of(one, cells) for one in oracle_sides]
    sizes = [weights_of(side, len(cells), weighting) for side in sides]
    total = [a + b if a and b else Fraction() for a, b in zip(*sizes, strict=True)]
    frame, mix = standardised(first, second)
    assert list(frame.columns) == COMPARED
    assert mix.cells == sum(map(bool, total))
    for part, side in zip((mix.first, mix.second), sides, strict=True):
        resolved = [cell for article in side for cell, label, _ in article if label]
        inside = sum(bool(total[cell]) for cell in resolved)
        assert part == pytest.approx(inside / len(resolved) if resolved else 0)
    as_it_is = compared(first, second)
    parts = [both / sum(total) for both in total] if any(total) else []
    for row, plainly in zip(frame.to_dict("records"), as_it_is.to_dict("records"), strict=True):
        for prefix, one, side in zip(("first_", "second_"), oracle_sides, sides, strict=True):
            for name in WHOLE:  # what the side has, common or not
                assert row[prefix + name] == plainly[prefix + name]
            if not parts or not one.applies(row["label"]):
                assert all(math.isnan(row[prefix + name]) for name in NUMBERS)
                continue
            expected = plain(side, weighting, parts, row["label"])
            for name in ("share", "lowest", "highest"):
                same(row[prefix + name], float(getattr(expected, name)))
            if expected.squares > 1e-20 or expected.share in (0, 1):
                same(row[prefix + "low"], expected.low)
                same(row[prefix + "high"], expected.high)
        assert_difference(row)
    assert_adjusted(frame)
    return mix


def one_and_two(snapshot: Any, **given_: Any) -> tuple[Side, Side]:
    first, second = (Side(snapshot, Filters(source=(x,), **given_)) for x in ("one", "two"))
    return first, second


def test_only_cells_with_two_articles_of_both_are_in_the_mix(
    warehouse: Warehouse, files: Path
) -> None:
    tables = corpus_of(TWO)
    loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        for weighting in Weighting:
            sides = one_and_two(snapshot, weighting=weighting)
            mix = assert_standardised(*sides, (tables, tables))
            assert mix.cells == 1
        frame, _ = standardised(*one_and_two(snapshot))
        only = compared(*one_and_two(snapshot, topic=("rain",)))
        for name in ("first_share", "second_share", "difference"):
            assert frame[name].to_numpy() == pytest.approx(only[name].to_numpy())


def test_the_mix_says_what_part_of_all_resolved_claims_it_holds(
    warehouse: Warehouse, files: Path
) -> None:
    """The page says so: `29 % of the resolved claims of two`, not 40 %."""
    loaded(warehouse, files, corpus_of(TWO))
    with reading(warehouse) as snapshot:
        _, mix = standardised(*one_and_two(snapshot))
    assert mix == Mix(1, pytest.approx(3 / 10), pytest.approx(4 / 15))


def test_the_mix_says_so_whatever_counts_the_same(warehouse: Warehouse, files: Path) -> None:
    without = {key: own for key, own in TWO.items() if key[1] != "rent"}
    loaded(warehouse, files, corpus_of(without))
    with reading(warehouse) as snapshot:
        for weighting in Weighting:
            _, mix = standardised(*one_and_two(snapshot, weighting=weighting))
            assert (mix.first, mix.second) == pytest.approx((3 / 7, 4 / 10))


def test_without_a_common_cell_nothing_is_said(warehouse: Warehouse, files: Path) -> None:
    tables = corpus_of({key: own for key, own in TWO.items() if key[1] in ("snow", "hail")})
    loaded(warehouse, files, tables)
    with reading(warehouse) as snapshot:
        frame, mix = standardised(*one_and_two(snapshot))
    assert mix == Mix(0, 0.0, 0.0)
    numbers = [f"{side}_{name}" for side in ("first", "second") for name in NUMBERS]
    assert frame[[*numbers, *DIFFERENCE, "p", "p_adjusted"]].isna().all(axis=None)
    assert (frame["comparisons"] == 0).all()
    assert list(frame["first_resolved_claims"]) == [4] * 4


def test_sides_without_any_claim(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, corpus_of(TWO))
    with reading(warehouse) as snapshot:
        empty = Side(snapshot, Filters(since="9998-01"))
        full = Side(snapshot, Filters())
        for first, second in ((empty, full), (full, empty), (empty, empty)):
            for frame in (compared(first, second), standardised(first, second)[0]):
                assert list(frame["label"]) == list(LABELS["labels"])
                assert frame["difference"].isna().all()
                assert (frame["comparisons"] == 0).all()
        frame = compared(empty, full)
        assert (frame[[f"first_{name}" for name in WHOLE[:-1]]] == 0).all(axis=None)
        assert frame["first_too_few"].all()


def test_the_line_is_the_usual_one() -> None:
    assert comparison.LEVEL == 0.05
