"""Shares at a given mix of cells, against loops over fractions and by simulation."""

import random
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from standardisation_oracle import Articles, Claim, by_cell, plain

from sourcing import statistics
from sourcing.statistics import Counts, Moments, Weighting

pytestmark = pytest.mark.slow

LABELS = ("yes", "no", "other")
CELLS = 4


answers = st.sampled_from([*LABELS, "yes", "no", None])
claims = st.tuples(st.integers(0, CELLS - 1), answers, st.sampled_from([None, None, "x", "y"]))
corpora = st.lists(st.lists(claims, max_size=8), min_size=2, max_size=10)
mixes = st.lists(st.integers(0, 12), min_size=CELLS, max_size=CELLS)


# The same in loops --------------------------------------------------------------------------------


def counts(articles: Articles, weighting: Weighting, cells: int = CELLS) -> Counts:
    """The rows that queries would return: by cell, article and, if they count, repeats."""
    every = [claim for article in articles for claim in article]
    repeats = Counter((cell, statement) for cell, answer, statement in every if answer)
    repeats_all = Counter((cell, statement) for cell, _, statement in every)
    rows: dict[tuple[int, ...], Counter[str]] = {}
    for number, article in enumerate(articles):
        for cell, answer, statement in article:
            times = (1, 1)
            if statement and weighting is Weighting.STATEMENT:
                times = (max(repeats[cell, statement], 1), repeats_all[cell, statement])
            row = rows.setdefault((number, cell, *times), Counter())
            row["claims"] += 1
            if answer:
                row[answer] += 1
    keys = np.array(sorted(rows), np.int64).reshape(-1, 4)
    contained = [rows[key] for key in sorted(rows)]
    return Counts(
        group=keys[:, 1],
        article=keys[:, 0],
        claims=np.array([row["claims"] for row in contained], np.int64),
        labels=np.array([[row[x] for x in LABELS] for row in contained], np.int64).reshape(-1, 3),
        repeats=keys[:, 2],
        repeats_all=keys[:, 3],
        groups=cells,
    )


def usable(articles: Articles, parts: list[int]) -> list[Fraction]:
    """The mix over the cells that have two articles; all 0 if there are none."""
    contained = by_cell(articles, Weighting.CLAIM)
    kept = [
        part if sum(at.n > 0 for at in contained[cell].values()) >= 2 else 0
        for cell, part in enumerate(parts)
    ]
    return [Fraction(part, max(sum(kept), 1)) for part in kept]


def numbers(mix: list[Fraction]) -> np.ndarray:
    return np.array([float(part) for part in mix])


@pytest.mark.parametrize("weighting", Weighting)
@given(corpora, mixes)
def test_standardised_equals_the_sum_over_cells(
    weighting: Weighting, articles: Articles, parts: list[int]
) -> None:
    mix = usable(articles, parts)
    assume(any(mix))
    result = statistics.standardised(counts(articles, weighting), weighting, numbers(mix))
    shares = statistics.shares(result)
    assert len(result.weight) == len(LABELS)
    for place, label in enumerate(LABELS):
        expected = plain(articles, weighting, mix, label)
        assert result.articles[place] == expected.articles
        assert shares.share[place] == pytest.approx(float(expected.share), abs=1e-12)
        assert result.squares[place] == pytest.approx(expected.squares, rel=1e-9, abs=1e-18)
        assert result.fourths[place] == pytest.approx(expected.fourths, rel=1e-9, abs=1e-30)
        assert shares.lowest[place] == pytest.approx(float(expected.lowest), abs=1e-12)
        assert shares.highest[place] == pytest.approx(float(expected.highest), abs=1e-12)
        if expected.squares > 1e-20 or result.squares[place] == 0:  # else see CANCELLED below
            assert shares.low[place] == pytest.approx(expected.low, rel=1e-7, abs=1e-9)
            assert shares.high[place] == pytest.approx(expected.high, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("weighting", Weighting)
@given(corpora, mixes)
def test_properties(weighting: Weighting, articles: Articles, parts: list[int]) -> None:
    mix = usable(articles, parts)
    assume(any(mix))
    result = statistics.shares(
        statistics.standardised(counts(articles, weighting), weighting, numbers(mix))
    )
    near = 1e-12
    assert result.share.sum() == pytest.approx(1)
    assert (result.low >= 0).all()
    assert (result.low <= result.share + near).all()
    assert (result.share <= result.high + near).all()
    assert (result.high <= 1).all()
    assert (result.lowest <= result.share + near).all()
    assert (result.share <= result.highest + near).all()


@pytest.mark.parametrize("weighting", [Weighting.CLAIM, Weighting.STATEMENT])
@given(corpora)
def test_a_share_at_its_own_mix_is_unchanged(weighting: Weighting, articles: Articles) -> None:
    result = counts(articles, weighting)
    sizes = statistics.cell_weights(result, weighting)
    assume(sizes.any())
    kept = np.isin(result.group, np.flatnonzero(sizes))
    whole = Counts(
        **{
            field.name: getattr(result, field.name)[kept]
            for field in fields(Counts)
            if field.name not in ("group", "groups")
        },
        group=np.zeros(int(kept.sum()), np.int64),
        groups=1,
    )
    if weighting is Weighting.CLAIM:
        whole = by_article(whole)
    at_mix = statistics.standardised(result, weighting, sizes / sizes.sum())
    as_it_is = statistics.moments(whole, weighting)
    assert at_mix.label_weight == pytest.approx(as_it_is.label_weight)
    assert at_mix.weight == pytest.approx(as_it_is.weight)
    assert at_mix.articles.tolist() == as_it_is.articles.tolist()


def by_article(result: Counts) -> Counts:
    """One row per article, as without cells."""
    keys, place = np.unique(result.article, return_inverse=True)
    ones = np.ones(len(keys), np.int64)
    claims = np.bincount(place, weights=result.claims).astype(np.int64)
    labels = np.column_stack([np.bincount(place, weights=column) for column in result.labels.T])
    group = np.zeros(len(keys), np.int64)
    return Counts(group, keys, claims, labels.astype(np.int64), ones, ones, 1)


@pytest.mark.parametrize("weighting", Weighting)
@given(corpora, st.integers(0, CELLS - 1))
def test_a_mix_of_one_cell_is_that_cell(
    weighting: Weighting, articles: Articles, cell: int
) -> None:
    """Apart from √(m / (m − 1)), which the plain interval does not use."""
    result = counts(articles, weighting)
    assume(statistics.cell_weights(result, weighting)[cell] > 0)
    mix = np.eye(CELLS)[cell]
    at_mix = statistics.standardised(result, weighting, mix)
    alone = Moments(
        **{
            name: values.reshape(CELLS, -1)[cell]
            for name, values in vars(statistics.moments(result, weighting)).items()
        }
    )
    one, other = statistics.shares(at_mix), statistics.shares(alone)
    for name in ("share", "lowest", "highest"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))
    assert at_mix.articles.tolist() == alone.articles.tolist()
    m = alone.articles
    assert at_mix.squares == pytest.approx(alone.squares * m / (m - 1), rel=1e-9, abs=1e-20)
    assert (one.low <= other.low + 1e-12).all()
    assert (one.high >= other.high - 1e-12).all()


@pytest.mark.parametrize("weighting", Weighting)
@given(corpora, mixes, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_unused_cells_matter(
    weighting: Weighting, articles: Articles, parts: list[int], rnd: random.Random
) -> None:
    mix = usable(articles, parts)
    assume(any(mix))
    result = counts(articles, weighting)
    order = rnd.sample(range(len(result.group)), len(result.group))
    used = np.isin(result.group, np.flatnonzero(numbers(mix)))
    shuffled, fewer = (
        Counts(
            **{
                field.name: getattr(result, field.name)[rows]
                for field in fields(Counts)
                if field.name != "groups"
            },
            groups=CELLS,
        )
        for rows in (order, used)
    )
    one, *others = (
        vars(statistics.standardised(part, weighting, numbers(mix)))
        for part in (result, shuffled, fewer)
    )
    for other in others:
        for name, values in one.items():
            assert other[name] == pytest.approx(values, rel=1e-9, abs=1e-15), name


@pytest.mark.parametrize("weighting", Weighting)
@given(corpora)
def test_cell_weights(weighting: Weighting, articles: Articles) -> None:
    contained = by_cell(articles, weighting)
    for cell, result in enumerate(statistics.cell_weights(counts(articles, weighting), weighting)):
        resolved = [at.n for at in contained[cell].values() if at.n]
        assert result == pytest.approx(float(sum(resolved)) if len(resolved) >= 2 else 0.0)


@pytest.mark.parametrize(
    "second", [[], [(0, "yes", None)], [(1, None, None)]], ids=["none", "elsewhere", "open"]
)
def test_a_cell_of_one_article_cannot_be_in_a_mix(second: list[Claim]) -> None:
    articles: Articles = [[(0, "yes", None), (1, "no", None)], second, [(0, "no", None)]]
    result = counts(articles, Weighting.CLAIM)
    with pytest.raises(ValueError, match="fewer than 2 articles"):
        statistics.standardised(result, Weighting.CLAIM, np.array([0.5, 0.5, 0, 0]))
    assert statistics.standardised(result, Weighting.CLAIM, np.array([1.0, 0, 0, 0])).weight[0] > 0


def test_an_example_computed_by_hand() -> None:
    # Cell 0: articles 0 (2 of 3) and 1 (0 of 1), p = 1/2; cell 1: articles 1 (1 of 1), 2 (0 of 3),
    # p = 1/4. At 1/4 and 3/4: share 5/16; N = 8; residuals before √2, times N·mix/n = 1/2 and 3/2:
    # article 0: 1/2 · 1/2; article 1: -1/2 · 1/2 + 3/4 · 3/2; article 2: -3/4 · 3/2.
    articles: Articles = [
        [(0, "yes", None), (0, "yes", None), (0, "no", None)],
        [(0, "no", None), (1, "yes", None)],
        [(1, "no", None), (1, "no", None), (1, "no", None)],
    ]
    mix = np.array([0.25, 0.75, 0, 0])
    result = statistics.standardised(counts(articles, Weighting.CLAIM), Weighting.CLAIM, mix)
    assert result.label_weight[0] / result.weight[0] == pytest.approx(5 / 16)
    assert result.weight[0] == pytest.approx(8)
    assert result.squares[0] == pytest.approx(2 * (0.25**2 + 0.875**2 + 1.125**2))
    assert result.fourths[0] == pytest.approx(4 * (0.25**4 + 0.875**4 + 1.125**4))


CANCELLED: Articles = [
    [(0, "yes", None), (0, "yes", None), (1, "no", None), (1, "no", None)],
    [(0, "yes", None), (0, "yes", None), (0, "no", None), *[(1, "yes", None)] * 3],
]
"""At a mix of 6 to 2, the residuals of an article in the two cells cancel."""


def test_residuals_that_cancel_are_not_variance() -> None:
    """Otherwise every claim would pass for independent and the interval would be far too narrow."""
    mix = usable(CANCELLED, [6, 2, 0, 0])
    expected = plain(CANCELLED, Weighting.CLAIM, mix, "yes")
    assert expected.squares < 1e-20
    result = statistics.standardised(
        counts(CANCELLED, Weighting.CLAIM), Weighting.CLAIM, numbers(mix)
    )
    shares = statistics.shares(result)
    assert (shares.low[0], shares.high[0]) == pytest.approx((expected.low, expected.high))


def test_no_share_exceeds_one() -> None:
    articles: Articles = [[(0, "yes", None), (1, "yes", None), (1, "yes", None)]] * 2
    result = counts(articles, Weighting.CLAIM)
    for parts in range(1, 60):
        mix = np.array([1 / parts, 1 - 1 / parts, 0, 0])
        for at_mix in (mix, numbers(usable(articles, [3, parts, 0, 0]))):
            shares = statistics.shares(statistics.standardised(result, Weighting.CLAIM, at_mix))
            assert shares.share[0] <= 1


# Does the interval hold? --------------------------------------------------------------------------

RUNS = 600


def drawn(
    rng: np.random.Generator, articles: int, cells: int, each: int, icc: float, p: float
) -> Articles:
    """Articles with some cells each and 1 to 6 claims per cell, similar within the article."""
    both = (1 - icc) / icc
    result: Articles = []
    for _ in range(articles):
        chance = rng.beta(p * both, (1 - p) * both)
        own: list[Claim] = []
        for cell in rng.choice(cells, each, replace=False):
            yes = rng.random(rng.integers(1, 7)) < chance
            own += [(int(cell), "yes" if answer else "no", None) for answer in yes]
        result.append(own)
    return result


@cache
def covered(articles: int, cells: int, each: int, icc: float, p: float) -> tuple[float, float]:
    """How often (0–1) the interval contains the share, with and without √(m / (m − 1)).

    The mix is that of this source and another one, over the cells that both have.
    """
    rng = np.random.default_rng([20261121, articles, cells, each, int(100 * icc), int(100 * p)])
    contained = without = 0
    for _ in range(RUNS):
        first, second = (drawn(rng, articles, cells, each, icc, p) for _ in range(2))
        both = [counts(side, Weighting.CLAIM, cells) for side in (first, second)]
        sizes = [statistics.cell_weights(side, Weighting.CLAIM) for side in both]
        mix = np.where((sizes[0] > 0) & (sizes[1] > 0), sizes[0] + sizes[1], 0)
        mix /= mix.sum()
        result = statistics.standardised(both[0], Weighting.CLAIM, mix)
        shares = statistics.shares(result)
        contained += bool(shares.low[0] <= p <= shares.high[0])
        plainly = uncorrected(both[0], mix)
        without += bool(plainly.low[0] <= p <= plainly.high[0])
    return contained / RUNS, without / RUNS


def uncorrected(result: Counts, mix: np.ndarray) -> Any:
    """The interval without the correction of residuals (first label only)."""
    n, k = result.labels.sum(axis=1).astype(float), result.labels[:, 0].astype(float)
    size = np.bincount(result.group, n, result.groups)
    share = np.bincount(result.group, k, result.groups) / np.maximum(size, 1)
    used = mix > 0
    total = size[used].sum()
    kept = used[result.group] & (n > 0)
    residual = (total * mix / np.maximum(size, 1))[result.group] * (k - share[result.group] * n)
    _, place = np.unique(result.article[kept], return_inverse=True)
    summed = np.bincount(place, residual[kept])
    one = np.ones(1)
    return statistics.shares(
        Moments(
            articles=np.array([len(summed)]),
            weight=total * one,
            label_weight=total * (mix @ share) * one,
            squares=(summed**2).sum() * one,
            fourths=(summed**4).sum() * one,
            all_weight=total * one,
            low_weight=0 * one,
            open_weight=0 * one,
        )
    )


SPARSE = [(40, 28, 2, icc, p) for icc in (0.1, 0.3) for p in (0.05, 0.3)]


@pytest.mark.parametrize("cell", [*SPARSE, (12, 6, 2, 0.1, 0.3), (60, 4, 1, 0.3, 0.05)], ids=str)
def test_the_interval_reaches_its_coverage(cell: tuple[int, int, int, float, float]) -> None:
    contained, _ = covered(*cell)
    assert contained >= 0.92


def test_the_interval_needs_the_correction() -> None:
    assert min(covered(*cell)[1] for cell in SPARSE) < 0.92
