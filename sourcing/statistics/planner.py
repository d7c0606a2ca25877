"""How many more articles a source needs until a share is known well enough. Pure."""

import numpy as np

from sourcing.statistics.counts import Floats, Moments, divided
from sourcing.statistics.intervals import design, sized, wilson

MOST = 1_000_000
"""More articles than anybody labels: beyond this there is no answer."""


def articles_needed(found: Moments, half_width: float) -> Floats:
    """How many more articles until the 95 % interval reaches ± half_width (0–0.5) at most.

    If more articles are like those so far: the same share, effective size and degrees of freedom
    per article, half the length of the interval of codebook section 5 as its reach. 0 where it
    does already; NaN with fewer than two articles, and where a million would not do.
    """
    n_eff, freedom = design(found)
    share = divided(found.label_weight, found.weight)
    now = found.articles.astype(float)

    def too_wide(articles: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        grown = articles / now
        low, high = wilson(share, sized(n_eff * grown, freedom * grown))
        return (high - low) / 2 > half_width

    with np.errstate(divide="ignore", invalid="ignore"):
        few, enough = now.copy(), np.full(now.shape, float(MOST))
        never = np.isnan(n_eff) | too_wide(enough)
        already = ~too_wide(few)
        # Between `few`, which are too few, and `enough`, until they are neighbours.
        while (enough - few > 1).any():
            middle = np.floor((few + enough) / 2)
            wide = too_wide(middle)
            few, enough = np.where(wide, middle, few), np.where(wide, enough, middle)
    return np.where(never, np.nan, np.where(already, 0.0, enough - now))
