"""How many more articles a source needs for a given precision. Pure."""

import numpy as np

from sourcing.statistics.counts import Floats, Moments, divided
from sourcing.statistics.intervals import design, sized, wilson

MOST = 1_000_000
"""The largest number of articles considered; beyond it there is no answer."""


def articles_needed(sums: Moments, half_width: float) -> Floats:
    """How many more articles until the 95 % interval reaches ± half_width (0–0.5) at most.

    It assumes that further articles are like those so far: the same share, and the same effective
    size and degrees of freedom per article. The half-width is half the length of the interval of
    codebook section 5. 0 if it is reached already; NaN with fewer than two articles, or if a
    million would not be enough.
    """
    n_eff, freedom = design(sums)
    share = divided(sums.label_weight, sums.weight)
    now = sums.articles.astype(float)

    def too_wide(articles: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        grown = articles / now
        low, high = wilson(share, sized(n_eff * grown, freedom * grown))
        return (high - low) / 2 > half_width

    with np.errstate(divide="ignore", invalid="ignore"):
        few, enough = now.copy(), np.full(now.shape, float(MOST))
        never = np.isnan(n_eff) | too_wide(enough)
        already = ~too_wide(few)
        # Bisect between `few`, which are too few, and `enough`, until they are neighbours.
        while (enough - few > 1).any():
            middle = np.floor((few + enough) / 2)
            wide = too_wide(middle)
            few, enough = np.where(wide, middle, few), np.where(wide, enough, middle)
    return np.where(never, np.nan, np.where(already, 0.0, enough - now))
