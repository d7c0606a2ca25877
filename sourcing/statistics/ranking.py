"""Ranking sources by the share of one label (codebook section 5). Pure.

The shares of all sources show how far sources differ; a share based on few claims is shrunk towards
their mean (empirical Bayes). Sizes are effective (n*), so counts need not be whole.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln, digamma, expit, logit

from sourcing.statistics.counts import Floats, Ints

_DRAWS = 4_000
_BLOCK = 500
_APART = 0.975


@dataclass(frozen=True)
class Ranking:
    """Shrunken shares, ranks and groups; arrays of one length, in the order of the input.

    shrunken: the posterior mean (0–1).  low, high: 95 % credible bounds (0–1) that contain it.
    rank: 1 for the largest shrunken share; equal ones share their first rank (1, 1, 3).
    rank_low, rank_high: the ranks that the source has in 95 % of draws; they contain `rank`.
    groups: the groups of each source, at least one, ascending; group 1 holds the largest share.
    prior: a and b of the Beta distribution towards whose mean a / (a + b) shares are shrunk.
    """

    shrunken: Floats
    low: Floats
    high: Floats
    rank: Ints
    rank_low: Ints
    rank_high: Ints
    groups: list[tuple[int, ...]]
    prior: tuple[float, float]


def fitted(share: Floats, size: Floats) -> tuple[float, float]:
    """Fit a and b of the Beta distribution that makes share (0–1) · size most likely.

    Maximum marginal likelihood of the beta-binomial, with counts that need not be whole. The weight
    a + b is at least one claim and at most the sum of sizes, which equal shares reach. The mean
    stays half a claim of the total away from 0 and 1. Fewer than two sources give Jeffreys' prior,
    a = b = 0.5.

    Raises ValueError if shapes differ, a share is NaN or not 0–1, or a size is NaN or not positive.
    """
    if share.ndim != 1 or share.shape != size.shape:
        raise ValueError(f"Shares of shape {share.shape} do not fit sizes of shape {size.shape}.")
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError("Each share must be from 0 to 1; leave out sources without one.")
    if not ((size > 0) & np.isfinite(size)).all():
        raise ValueError("Each size must be greater than 0; leave out sources without one.")
    if len(share) < 2:
        return 0.5, 0.5
    order = np.lexsort((size, share))
    k, n = (share * size)[order], size[order]
    most = max(float(n.sum()), 1.0)
    edge = 0.5 / (most + 1)
    if share.min() == share.max():
        mean = float(np.clip(share[0], edge, 1 - edge))
        return mean * most, (1 - mean) * most

    # With few sources there may be two maxima, so searches start on each side of both.
    means = logit(np.clip([k.sum() / n.sum(), (k / n).mean()], edge, 1 - edge))
    searches = [
        minimize(
            _cost,
            np.array([mean, log]),
            args=(k, n),
            jac=True,
            method="L-BFGS-B",
            bounds=[(logit(edge), -logit(edge)), (0, np.log(most))],
            options={"ftol": 1e-14, "gtol": 1e-7},
        )
        for mean in means
        for log in np.linspace(0, np.log(most), 4)
    ]
    best = min(searches, key=lambda search: float(search.fun)).x
    mean, weight = float(expit(best[0])), float(np.exp(best[1]))
    return mean * weight, (1 - mean) * weight


def _cost(at: Floats, k: Floats, n: Floats) -> tuple[float, Floats]:
    """The negative log-likelihood and its gradient at (logit of the mean, log of a + b)."""
    mean, weight = expit(at[0]), np.exp(at[1])
    a, b = mean * weight, (1 - mean) * weight
    by_weight = digamma(n + weight) - digamma(weight)
    by_a = (digamma(k + a) - digamma(a) - by_weight).sum()
    by_b = (digamma(n - k + b) - digamma(b) - by_weight).sum()
    slope = np.array([mean * (1 - mean) * weight * (by_a - by_b), a * by_a + b * by_b])
    return -float((betaln(k + a, n - k + b) - betaln(a, b)).sum()), -slope


def ranking(share: Floats, size: Floats, seed: int = 1) -> Ranking:
    """Rank sources by share (0–1) on effective sizes and group those that cannot be told apart.

    Two sources can be told apart if one lies above the other in 97.5 % of 4,000 draws with this
    seed. A group is a longest run, in order of shrunken shares, in which no two can be told apart;
    runs overlap, so a source may be in several (letter displays: Piepho 2004). The order of rows
    has no effect, and sources with the same share and size are treated alike.

    Raises ValueError as `fitted` does.
    """
    prior = fitted(share, size)
    shrunken = (share * size + prior[0]) / (size + sum(prior))
    if not len(share):
        none = np.zeros(0, np.int64)
        return Ranking(shrunken, shrunken, shrunken, none, none, none, [], prior)
    # Ignore rounding error; share and size then fix the order, so draws do not depend on the input.
    falling = -np.round(shrunken, 12)
    order = np.lexsort((size, share, falling))
    place = np.argsort(order)
    a, b = (share * size + prior[0])[order], ((1 - share) * size + prior[1])[order]
    rank = np.searchsorted(falling[order], falling, side="left") + 1

    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(share[order]) != 0) | (np.diff(size[order]) != 0)
    first, alike = np.flatnonzero(new), np.cumsum(new) - 1
    draws = _drawn_ranks(a, b, seed)
    ranks = [
        np.quantile(rows, [0.025, 0.975], method="inverted_cdf")
        for rows in np.split(draws, first[1:])
    ]
    rank_low, rank_high = np.array(ranks)[alike[place]].T
    bounds = np.array([betaincinv(a, b, 0.025), betaincinv(a, b, 0.975)])[:, place]
    groups: list[tuple[int, ...]] = [()] * len(first)
    for number, run in enumerate(_runs(draws[first], a[first], b[first]), 1):
        for source in range(*run):
            groups[source] += (number,)
    return Ranking(
        shrunken=shrunken,
        low=np.minimum(bounds[0], shrunken),
        high=np.maximum(bounds[1], shrunken),
        rank=rank,
        rank_low=np.minimum(rank_low, rank),
        rank_high=np.maximum(rank_high, rank),
        groups=[groups[i] for i in alike[place]],
        prior=prior,
    )


def _drawn_ranks(a: Floats, b: Floats, seed: int) -> Ints:
    """Ranks (sources, draws) of Beta draws; draws equal in floating point keep the order."""
    rng = np.random.default_rng(seed)
    ranks = np.empty((len(a), _DRAWS), np.int64)
    numbers = np.arange(1, len(a) + 1)[:, None]
    for start in range(0, _DRAWS, _BLOCK):
        falling = np.argsort(-rng.beta(a, b, (_BLOCK, len(a))), axis=1, kind="stable").T
        np.put_along_axis(ranks[:, start : start + _BLOCK], falling, numbers, axis=0)
    return ranks


def _runs(ranks: Ints, a: Floats, b: Floats) -> list[tuple[int, int]]:
    """Longest runs (first, last + 1) of sources, by descending share, that cannot be told apart."""
    # If these bounds overlap, at t, the lower source is above with P(x < t)·P(y > t) ≥ 0.025.
    # Only the draws of the others need comparing.
    tail = np.sqrt(1 - _APART)
    under, over = betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)
    runs, start = [], 0
    for last in range(1, len(a)):
        candidates = start + np.flatnonzero(under[start:last] > over[last])
        above = (ranks[candidates] < ranks[last]).mean(axis=1)
        apart = candidates[above >= _APART]
        if apart.size:
            runs.append((start, last))
            start = int(apart[-1]) + 1
    return [*runs, (start, len(a))]
