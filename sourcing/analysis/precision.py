"""The precision of shares, and how many more articles would improve it."""

import pandas as pd

from sourcing import codebook, statistics
from sourcing.analysis.shares import summed_shares
from sourcing.filters import Filters
from sourcing.statistics import share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

HALF_WIDTHS = {"more_for_10": 0.10, "more_for_5": 0.05, "more_for_2": 0.02}
"""Columns of `precision` and the half-widths (0–1) that they plan for."""
PRECISION = (
    "source_id source label share low high joint_low joint_high effective_size resolved_claims "
    "articles"
).split() + list(HALF_WIDTHS)


def share_precision(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """One row for each publisher and label; columns PRECISION.

    joint_low, joint_high: intervals (0–1) that hold for all labels of the source together.
    effective_size: n*, the effective number of independent claims.  more_for_…: how many more
    articles are needed for an interval of ± 10, 5 or 2 points, if they are like those so far.
    Missing with fewer than two articles, and for a label that does not apply.
    """
    rows = summed_shares(snapshot, filters, "source")
    moments = share_frames.moments_of(rows)
    labels = codebook.labels_of(filters.view)
    low, high = statistics.simultaneous(moments, len(labels))
    rows = share_frames.with_shares(rows).assign(joint_low=low, joint_high=high)
    for name, half_width in HALF_WIDTHS.items():
        more = statistics.articles_needed(moments, half_width)
        rows[name] = pd.array(more, dtype="Float64").astype("Int64")
    names = queries.chosen_publishers(snapshot, filters)
    names = names.assign(grp=names["source_key"].astype(str)).rename(columns={"name": "source"})
    named = names[["grp", "source_id", "source", "self_cited_applies"]].merge(rows, on="grp")
    none = ~codebook.applies(named["label"], named["self_cited_applies"])
    undefined = ["share", "low", "high", "joint_low", "joint_high", "size", *HALF_WIDTHS]
    named.loc[none, undefined] = pd.NA
    return named.rename(columns={"size": "effective_size"})[PRECISION]
