"""Simultaneous intervals, differences and their adjustment, against plain or published figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep
from support import found_moments

from sourcing import statistics
from sourcing.statistics import Shares

NOTHING = np.array([math.nan])


def plain(k: int, n: int) -> Shares:
    """A share of independent claims; its size is their number."""
    share, size = np.array([k / n]), np.array([float(n)])
    low, high = statistics.wilson(share, size)
    return Shares(share, low, high, share, share, size)


articles = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=12)


# Simultaneous intervals ---------------------------------------------------------------------------


@given(articles)
def test_simultaneous_intervals_are_goodmans_on_effective_sizes(labels: list[list[int]]) -> None:
    result = found_moments([sum(row) for row in labels], labels)
    low, high = statistics.simultaneous(result, 4)
    share = statistics.shares(result).share
    size = statistics.effective_size(result, 1 - 0.025 / 4)
    value = chi2.ppf(1 - 0.05 / 4, 1)
    for p, n, a, b in zip(share, size, low, high, strict=True):
        if math.isnan(n):
            assert math.isnan(a)
            assert math.isnan(b)
            continue
        # Goodman 1965, as written there, with n·p for the count.
        root = math.sqrt(value * (value + 4 * n * p * (1 - p)))
        expected = [(value + 2 * n * p + sign * root) / (2 * (n + value)) for sign in (-1, 1)]
        assert [a, b] == pytest.approx(expected, abs=1e-9)


@given(articles)
def test_simultaneous_intervals_are_wider_and_contain_the_share(
    labels: list[list[int]],
) -> None:
    result = found_moments([sum(row) for row in labels], labels)
    one = statistics.shares(result)
    low, high = statistics.simultaneous(result, 4)
    defined = ~np.isnan(one.low)
    assert (np.isnan(low) == ~defined).all()
    assert (low[defined] <= one.low[defined] + 1e-12).all()
    assert (high[defined] >= one.high[defined] - 1e-12).all()


def test_a_simultaneous_interval_of_one_label_is_the_plain_one() -> None:
    result = found_moments([4, 6, 5], [[1, 3], [5, 1], [2, 3]])
    one = statistics.shares(result)
    low, high = statistics.simultaneous(result, 1)
    assert low == pytest.approx(one.low)
    assert high == pytest.approx(one.high)


# Differences --------------------------------------------------------------------------------------

NEWCOMBE = {
    # Newcombe 1998, table II, method 10.
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0000),
    (10, 10, 0, 10): (0.6075, 1.0000),
}


@pytest.mark.parametrize("counts", NEWCOMBE)
def test_differences_match_newcombes_published_ones(counts: tuple[int, int, int, int]) -> None:
    k, n, k_other, n_other = counts
    result = statistics.differences(plain(k_other, n_other), plain(k, n))
    assert result.difference[0] == pytest.approx(k / n - k_other / n_other)
    assert (result.low[0], result.high[0]) == pytest.approx(NEWCOMBE[counts], abs=5e-5)


samples = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(samples, samples)
def test_differences_match_statsmodels(one: tuple[int, int], two: tuple[int, int]) -> None:
    result = statistics.differences(plain(*one), plain(*two))
    expected = confint_proportions_2indep(*two, *one, method="newcomb", compare="diff")
    assert (result.low[0], result.high[0]) == pytest.approx(expected, abs=1e-9)
    assert result.low[0] <= result.difference[0] <= result.high[0]


@given(samples, samples)
def test_swapping_the_sides_reverses_a_difference(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    there, back = (
        statistics.differences(plain(*a), plain(*b)) for a, b in ((one, two), (two, one))
    )
    assert there.difference == pytest.approx(-back.difference)
    assert there.low == pytest.approx(-back.high)
    assert there.high == pytest.approx(-back.low)
    assert there.p == pytest.approx(back.p)


@given(samples, samples)
def test_p_matches_the_two_by_two_table(one: tuple[int, int], two: tuple[int, int]) -> None:
    table = [[k, n - k] for k, n in (one, two)]
    result = statistics.differences(plain(*one), plain(*two)).p[0]
    if min(map(sum, zip(*table, strict=True))) == 0:
        assert result == 1
    else:
        assert result == pytest.approx(chi2_contingency(table, correction=False).pvalue, abs=1e-9)


def test_a_difference_needs_two_intervals() -> None:
    lone = Shares(np.array([0.5]), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    for one, two in ((lone, plain(1, 2)), (plain(1, 2), lone), (lone, lone)):
        result = statistics.differences(one, two)
        for values in (result.difference, result.low, result.high, result.p):
            assert math.isnan(values[0])


# Many at once -------------------------------------------------------------------------------------


@given(st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=30))
def test_adjusted_p_matches_statsmodels(values: list[float]) -> None:
    result = statistics.adjusted(np.array(values, float))
    defined = [value for value in values if not math.isnan(value)]
    expected = iter(multipletests(defined, method="fdr_bh")[1] if defined else [])
    for value, adjusted in zip(values, result, strict=True):
        if math.isnan(value):
            assert math.isnan(adjusted)
        else:
            assert adjusted == pytest.approx(next(expected))
            assert adjusted >= value - 1e-12
