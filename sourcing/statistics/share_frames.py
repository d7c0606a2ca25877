"""From counts per article to shares per group and label, in two steps. Pure.

`summed` gives what intervals need, small enough to be kept in a mart; `with_shares` turns that into
shares, intervals, worst-case bounds and coverage. Pages, downloads and the ETL all go this way.
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
"""Columns of `summed`: the group and label, the fields of Moments, counts of claims."""


def summed(counts: pd.DataFrame, weighting: Weighting, view: str) -> pd.DataFrame:
    """Sum up counts per article by group and label.

    counts: columns grp, article_key, claims, one per label, provisional, repeats, repeats_all, in a
    fixed order of articles; rows without a group are left out. Returns the columns SUMMED, groups
    in order of their key, labels in label order; all labels for every group.
    """
    rows = counts[counts["grp"].notna()]
    codes, keys = pd.factorize(rows["grp"], sort=True)
    labels = labels_of(view)
    found = counted(rows, codes, len(keys), view)
    size = len(labels)
    totals = rows[labels].groupby(codes).sum().to_numpy(np.int64).ravel()
    resolved = found.labels.sum(axis=1)
    per_group = {
        "resolved_claims": _total(codes, resolved, len(keys)),
        "open_claims": _total(codes, found.claims - resolved, len(keys)),
        "provisional_claims": _total(codes, rows["provisional"].to_numpy(), len(keys)),
        "largest_tenth": statistics.largest_tenth(found),
    }
    return pd.DataFrame(
        {
            "grp": np.repeat(np.asarray([str(key) for key in keys], dtype=object), size),
            "label": pd.Series(labels * len(keys), dtype="str"),
            **vars(statistics.moments(found, weighting)),
            "label_claims": totals,
            **{name: np.repeat(values, size) for name, values in per_group.items()},
        }
    )[SUMMED]


def counted(rows: pd.DataFrame, group: np.ndarray, groups: int, view: str) -> Counts:
    """Counts per article (columns as for `summed`) whose rows are in these groups."""
    return Counts(
        group=group.astype(np.int64),
        article=rows["article_key"].to_numpy(np.int64),
        claims=rows["claims"].to_numpy(np.int64),
        labels=rows[labels_of(view)].to_numpy(np.int64),
        repeats=rows["repeats"].to_numpy(np.int64),
        repeats_all=rows["repeats_all"].to_numpy(np.int64),
        groups=groups,
    )


def moments_of(found: pd.DataFrame) -> Moments:
    """The moments in a frame with the columns SUMMED."""
    return Moments(
        articles=found["articles"].to_numpy(np.int64),
        **{
            name: found[name].to_numpy(float)
            for name in Moments.__dataclass_fields__
            if name != "articles"
        },
    )


def with_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Add share, low, high, lowest, highest, coverage (0–1, NaN where undefined) and too_few."""
    everything = found["resolved_claims"] + found["open_claims"]
    return found.assign(
        **vars(statistics.shares(moments_of(found))),
        coverage=(found["resolved_claims"] / everything).where(everything > 0),
        too_few=too_few(found["articles"], found["resolved_claims"]),
    )


def _total(codes: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(codes, weights=values, minlength=groups).astype(np.int64)
