"""Counts per article, and the sums that shares and intervals are computed from. Pure.

The unit of sampling is the article (codebook section 4): claims of one article are alike, so every
interval uses counts per article. Three weightings answer three questions (*claim*, *article*,
*statement*); each gives an article j a resolved weight n_j and a label weight k_j. Everything else
is the same.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Weighting(StrEnum):
    """What has equal weight: each claim, each article, or each distinct statement of a source."""

    CLAIM = "claim"
    ARTICLE = "article"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Counts:
    """Counts per article, sorted by article; arrays of one length R, `labels` of shape (R, L).

    group: the row's group (0 … groups − 1).  article: its article.  claims: the claims counted,
    including open ones.  labels: the claims resolved to each label.  repeats, repeats_all: how
    often the statement of these claims occurs among the group's resolved claims and among all its
    counted claims (1 if the weighting does not use them); an article has one row for each pair.
    """

    group: Ints
    article: Ints
    claims: Ints
    labels: Ints
    repeats: Ints
    repeats_all: Ints
    groups: int


@dataclass(frozen=True)
class Moments:
    """The sums behind shares and intervals; arrays of one length, a row for each group and label.

    articles: J, articles with a resolved claim.  weight: N, the sum of n_j.  label_weight: sum of
    k_j.  squares, fourths: sums of r_j² and r_j⁴ with r_j = k_j − p·n_j.  all_weight, low_weight,
    open_weight: as weight and label_weight, but over all counted claims, for the worst case.
    """

    articles: Ints
    weight: Floats
    label_weight: Floats
    squares: Floats
    fourths: Floats
    all_weight: Floats
    low_weight: Floats
    open_weight: Floats


@dataclass(frozen=True)
class Weighted:
    """Weights of articles under a weighting; arrays of length R, of shape (R, L) by label.

    A row for each group and article.  resolved: n_j.  labels: k_j.  Over all counted claims:
    everything, the weight of all; low, of those with each label; still_open, of open ones.
    """

    group: Ints
    article: Ints
    resolved: Floats
    labels: Floats
    everything: Floats
    low: Floats
    still_open: Floats


def moments(counts: Counts, weighting: Weighting) -> Moments:
    """Sum up counts per article for a weighting; G × L rows, by group, then label."""
    weights = weighted(counts, weighting)
    group, n, k = weights.group, weights.resolved, weights.labels
    g, size = counts.groups, k.shape[1]
    resolved = n > 0
    weight = sum_of(group, n, g)
    label_weight = sums_of(group, k, g)
    share = divided(label_weight, weight[:, None])
    residual = np.where(resolved[:, None], k - np.nan_to_num(share)[group] * n[:, None], 0.0)
    # Set residuals that are only rounding error to 0, or they would pass for variance.
    residual[np.abs(residual) < 1e-12 * np.maximum(n, 1.0)[:, None]] = 0.0
    articles = np.bincount(group[resolved], minlength=g).astype(np.int64)
    return Moments(
        articles=np.repeat(articles, size),
        weight=np.repeat(weight, size),
        label_weight=label_weight.ravel(),
        squares=sums_of(group, residual**2, g).ravel(),
        fourths=sums_of(group, residual**4, g).ravel(),
        all_weight=np.repeat(sum_of(group, weights.everything, g), size),
        low_weight=sums_of(group, weights.low, g).ravel(),
        open_weight=np.repeat(sum_of(group, weights.still_open, g), size),
    )


def weighted(counts: Counts, weighting: Weighting) -> Weighted:
    """The weights of each article in each group."""
    resolved = counts.labels.sum(axis=1)
    if weighting is Weighting.STATEMENT:
        return _by_statement(counts, resolved)
    labels = counts.labels.astype(float)
    everything = counts.claims.astype(float)
    still_open = (counts.claims - resolved).astype(float)
    if weighting is Weighting.ARTICLE:
        return Weighted(
            counts.group,
            counts.article,
            (resolved > 0).astype(float),
            np.nan_to_num(divided(labels, resolved[:, None].astype(float))),
            (counts.claims > 0).astype(float),
            np.nan_to_num(divided(labels, everything[:, None])),
            np.nan_to_num(divided(still_open, everything)),
        )
    return Weighted(
        counts.group,
        counts.article,
        resolved.astype(float),
        labels,
        everything,
        labels,
        still_open,
    )


def _by_statement(counts: Counts, resolved: Ints) -> Weighted:
    """Claims weigh 1 / repeats; the rows of an article in a group are then added up."""
    new = np.ones(len(counts.group), dtype=bool)
    order = np.lexsort((counts.article, counts.group))
    group, article = counts.group[order], counts.article[order]
    new[1:] = (group[1:] != group[:-1]) | (article[1:] != article[:-1])
    place = np.cumsum(new) - 1
    rows = int(new.sum())
    labels = counts.labels[order] / counts.repeats[order][:, None]
    low = counts.labels[order] / counts.repeats_all[order][:, None]
    everything = counts.claims[order] / counts.repeats_all[order]
    still_open = (counts.claims - resolved)[order] / counts.repeats_all[order]
    return Weighted(
        group[new],
        article[new],
        sum_of(place, resolved[order] / counts.repeats[order], rows),
        sums_of(place, labels, rows),
        sum_of(place, everything, rows),
        sums_of(place, low, rows),
        sum_of(place, still_open, rows),
    )


def largest_tenth(counts: Counts) -> Floats:
    """For each group: the share (0–1) of resolved claims in its largest tenth of articles.

    Above one half, no interval of this kind is safe for a rare label (codebook section 5). NaN for
    fewer than ten articles.
    """
    resolved = counts.labels.sum(axis=1)
    with_claims = resolved > 0
    group, size = counts.group[with_claims], resolved[with_claims].astype(float)
    order = np.lexsort((-size, group))
    group, size = group[order], size[order]
    articles = np.bincount(group, minlength=counts.groups)
    first = np.concatenate([[0], np.cumsum(articles)[:-1]])
    rank = np.arange(len(group)) - first[group]
    top = rank < np.ceil(articles / 10)[group]
    share = divided(
        sum_of(group[top], size[top], counts.groups), sum_of(group, size, counts.groups)
    )
    return np.where(articles >= 10, share, np.nan)


def sum_of(group: Ints, values: Floats, groups: int) -> Floats:
    """Values (R,) summed up by group: (groups,)."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)


def sums_of(group: Ints, values: Floats, groups: int) -> Floats:
    """Columns of values (R, L) summed up by group: (groups, L)."""
    return np.column_stack([sum_of(group, values[:, i], groups) for i in range(values.shape[1])])


def divided(numerator: Floats, denominator: Floats) -> Floats:
    """Quotients; NaN where the denominator is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(
            denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), np.nan
        )
