"""Agreement against published examples and against pairs counted one by one."""

import math
from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import statistics
from sourcing.statistics import Agreement, Sums

LABELS = 4
Unit = list[int]

# Krippendorff 2011, section C: four observers, twelve units, five categories, missing data; the
# figures beside alpha are those that Gwet's irrCAC (cac.raw4raters) gives for the same data.
FOUR_RATERS: list[Unit] = [
    [0, 0, 0],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [2, 2, 2, 2],
    [1, 1, 1, 1],
    [0, 1, 2, 3],
    [3, 3, 3, 3],
    [0, 0, 1, 0],
    [1, 1, 1, 1],
    [4, 4, 4],
    [0, 0],
    [2],
]


def summed(groups: list[list[Unit]], labels: int = LABELS) -> Sums:
    rows = [
        (group, [unit.count(label) for label in range(labels)], 1)
        for group, units in enumerate(groups)
        for unit in units
    ]
    return statistics.sums(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64).reshape(-1, labels),
        np.array([row[2] for row in rows], np.int64),
    )


def figures_of(groups: list[list[Unit]], labels: int = LABELS) -> Agreement:
    return statistics.agreement(summed(groups, labels))


def figures(seen: Agreement) -> tuple[tuple[float, float, float], ...]:
    return seen.alpha, seen.percent, seen.ac1


def test_figures_match_the_published_example() -> None:
    seen = figures_of([FOUR_RATERS], 5)
    assert seen.alpha[0] == pytest.approx(0.743421, abs=1e-6)
    assert seen.percent[0] == pytest.approx(0.818182, abs=1e-6)
    assert seen.ac1[0] == pytest.approx(0.775444, abs=1e-6)
    assert seen.units == 11
    assert not seen.why


def plain_alpha(units: list[Unit]) -> Fraction | None:
    """Alpha by its definition: observed over expected disagreement, pair by pair."""
    pairable = [unit for unit in units if len(unit) > 1]
    values = [value for unit in pairable for value in unit]
    n = len(values)
    expected = sum(a != b for a, b in permutations(values, 2))
    if not expected:
        return None
    observed = sum(
        Fraction(sum(a != b for a, b in permutations(unit, 2)), len(unit) - 1) for unit in pairable
    )
    return 1 - (observed / n) / Fraction(expected, n * (n - 1))


def plain_ac1(units: list[Unit]) -> tuple[Fraction, Fraction] | None:
    """Percent agreement and AC1, by their definitions."""
    pairable = [unit for unit in units if len(unit) > 1]
    if not pairable:
        return None
    agreed = sum(
        Fraction(sum(a == b for a, b in permutations(unit, 2)), len(unit) * (len(unit) - 1))
        for unit in pairable
    ) / len(pairable)
    rated = [unit for unit in units if unit]
    shares = [
        sum(Fraction(Counter(unit)[label], len(unit)) for unit in rated) / len(rated)
        for label in range(LABELS)
    ]
    by_chance = sum(share * (1 - share) for share in shares) / (LABELS - 1)
    return agreed, (agreed - by_chance) / (1 - by_chance)


units = st.lists(st.lists(st.integers(0, LABELS - 1), max_size=5), min_size=1, max_size=12)
texts = st.lists(units, min_size=1, max_size=4)


@given(texts)
def test_figures_match_their_definitions(groups: list[list[Unit]]) -> None:
    every = [unit for group in groups for unit in group]
    seen, alpha, other = figures_of(groups), plain_alpha(every), plain_ac1(every)
    if alpha is None:
        assert math.isnan(seen.alpha[0])
    else:
        assert seen.alpha[0] == pytest.approx(float(alpha), abs=1e-9)
    if other is None:
        assert math.isnan(seen.percent[0])
        assert math.isnan(seen.ac1[0])
    else:
        assert (seen.percent[0], seen.ac1[0]) == pytest.approx(tuple(map(float, other)), abs=1e-9)


@given(texts, st.randoms(use_true_random=False))
def test_order_has_no_effect(groups: list[list[Unit]], random: Random) -> None:
    shuffled = [[sorted(unit, key=lambda _: random.random()) for unit in g] for g in groups]
    for group in shuffled:
        random.shuffle(group)
    one, two = figures_of(groups), figures_of(shuffled)
    for a, b in zip(
        one.alpha + one.percent + one.ac1, two.alpha + two.percent + two.ac1, strict=True
    ):
        assert a == pytest.approx(b, nan_ok=True)


@given(texts, st.integers(1, 3))
def test_equal_units_may_be_counted_together(groups: list[list[Unit]], times: int) -> None:
    again = figures_of([group * times for group in groups])
    once = summed(groups)
    together = statistics.agreement(
        Sums(
            *(
                times * values
                for values in (once.coincidences, once.agreed, once.units, once.shares, once.rated)
            )
        )
    )
    assert again.alpha == pytest.approx(together.alpha, nan_ok=True)
    assert again.ac1 == pytest.approx(together.ac1, nan_ok=True)


def test_the_reason_for_an_undefined_alpha() -> None:
    none = figures_of([[[0], [1], []]])
    assert none.why == "No claim has labels of two annotators."
    assert all(math.isnan(value) for value in (*none.alpha, *none.percent, *none.ac1))
    one = figures_of([[[0, 0], [0, 0, 0]], [[0, 0]]])
    assert one.why == "Only one label was used, so alpha is not defined."
    assert math.isnan(one.alpha[0])
    assert one.percent == one.ac1 == (1, 1, 1)


def test_one_article_gives_no_interval() -> None:
    lone = figures_of([FOUR_RATERS[:3] * 4])
    assert not math.isnan(lone.alpha[0])
    assert all(math.isnan(value) for value in (*lone.alpha[1:], *lone.percent[1:], *lone.ac1[1:]))


def drawn(articles: int, agree: float, seed: int) -> list[list[Unit]]:
    """Articles of five claims; two annotators agree in this fraction, otherwise by chance."""
    rng = np.random.default_rng(seed)
    by_article = []
    for _ in range(articles):
        first = rng.integers(0, LABELS, 5)
        other = np.where(rng.random(5) < agree, first, rng.integers(0, LABELS, 5))
        by_article.append([[int(a), int(b)] for a, b in zip(first, other, strict=True)])
    return by_article


def test_intervals_contain_their_figures_and_narrow_with_more_articles() -> None:
    few, many = figures_of(drawn(20, 0.6, 1)), figures_of(drawn(800, 0.6, 1))
    for small, large in zip(
        (few.alpha, few.percent, few.ac1), (many.alpha, many.percent, many.ac1), strict=True
    ):
        for value, low, high in (small, large):
            assert low <= value <= high
        assert large[2] - large[1] < (small[2] - small[1]) / 3
    assert many.alpha[0] == pytest.approx(0.6, abs=0.03)


def test_the_interval_of_alpha_reaches_its_coverage() -> None:
    """Two annotators who agree beyond chance in six claims of ten have an alpha of 0.6."""
    covered = 0
    for seed in range(200):
        _, low, high = figures_of(drawn(60, 0.6, seed)).alpha
        covered += low <= 0.6 <= high
    assert covered >= 180


def test_many_articles_are_resampled_in_buckets() -> None:
    """Buckets of articles vary as articles do: the interval is about as wide."""
    groups = drawn(3_000, 0.6, 3)
    buckets = [[unit for group in groups[place::200] for unit in group] for place in range(200)]
    _, low, high = figures_of(buckets).alpha
    _, low_few, high_few = figures_of(groups[:750]).alpha
    assert (high_few - low_few) / (high - low) == pytest.approx(2, rel=0.2)


def test_the_same_seed_gives_the_same_interval() -> None:
    assert figures_of(drawn(30, 0.5, 7)) == figures_of(drawn(30, 0.5, 7))
