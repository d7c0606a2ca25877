"""Shares of labels, and how sure they are. Pure: sums of counts in, numbers out.

A share is 0–1. Intervals are those of codebook section 5.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from sourcing.statistics.counts import Floats, Moments, divided

Z_975 = 1.959963984540054


@dataclass(frozen=True)
class Shares:
    """Shares (0–1) with their intervals; arrays of one length, a row for each group and label.

    share is NaN where no claim is resolved; low, high and size also where there is one article
    only; lowest and highest (the worst case) where no claim is counted. size: n*, the number of
    independent claims that would tell as much.
    """

    share: Floats
    low: Floats
    high: Floats
    lowest: Floats
    highest: Floats
    size: Floats


def shares(found: Moments) -> Shares:
    """Shares with 95 % intervals (codebook section 5) and worst-case bounds (section 4)."""
    share = divided(found.label_weight, found.weight)
    size = effective_size(found)
    low, high = wilson(share, size)
    lowest = divided(found.low_weight, found.all_weight)
    highest = divided(found.low_weight + found.open_weight, found.all_weight)
    return Shares(share, low, high, lowest, np.minimum(highest, 1.0), size)


def simultaneous(found: Moments, labels: int) -> tuple[Floats, Floats]:
    """Intervals (0–1) that hold for all labels of a group together in 95 % of samples.

    Goodman 1965, on effective sizes: as `shares`, at the level 1 − 0.05 / labels each. NaN where
    there is one article only or no resolved claim.
    """
    quantile = 1 - 0.025 / labels
    share = divided(found.label_weight, found.weight)
    return wilson(share, effective_size(found, quantile), float(ndtri(quantile)))


def effective_size(found: Moments, quantile: float = 0.975) -> Floats:
    """n* of codebook section 5, for an interval between the quantiles 1 − q and q.

    NaN with fewer than two articles.
    """
    return sized(*design(found), quantile)


def design(found: Moments) -> tuple[Floats, Floats]:
    """n_eff, the independent claims that vary as much, and the degrees of freedom of that.

    NaN with fewer than two articles. Effective size after Korn & Graubard 1998; degrees of freedom
    after Satterthwaite 1946, for clusters as in Bell & McCaffrey 2002.
    """
    j, n = found.articles.astype(float), found.weight
    share = divided(found.label_weight, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = j / (j - 1) * found.squares / n**2
        n_eff = np.where(variance > 0, np.minimum(n, share * (1 - share) / variance), j)
        freedom = np.where(found.squares > 0, found.squares**2 / found.fourths, j - 1)
        freedom = np.minimum(j - 1, np.where(np.isfinite(freedom), freedom, j - 1))
    none = (found.articles < 2) | np.isnan(share)
    return np.where(none, np.nan, n_eff), np.where(none, np.nan, freedom)


def sized(n_eff: Floats, freedom: Floats, quantile: float = 0.975) -> Floats:
    """n*: what is left of n_eff, as its own estimate rests on few degrees of freedom."""
    t = stdtrit(np.where(freedom > 0, freedom, np.nan), quantile)
    return np.asarray(n_eff * (ndtri(quantile) / t) ** 2)


def wilson(share: Floats, size: Floats, z: float = Z_975) -> tuple[Floats, Floats]:
    """Wilson's score interval for a share (0–1) of a size that need not be whole; 95 % by default.

    z: the normal quantile.  Bounds are 0–1 and contain the share; NaN where the share is or the
    size is not positive (Wilson 1927).
    """
    size = np.where(size > 0, size, np.nan)
    middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    # Rounding must not push a bound past the share it belongs to, as at shares of 0 and 1.
    low = np.where(share == 0, 0.0, np.clip(np.minimum(middle - half, share), 0.0, 1.0))
    high = np.where(share == 1, 1.0, np.clip(np.maximum(middle + half, share), 0.0, 1.0))
    none = np.isnan(share) | np.isnan(size)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)
