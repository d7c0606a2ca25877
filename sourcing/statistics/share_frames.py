"""From counts per article to shares per group and label, in two steps. Pure.

`summed` gives the sums that intervals need, small enough to store in a mart. `with_shares` turns
them into shares, intervals, worst-case bounds and coverage. Pages, downloads and the ETL use both.
"""

import numpy as np
import pandas as pd

from sourcing import statistics
from sourcing.codebook import labels_of, too_few
from sourcing.statistics import Counts, Moments, Weighting

COUNTED = ("label_claims", "resolved_claims", "open_claims", "provisional_claims")
SUMMED = (
    "grp label articles weight label_weight squares fourths all_weight low_weight open_weight "
    "label_claims resolved_claims open_claims provisional_claims largest_tenth"
).split()
"""Columns of `summed`: group and label, the fields of Moments, counts of claims, largest_tenth."""


def summed(counts: pd.DataFrame, weighting: Weighting, view: str) -> pd.DataFrame:
    """Sum up counts per article by group and label.

    counts: columns grp, article_key, claims, one per label, provisional, repeats, repeats_all, in a
    fixed order of articles; rows without a group are left out. Returns the columns SUMMED, with all
    labels for every group, by group key, then in label order.
    """
    rows = counts[counts["grp"].notna()]
    codes, keys = pd.factorize(rows["grp"], sort=True)
    labels = labels_of(view)
    by_article = counted(rows, codes, len(keys), view)
    size = len(labels)
    totals = rows[labels].groupby(codes).sum().to_numpy(np.int64).ravel()
    resolved = by_article.labels.sum(axis=1)
    per_group = {
        "resolved_claims": _total(codes, resolved, len(keys)),
        "open_claims": _total(codes, by_article.claims - resolved, len(keys)),
        "provisional_claims": _total(codes, rows["provisional"].to_numpy(), len(keys)),
        "largest_tenth": statistics.largest_tenth(by_article),
    }
    return pd.DataFrame(
        {
            "grp": np.repeat(np.asarray([str(key) for key in keys], dtype=object), size),
            "label": pd.Series(labels * len(keys), dtype="str"),
            **vars(statistics.moments(by_article, weighting)),
            "label_claims": totals,
            **{name: np.repeat(values, size) for name, values in per_group.items()},
        }
    )[SUMMED]


def counted(rows: pd.DataFrame, group: np.ndarray, groups: int, view: str) -> Counts:
    """Counts from rows (columns as for `summed`); group: the group number of each row."""
    return Counts(
        group=group.astype(np.int64),
        article=rows["article_key"].to_numpy(np.int64),
        claims=rows["claims"].to_numpy(np.int64),
        labels=rows[labels_of(view)].to_numpy(np.int64),
        repeats=rows["repeats"].to_numpy(np.int64),
        repeats_all=rows["repeats_all"].to_numpy(np.int64),
        groups=groups,
    )


def moments_of(rows: pd.DataFrame) -> Moments:
    """The moments of a frame with the columns SUMMED."""
    return Moments(
        articles=rows["articles"].to_numpy(np.int64),
        **{
            name: rows[name].to_numpy(float)
            for name in Moments.__dataclass_fields__
            if name != "articles"
        },
    )


def with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Add share, low, high, lowest, highest, coverage (0–1, NaN where undefined) and too_few."""
    everything = rows["resolved_claims"] + rows["open_claims"]
    return rows.assign(
        **vars(statistics.shares(moments_of(rows))),
        coverage=(rows["resolved_claims"] / everything).where(everything > 0),
        too_few=too_few(rows["articles"], rows["resolved_claims"]),
    )


def _total(codes: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(codes, weights=values, minlength=groups).astype(np.int64)
