"""Agreement between annotators (codebook section 6). Pure: labels in, numbers out.

A unit is a claim; its values are its labels, one per annotator. All figures are computed from
additive sums over units, which can be resampled by article. Alpha: Krippendorff 2011 (nominal,
missing data). AC1: Gwet 2008, with missing data as in Gwet 2014, chapter 2.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sourcing.statistics.counts import Floats, Ints

_DRAWS = 1_000


@dataclass(frozen=True)
class Sums:
    """The sums behind agreement, by group of units; G groups, q labels.

    A group is an article or a bucket of articles. Sums over buckets vary as sums over articles do,
    and 200 buckets cost the same at any size.

    coincidences: (G, q, q), pairs of values of one unit, each weighing 1 / (values − 1).  agreed:
    (G,), the share (0–1) of a unit's pairs that agree, summed over units with two or more values.
    units: (G,), the number of these units.  shares: (G, q), the share (0–1) of a label among a
    unit's values, summed over all units.  rated: (G,), the number of units with a value.
    """

    coincidences: Floats
    agreed: Floats
    units: Floats
    shares: Floats
    rated: Floats


@dataclass(frozen=True)
class Agreement:
    """Agreement with 95 % intervals (low, high).

    alpha and ac1 are 1 for full agreement, and alpha is about 0 for agreement by chance; percent is
    0–1. A figure is NaN if undefined, for the reason in `why`. Bounds are also NaN with
    fewer than two articles.
    """

    alpha: tuple[float, float, float]
    percent: tuple[float, float, float]
    ac1: tuple[float, float, float]
    units: int
    why: str


def sums(group: Ints, values: Ints, times: Ints) -> Sums:
    """Sum up units by group.

    group: (P,), 0 … G − 1.  values: (P, q), the number of annotators who gave a unit each label.
    times: (P,), the number of units in the group with these values.
    """
    size = int(group.max(initial=-1)) + 1
    rated = values.sum(axis=1)
    several = rated > 1
    pairs = values[:, :, None] * values[:, None, :] - values[:, :, None] * np.eye(values.shape[1])
    weight = np.where(several, times / np.maximum(rated - 1, 1), 0.0)
    by_pair = np.zeros((size, *pairs.shape[1:]))
    np.add.at(by_pair, group, pairs * weight[:, None, None])
    agreeing = np.einsum("pcc->p", pairs) / np.maximum(rated * (rated - 1), 1)
    some = (rated > 0) * times
    by_label = np.zeros((size, values.shape[1]))
    np.add.at(by_label, group, values / np.maximum(rated, 1)[:, None] * times[:, None])
    return Sums(
        coincidences=by_pair,
        agreed=_summed(group, agreeing * several * times, size),
        units=_summed(group, several * times, size),
        shares=by_label,
        rated=_summed(group, some, size),
    )


def _summed(group: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(group, weights=values, minlength=size).astype(np.float64)


def alpha(coincidences: Floats) -> Floats:
    """Krippendorff's alpha of coincidences (…, q, q); NaN without pairs or with a single label."""
    of_label = coincidences.sum(axis=-1)
    total = of_label.sum(axis=-1)
    observed = total - np.einsum("...cc->...", coincidences)
    expected = (total**2 - (of_label**2).sum(axis=-1)) / np.where(total > 1, total - 1, np.nan)
    # If only one label is used, what is left is rounding error, not expected disagreement.
    expected = np.where(expected > 1e-9 * np.maximum(total, 1), expected, np.nan)
    return np.asarray(1 - observed / expected)


def percent(agreed: Floats, units: Floats) -> Floats:
    """Percent agreement (0–1): the mean share of agreeing pairs; NaN without pairs."""
    return agreed / np.where(units > 0, units, np.nan)


def ac1(agreed: Floats, units: Floats, shares: Floats, rated: Floats) -> Floats:
    """Gwet's AC1 for q ≥ 2 labels; shares: (…, q), the others (…). NaN without pairs."""
    prevalence = shares / np.where(rated > 0, rated, np.nan)[..., None]
    by_chance = (prevalence * (1 - prevalence)).sum(axis=-1) / (shares.shape[-1] - 1)
    return np.asarray((percent(agreed, units) - by_chance) / (1 - by_chance))


def agreement(totals: Sums, seed: int = 1) -> Agreement:
    """The three figures over all groups, with intervals from resampling groups.

    Percentiles of 1,000 draws with this seed, leaving out draws in which a figure is undefined.
    """
    estimate = _figures(totals, np.ones((1, len(totals.units))))
    units = round(float(totals.units.sum()))
    groups = int((totals.units > 0).sum())
    bounds = np.full((2, 3), np.nan)
    if groups > 1:
        draws = _resampled(totals, seed)
        defined = ~np.isnan(estimate[0])
        bounds[:, defined] = np.nanpercentile(draws[:, defined], [2.5, 97.5], axis=0)
    figures = [(float(estimate[0, i]), float(bounds[0, i]), float(bounds[1, i])) for i in range(3)]
    return Agreement(figures[0], figures[1], figures[2], units, _why(totals, units))


def _why(totals: Sums, units: int) -> str:
    if not units:
        return "No claim has labels of two annotators."
    used = (totals.coincidences.sum(axis=(0, 1)) > 0).sum()
    return "Only one label was used, so alpha is not defined." if used < 2 else ""


@lru_cache(maxsize=8)
def _weights(groups: int, seed: int) -> Floats:
    """How often each group is drawn: (draws, groups)."""
    drawn = np.random.default_rng(seed).integers(0, groups, (_DRAWS, groups))
    drawn += groups * np.arange(_DRAWS)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=_DRAWS * groups)
    return counts.reshape(_DRAWS, groups).astype(float)


def _resampled(totals: Sums, seed: int) -> Floats:
    """The figures of 1,000 draws from the groups that hold labels."""
    labelled = totals.rated > 0
    parts = (values[labelled] for values in vars(totals).values())
    return _figures(Sums(*parts), _weights(int(labelled.sum()), seed))


def _figures(totals: Sums, weights: Floats) -> Floats:
    """alpha, percent and AC1 (B, 3) for each row of weights (B, G)."""
    pairs = np.tensordot(weights, totals.coincidences, axes=1)
    agreed, units = weights @ totals.agreed, weights @ totals.units
    shares, rated = weights @ totals.shares, weights @ totals.rated
    return np.column_stack(
        [alpha(pairs), percent(agreed, units), ac1(agreed, units, shares, rated)]
    )
