"""Shares at a given mix of cells (direct standardisation). Pure.

Two sources that write about different things may differ for that alone. At one mix of genre and
topic they are compared as if both wrote the same.
"""

import numpy as np

from sourcing.statistics.counts import (
    Counts,
    Floats,
    Moments,
    Weighted,
    Weighting,
    divided,
    sum_of,
    sums_of,
    weighted,
)

LEAST = 2
"""Articles without which a cell says nothing of how its articles vary: it cannot be in a mix."""


def cell_weights(counts: Counts, weighting: Weighting) -> Floats:
    """The resolved weight of each cell (G,), 0 with fewer than LEAST articles.

    The groups of the counts are cells.
    """
    found = weighted(counts, weighting)
    size = sum_of(found.group, found.resolved, counts.groups)
    return np.where(_articles(found, counts.groups) >= LEAST, size, 0.0)


def _articles(found: Weighted, groups: int) -> Floats:
    return sum_of(found.group, (found.resolved > 0).astype(float), groups)


def standardised(counts: Counts, weighting: Weighting, mix: Floats) -> Moments:
    """Sum up counts, whose groups are cells, at a mix of cells: one group, a row for each label.

    mix: (G,), what part each cell is (0–1, together 1); cells of part 0 are left out.  The share is
    the mean of the cells' shares at this mix. Residuals are those of its linear form, summed by
    article (Särndal, Swensson & Wretman 1992, chapter 7), those of a cell of m articles times
    √(m / (m − 1)), as its own share is estimated from them. The rest is codebook section 5.

    Raises ValueError where a cell that is part of the mix has fewer than LEAST articles.
    """
    found = weighted(counts, weighting)
    size = sum_of(found.group, found.resolved, counts.groups)
    used = mix > 0
    articles_of = _articles(found, counts.groups)
    if (articles_of[used] < LEAST).any():
        raise ValueError(f"A cell of fewer than {LEAST} articles cannot be part of the mix.")
    total = float(size[used].sum())
    share = np.nan_to_num(divided(sums_of(found.group, found.labels, counts.groups), size[:, None]))
    spread = np.sqrt(articles_of / np.maximum(articles_of - 1, 1))
    factor = (total * spread * np.where(used, mix, 0) / np.where(size > 0, size, 1))[found.group]
    residual = found.labels - share[found.group] * found.resolved[:, None]
    # A residual that is only rounding is none: it would pass for a variance.
    residual[np.abs(residual) < 1e-12 * np.maximum(found.resolved, 1.0)[:, None]] = 0.0
    kept = used[found.group] & (found.resolved > 0)
    articles, place = np.unique(found.article[kept], return_inverse=True)
    moved = (residual * factor[:, None])[kept]
    of_article = sums_of(place, moved, len(articles))
    # Residuals that cancel leave rounding, which is no variance either.
    of_article[np.abs(of_article) < 1e-12 * sums_of(place, np.abs(moved), len(articles))] = 0.0
    whole = sum_of(found.group, found.everything, counts.groups)[:, None]

    def at_mix(values: Floats) -> Floats:
        return np.asarray(total * mix @ np.nan_to_num(divided(values, whole)))

    labels = found.labels.shape[1]
    still_open = sum_of(found.group, found.still_open, counts.groups)[:, None]
    return Moments(
        articles=np.full(labels, len(articles), np.int64),
        weight=np.full(labels, total),
        label_weight=np.minimum(total * mix @ share, total),  # parts may add up to 1 + rounding
        squares=(of_article**2).sum(axis=0),
        fourths=(of_article**4).sum(axis=0),
        all_weight=np.full(labels, total),
        low_weight=at_mix(sums_of(found.group, found.low, counts.groups)),
        open_weight=np.repeat(at_mix(still_open), labels),
    )
