"""Empirical-Bayes ranks against other ways to compute them, and against published data."""

import math
from itertools import combinations, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import beta

from sourcing.statistics.counts import Floats
from sourcing.statistics.ranking import Ranking, fitted, ranking

pytestmark = pytest.mark.slow

Source = tuple[float, float]
"""A share (0–1) and its effective size."""


def columns(sources: list[Source]) -> tuple[Floats, Floats]:
    table = np.array(sources, float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def ranked(sources: list[Source], seed: int = 1) -> Ranking:
    return ranking(*columns(sources), seed)


def drawn(count: int, mean: float, weight: float, seed: int) -> list[Source]:
    """Sources whose true shares vary as this Beta distribution does."""
    rng = np.random.default_rng(seed)
    size = rng.integers(10, 300, count)
    share = rng.binomial(size, rng.beta(mean * weight, (1 - mean) * weight, count)) / size
    return list(zip(share.tolist(), size.astype(float).tolist(), strict=True))


shares = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
sizes = st.one_of(st.floats(0.5, 2_000), st.sampled_from([20.0, 100.0]))
sources = st.lists(st.tuples(shares, sizes), min_size=2, max_size=12)


# The prior ----------------------------------------------------------------------------------------


def plain(group: list[Source], a: float, b: float) -> float:
    """The log-likelihood of a and b, source by source, without constant terms."""
    total = 0.0
    for share, size in group:
        k, n = share * size, size
        total += math.lgamma(k + a) + math.lgamma(n - k + b) - math.lgamma(n + a + b)
        total -= math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return total


def searched(group: list[Source]) -> tuple[float, float]:
    """The best a and b in the same bounds, by a gradient-free simplex from four starts."""
    most = sum(size for _, size in group)
    edge = 0.5 / (most + 1)

    def cost(at: Floats) -> float:
        mean, log = float(at[0]), float(at[1])
        if not (edge <= mean <= 1 - edge and 0 <= log <= math.log(most)):
            return 1e9
        return -plain(group, mean * math.exp(log), (1 - mean) * math.exp(log))

    middle = min(max(sum(share for share, _ in group) / len(group), edge * 1.1), 1 - edge * 1.1)
    starts = [(middle, math.log(most) * part) for part in (0.05, 0.35, 0.65, 0.95)]
    options = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2_000}
    best = min(
        (minimize(cost, start, method="Nelder-Mead", options=options) for start in starts),
        key=lambda result: result.fun,
    ).x
    weight = math.exp(best[1])
    return float(best[0]) * weight, (1 - float(best[0])) * weight


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(5, 500)), min_size=2, max_size=10))
def test_no_other_search_finds_a_likelier_prior(group: list[Source]) -> None:
    if len({share for share, _ in group}) == 1:
        return
    assert plain(group, *fitted(*columns(group))) >= plain(group, *searched(group)) - 1e-5


def test_the_higher_of_two_maxima_is_found() -> None:
    """Near the pooled mean lies a lower maximum with a heavy prior."""
    group = [(0.0, 5.0), (0.5, 56.0)]
    assert fitted(*columns(group)) == pytest.approx((0.813434, 2.126751), rel=1e-4)


@pytest.mark.parametrize(("mean", "weight"), [(0.3, 8), (0.05, 30), (0.9, 3), (0.5, 150)])
def test_two_searches_find_one_prior(mean: float, weight: float) -> None:
    group = drawn(40, mean, weight, 11)
    ours, other = fitted(*columns(group)), searched(group)
    assert ours == pytest.approx(other, rel=1e-3)
    assert sum(ours) == pytest.approx(weight, rel=0.6)
    assert ours[0] / sum(ours) == pytest.approx(mean, abs=0.07)


def test_many_sources_recover_the_prior_they_were_drawn_from() -> None:
    a, b = fitted(*columns(drawn(4_000, 0.3, 12, 2)))
    assert a == pytest.approx(3.6, rel=0.06)
    assert b == pytest.approx(8.4, rel=0.06)


def test_equal_shares_give_the_largest_weight() -> None:
    assert fitted(*columns([(0.2, 30), (0.2, 70)])) == pytest.approx((20, 80))
    nothing = fitted(*columns([(0, 30), (0, 70)]))
    assert sum(nothing) == pytest.approx(100)
    assert nothing[0] / 100 == pytest.approx(0.5 / 101)
    assert fitted(*columns([(1, 30), (1, 70)])) == pytest.approx(nothing[::-1])


def test_the_weight_stays_within_its_bounds() -> None:
    assert sum(fitted(*columns([(0.2, 40), (0.201, 60)]))) == pytest.approx(100)
    assert sum(fitted(*columns([(0, 400), (1, 300), (0, 100)]))) == pytest.approx(1)


@pytest.mark.parametrize("group", [[], [(0.2, 40)]])
def test_fewer_than_two_sources_give_jeffreys_prior(group: list[Source]) -> None:
    assert fitted(*columns(group)) == (0.5, 0.5)
    seen = ranked(group)
    assert seen.shrunken == pytest.approx(np.array([(0.2 * 40 + 0.5) / 41] * len(group)))
    assert seen.rank.tolist() == [1] * len(group)
    assert seen.groups == [(1,)] * len(group)


# Efron & Morris 1975, table 1: hits in the first 45 times at bat of 1970, and the average over the
# rest of the season, of 18 players.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
SEASON = """.346 .298 .276 .222 .273 .270 .263 .210 .269 .230 .264 .256 .303 .264 .226 .285 .316
.200"""


def test_batting_averages_are_nearer_to_the_season_once_shrunk() -> None:
    """The authors report an error 3.5 times smaller for their way of shrinking."""
    share = np.array(HITS) / 45
    season = np.array([float(word) for word in SEASON.split()])
    group = ranking(share, np.full(18, 45.0))
    raw, shrunk = ((share - season) ** 2).sum(), ((group.shrunken - season) ** 2).sum()
    assert raw == pytest.approx(0.077, abs=0.002)
    assert raw / shrunk > 3
    assert set(group.groups) == {(1,)}


# Shares and ranks ---------------------------------------------------------------------------------


def test_bounds_are_quantiles_of_the_posterior() -> None:
    group = drawn(12, 0.2, 10, 3)
    seen = ranked(group)
    a, b = seen.prior
    for place, (share, size) in enumerate(group):
        posterior = beta(share * size + a, (1 - share) * size + b)
        assert seen.shrunken[place] == pytest.approx(posterior.mean())
        assert posterior.cdf(seen.low[place]) == pytest.approx(0.025, abs=1e-6)
        assert posterior.cdf(seen.high[place]) == pytest.approx(0.975, abs=1e-6)


@given(sources)
def test_properties_of_every_ranking(group: list[Source]) -> None:
    seen = ranked(group)
    a, b = seen.prior
    mean = a / (a + b)
    share, _ = columns(group)
    assert (seen.shrunken >= np.minimum(share, mean) - 1e-12).all()
    assert (seen.shrunken <= np.maximum(share, mean) + 1e-12).all()
    assert ((seen.low >= 0) & (seen.low <= seen.shrunken)).all()
    assert ((seen.high <= 1) & (seen.high >= seen.shrunken)).all()
    assert (seen.rank_low >= 1).all()
    assert (seen.rank_low <= seen.rank).all()
    assert (seen.rank <= seen.rank_high).all()
    assert (seen.rank_high <= len(group)).all()
    larger = seen.shrunken[None, :] > seen.shrunken[:, None] + 1e-11
    not_smaller = seen.shrunken[None, :] >= seen.shrunken[:, None] - 1e-11
    assert (seen.rank >= 1 + larger.sum(axis=1)).all()
    assert (seen.rank <= not_smaller.sum(axis=1)).all()


@given(sources)
def test_groups_are_longest_runs(group: list[Source]) -> None:
    seen = ranked(group)
    by_rank = sorted(range(len(group)), key=lambda i: (seen.rank[i], seen.groups[i]))
    members: dict[int, list[int]] = {}
    for place, source in enumerate(by_rank):
        assert seen.groups[source]
        for number in seen.groups[source]:
            members.setdefault(number, []).append(place)
    assert sorted(members) == list(range(1, len(members) + 1))
    for places in members.values():
        assert places == list(range(places[0], places[-1] + 1))
    for one, two in pairwise(members[group] for group in sorted(members)):
        assert one[0] < two[0]
        assert one[-1] < two[-1]


@given(sources, st.randoms(use_true_random=False))
def test_order_has_no_effect(group: list[Source], random: Random) -> None:
    order = list(range(len(group)))
    random.shuffle(order)
    one, two = ranked(group), ranked([group[i] for i in order])
    assert two.prior == one.prior
    assert two.groups == [one.groups[i] for i in order]
    for name in ("shrunken", "low", "high", "rank", "rank_low", "rank_high"):
        assert (getattr(two, name) == getattr(one, name)[order]).all()


@given(sources)
def test_equal_sources_are_treated_alike(group: list[Source]) -> None:
    seen = ranked([*group, *group[:3]])
    for place in range(min(3, len(group))):
        twin = len(group) + place
        assert seen.groups[place] == seen.groups[twin]
        for name in ("shrunken", "low", "high", "rank", "rank_low", "rank_high"):
            assert getattr(seen, name)[place] == getattr(seen, name)[twin]


def test_tied_sources_share_their_first_rank() -> None:
    assert ranked([(0.1, 50), (0.6, 50), (0.3, 50), (0.3, 50)]).rank.tolist() == [4, 1, 2, 2]


@given(shares, st.lists(sizes, min_size=2, max_size=6), sources)
def test_larger_sources_shrink_less(share: float, some: list[float], others: list[Source]) -> None:
    seen = ranked([*((share, size) for size in sorted(some)), *others])
    moved = np.abs(seen.shrunken[: len(some)] - share)
    assert (np.diff(moved) <= 1e-12).all()


def test_the_seed_affects_ranks_only() -> None:
    group = drawn(60, 0.3, 10, 5)
    one, again, other = ranked(group), ranked(group), ranked(group, seed=2)
    assert (one.rank_low == again.rank_low).all()
    assert one.groups == again.groups
    assert (one.shrunken == other.shrunken).all()
    assert (one.rank == other.rank).all()
    assert (one.rank_high != other.rank_high).any()
    assert np.abs(one.rank_high - other.rank_high).max() <= 4


def test_rank_intervals_match_counted_ranks() -> None:
    """With draws of another generator, the rank interval contains 95 % of the counted ranks."""
    group = drawn(9, 0.3, 15, 6)
    seen, random = ranked(group), Random(1)
    a, b = seen.prior
    ranks = np.empty((4_000, len(group)), int)
    for row in ranks:
        values = [random.betavariate(s * n + a, (1 - s) * n + b) for s, n in group]
        row[:] = [1 + sum(other > value for other in values) for value in values]
    below = (ranks < seen.rank_low).mean(axis=0)
    above = (ranks > seen.rank_high).mean(axis=0)
    assert max(below.max(), above.max()) < 0.035
    # One rank narrower would leave out too much.
    inner = seen.rank_low < seen.rank
    assert ((ranks <= seen.rank_low).mean(axis=0)[inner] > 0.015).all()
    inner = seen.rank_high > seen.rank
    assert ((ranks >= seen.rank_high).mean(axis=0)[inner] > 0.015).all()
    assert (seen.rank_high - seen.rank_low).max() >= 2


# Groups -------------------------------------------------------------------------------------------


def above(one: tuple[float, float], two: tuple[float, float]) -> float:
    """The probability that a draw of one Beta distribution exceeds a draw of another."""
    x, y = beta(*one), beta(*two)
    low, high = (float(x.ppf(u)) for u in (1e-9, 1 - 1e-9))
    return float(quad(lambda at: x.pdf(at) * y.cdf(at), low, high, limit=200)[0])


@pytest.mark.parametrize("seed", range(12))
def test_groups_match_integrals(seed: int) -> None:
    """Every run is tried and every pair integrated; near the threshold either result is right."""
    group = drawn(9, 0.3, 8, seed)
    seen = ranked(group)
    order = sorted(range(len(group)), key=lambda i: -seen.shrunken[i])
    a, b = seen.prior
    posterior = [
        (group[i][0] * group[i][1] + a, (1 - group[i][0]) * group[i][1] + b) for i in order
    ]
    odds = {(i, j): above(posterior[i], posterior[j]) for j in range(len(order)) for i in range(j)}

    def runs(apart: set[tuple[int, int]]) -> list[tuple[int, ...]]:
        every = [
            range(i, j)
            for i in range(len(order))
            for j in range(i + 1, len(order) + 1)
            if not any((p, q) in apart for q in range(i, j) for p in range(i, q))
        ]
        longest = [one for one in every if not any(set(one) < set(two) for two in every)]
        return [
            tuple(number for number, run in enumerate(longest, 1) if place in run)
            for place in range(len(order))
        ]

    surely = {pair for pair, value in odds.items() if value >= 0.983}
    unsure = [pair for pair, value in odds.items() if 0.967 <= value < 0.983]
    assert len(unsure) <= 4
    expected = [
        runs(surely.union(extra))
        for count in range(len(unsure) + 1)
        for extra in combinations(unsure, count)
    ]
    assert [seen.groups[i] for i in order] in expected


def test_a_source_may_be_in_two_groups() -> None:
    seen = ranked([(0.3, 200), (0.36, 60), (0.42, 200), (0.9, 200)])
    assert seen.groups == [(3,), (2, 3), (2,), (1,)]


def test_five_hundred_sources_are_ranked() -> None:
    group = drawn(500, 0.3, 15, 8)
    seen = ranked(group)
    groups = max(max(own) for own in seen.groups)
    assert 20 < groups < 120
    assert len(set(seen.rank.tolist())) > 450


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ([(math.nan, 5), (0.2, 5)], "Each share"),
        ([(1.01, 5), (0.2, 5)], "Each share"),
        ([(-0.1, 5), (0.2, 5)], "Each share"),
        ([(0.1, math.nan), (0.2, 5)], "Each size"),
        ([(0.1, 0), (0.2, 5)], "Each size"),
        ([(0.1, math.inf), (0.2, 5)], "Each size"),
        ([(math.nan, 5)], "Each share"),
    ],
)
def test_invalid_input_is_refused(group: list[Source], sentence: str) -> None:
    for function in (fitted, ranking):
        with pytest.raises(ValueError, match=sentence):
            function(*columns(group))


def test_shapes_must_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        ranking(np.array([0.1, 0.2]), np.array([5.0]))
