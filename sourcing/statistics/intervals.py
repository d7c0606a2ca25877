"""Shares of labels (0–1) with the intervals of codebook section 5. Pure: sums in, numbers out."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from sourcing.statistics.counts import Floats, Moments, divided

Z_975 = 1.959963984540054


@dataclass(frozen=True)
class Shares:
    """Shares (0–1) with their intervals; arrays of one length, a row for each group and label.

    share is NaN without resolved claims; low, high and size also with only one article; lowest and
    highest (the worst case) without counted claims. size: n*, the effective number of independent
    claims.
    """

    share: Floats
    low: Floats
    high: Floats
    lowest: Floats
    highest: Floats
    size: Floats


def shares(sums: Moments) -> Shares:
    """Shares with 95 % intervals (codebook section 5) and worst-case bounds (section 4)."""
    share = divided(sums.label_weight, sums.weight)
    size = effective_size(sums)
    low, high = wilson(share, size)
    lowest = divided(sums.low_weight, sums.all_weight)
    highest = divided(sums.low_weight + sums.open_weight, sums.all_weight)
    return Shares(share, low, high, lowest, np.minimum(highest, 1.0), size)


def simultaneous(sums: Moments, labels: int) -> tuple[Floats, Floats]:
    """Intervals (0–1) that hold for all labels of a group together in 95 % of samples.

    Goodman 1965, on effective sizes: as in `shares`, but at the level 1 − 0.05 / labels. NaN with
    fewer than two articles or without resolved claims.
    """
    quantile = 1 - 0.025 / labels
    share = divided(sums.label_weight, sums.weight)
    return wilson(share, effective_size(sums, quantile), float(ndtri(quantile)))


def effective_size(sums: Moments, quantile: float = 0.975) -> Floats:
    """n* of codebook section 5, the effective number of independent claims.

    quantile: q of an interval between the quantiles 1 − q and q.  NaN with fewer than two articles.
    """
    return sized(*design(sums), quantile)


def design(sums: Moments) -> tuple[Floats, Floats]:
    """n_eff, the number of independent claims with the same variance, and its degrees of freedom.

    NaN with fewer than two articles. Effective size after Korn & Graubard 1998; degrees of freedom
    after Satterthwaite 1946, for clusters as in Bell & McCaffrey 2002.
    """
    j, n = sums.articles.astype(float), sums.weight
    share = divided(sums.label_weight, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = j / (j - 1) * sums.squares / n**2
        n_eff = np.where(variance > 0, np.minimum(n, share * (1 - share) / variance), j)
        freedom = np.where(sums.squares > 0, sums.squares**2 / sums.fourths, j - 1)
        freedom = np.minimum(j - 1, np.where(np.isfinite(freedom), freedom, j - 1))
    undefined = (sums.articles < 2) | np.isnan(share)
    return np.where(undefined, np.nan, n_eff), np.where(undefined, np.nan, freedom)


def sized(n_eff: Floats, freedom: Floats, quantile: float = 0.975) -> Floats:
    """n*: n_eff reduced because it is itself estimated with few degrees of freedom."""
    t = stdtrit(np.where(freedom > 0, freedom, np.nan), quantile)
    return np.asarray(n_eff * (ndtri(quantile) / t) ** 2)


def wilson(share: Floats, size: Floats, z: float = Z_975) -> tuple[Floats, Floats]:
    """Wilson's score interval (Wilson 1927) for a share (0–1) of a size that need not be whole.

    z: the normal quantile, 95 % by default.  Bounds are 0–1 and contain the share; NaN where the
    share is NaN or the size is not positive.
    """
    size = np.where(size > 0, size, np.nan)
    middle = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    # Rounding must not push a bound past its share, as it could at shares of 0 and 1.
    low = np.where(share == 0, 0.0, np.clip(np.minimum(middle - half, share), 0.0, 1.0))
    high = np.where(share == 1, 1.0, np.clip(np.maximum(middle + half, share), 0.0, 1.0))
    undefined = np.isnan(share) | np.isnan(size)
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)
