"""Shares at a given mix of cells (direct standardisation). Pure.

Two sources may differ only because they cover different subjects. At one mix of genre and topic,
they are compared as if both covered the same.
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
"""The fewest articles of a cell in a mix; with fewer, their variance cannot be estimated."""


def cell_weights(counts: Counts, weighting: Weighting) -> Floats:
    """The resolved weight of each cell (G,), 0 for cells with fewer than LEAST articles.

    The groups of the counts are the cells.
    """
    weights = weighted(counts, weighting)
    size = sum_of(weights.group, weights.resolved, counts.groups)
    return np.where(_articles(weights, counts.groups) >= LEAST, size, 0.0)


def _articles(weights: Weighted, groups: int) -> Floats:
    return sum_of(weights.group, (weights.resolved > 0).astype(float), groups)


def standardised(counts: Counts, weighting: Weighting, mix: Floats) -> Moments:
    """Sum up counts, whose groups are cells, at a mix of cells: one group, one row for each label.

    mix: (G,), the proportion of each cell (0–1, sum 1); cells with 0 are left out.  The share is
    the mean of the cells' shares, weighted by the mix. Residuals are those of its linear form,
    summed by article (Särndal, Swensson & Wretman 1992, chapter 7). Those of a cell with m articles
    are multiplied by √(m / (m − 1)), as the cell's share is estimated from them. The rest follows
    codebook section 5.

    Raises ValueError if a cell in the mix has fewer than LEAST articles.
    """
    weights = weighted(counts, weighting)
    size = sum_of(weights.group, weights.resolved, counts.groups)
    used = mix > 0
    articles_of = _articles(weights, counts.groups)
    if (articles_of[used] < LEAST).any():
        raise ValueError(f"A cell with fewer than {LEAST} articles cannot be part of the mix.")
    total = float(size[used].sum())
    share = np.nan_to_num(
        divided(sums_of(weights.group, weights.labels, counts.groups), size[:, None])
    )
    correction = np.sqrt(articles_of / np.maximum(articles_of - 1, 1))
    factor = (total * correction * np.where(used, mix, 0) / np.where(size > 0, size, 1))[
        weights.group
    ]
    residual = weights.labels - share[weights.group] * weights.resolved[:, None]
    # Set residuals that are only rounding error to 0, or they would pass for variance.
    residual[np.abs(residual) < 1e-12 * np.maximum(weights.resolved, 1.0)[:, None]] = 0.0
    in_mix = used[weights.group] & (weights.resolved > 0)
    articles, place = np.unique(weights.article[in_mix], return_inverse=True)
    scaled = (residual * factor[:, None])[in_mix]
    of_article = sums_of(place, scaled, len(articles))
    # Residuals that cancel leave rounding error, which is not variance either.
    of_article[np.abs(of_article) < 1e-12 * sums_of(place, np.abs(scaled), len(articles))] = 0.0
    whole = sum_of(weights.group, weights.everything, counts.groups)[:, None]

    def at_mix(values: Floats) -> Floats:
        return np.asarray(total * mix @ np.nan_to_num(divided(values, whole)))

    labels = weights.labels.shape[1]
    still_open = sum_of(weights.group, weights.still_open, counts.groups)[:, None]
    return Moments(
        articles=np.full(labels, len(articles), np.int64),
        weight=np.full(labels, total),
        label_weight=np.minimum(
            total * mix @ share, total
        ),  # the mix may add up to 1 + rounding error
        squares=(of_article**2).sum(axis=0),
        fourths=(of_article**4).sum(axis=0),
        all_weight=np.full(labels, total),
        low_weight=at_mix(sums_of(weights.group, weights.low, counts.groups)),
        open_weight=np.repeat(at_mix(still_open), labels),
    )
