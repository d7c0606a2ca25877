"""Differences between shares, with adjustment for multiple comparisons. Pure.

A comparison uses the displayed shares and their intervals on effective sizes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from sourcing.statistics.counts import Floats
from sourcing.statistics.intervals import Shares


@dataclass(frozen=True)
class Differences:
    """Differences of shares (−1 to 1), second minus first, with 95 % intervals.

    p: the two-sided p-value (0–1) of no difference.  All are NaN if either share has no interval.
    """

    difference: Floats
    low: Floats
    high: Floats
    p: Floats


def differences(first: Shares, second: Shares) -> Differences:
    """Compare shares row by row.

    Interval: Newcombe 1998, method 10, from the two intervals. p: the score test with a pooled
    share on effective sizes; 1 if both shares are 0 or both are 1.
    """
    difference = second.share - first.share
    low = difference - np.hypot(second.share - second.low, first.high - first.share)
    high = difference + np.hypot(second.high - second.share, first.share - first.low)
    pooled = (first.share * first.size + second.share * second.size) / (first.size + second.size)
    error = np.sqrt(pooled * (1 - pooled) * (1 / first.size + 1 / second.size))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(error > 0, 2 * ndtr(-np.abs(difference) / error), 1.0)
    undefined = np.isnan(low) | np.isnan(high)
    columns = (np.where(undefined, np.nan, values) for values in (difference, low, high, p))
    return Differences(*columns)


def adjusted(p: Floats) -> Floats:
    """P-values adjusted for their number (Benjamini & Hochberg 1995); NaN stays and is not counted.

    Among differences with an adjusted p below 0.05, at most one in twenty is expected to be false.
    """
    defined = ~np.isnan(p)
    result = np.full(p.shape, np.nan)
    if defined.any():
        result[defined] = _benjamini_hochberg(p[defined])
    return result


def _benjamini_hochberg(p: Floats) -> Floats:
    """The smallest of m·p/rank over this and all larger p; `scipy.stats` takes long to import."""
    order = np.argsort(p)
    scaled = p[order] * (len(p) / np.arange(1, len(p) + 1))
    result = np.empty_like(scaled)
    result[order] = np.clip(np.minimum.accumulate(scaled[::-1])[::-1], 0, 1)
    return result
