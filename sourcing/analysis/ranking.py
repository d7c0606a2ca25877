"""Sources ranked by shrunken shares, only where a reader asks for it (codebook section 5)."""

import pandas as pd

from sourcing import codebook, statistics
from sourcing.analysis.shares import summed_shares
from sourcing.filters import Filters
from sourcing.statistics import share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

RANKING = (
    "label rank rank_low rank_high groups source_id source shrunken shrunken_low shrunken_high "
    "share low high claims resolved_claims open_claims articles too_few"
).split()


def ranked_sources(snapshot: Snapshot, filters: Filters) -> pd.DataFrame:
    """A ranking of publishers for each label; columns RANKING, largest share first.

    Ranked by shrunken share (0–1, empirical Bayes over the sources ranked) on effective sizes.
    rank_low, rank_high: the ranks that a source has in 95 % of draws.  groups: sources that have a
    number in common cannot be told apart.  Sources too few to compare, and those to which the label
    does not apply, come last, by name, without a rank; so do all where fewer than two are left.
    """
    found = share_frames.with_shares(summed_shares(snapshot, filters, "source"))
    names = queries.wanted_publishers(snapshot, filters)
    names = names.assign(grp=names["source_key"].astype(str)).rename(columns={"name": "source"})
    labels = pd.DataFrame({"label": codebook.labels_of(filters.view)})
    named = names[["grp", "source_id", "source", "self_cited_applies"]].merge(labels, how="cross")
    named = named.merge(found, on=["grp", "label"], how="left", sort=False)
    named = named.rename(columns={"label_claims": "claims"})
    counts = ["claims", "resolved_claims", "open_claims", "articles"]
    named[counts] = named[counts].fillna(0).astype("int64")
    named["too_few"] = named["too_few"].astype("boolean").fillna(True).astype(bool)
    none = (named["label"] == "self_cited") & ~named["self_cited_applies"]
    named.loc[none, ["share", "low", "high"]] = float("nan")
    frames = [
        _of_label(named[named["label"] == label], label)
        for label in codebook.labels_of(filters.view)
    ]
    return pd.concat(frames, ignore_index=True)[RANKING]


def _of_label(found: pd.DataFrame, label: str) -> pd.DataFrame:
    applies = found["self_cited_applies"] | (label != "self_cited")
    fit = ~found["too_few"] & applies & found["size"].notna()
    some = found[fit]
    if len(some) < 2:
        return _unranked(found)
    numbers = statistics.ranking(some["share"].to_numpy(), some["size"].to_numpy())
    ranked = some.assign(
        rank=numbers.rank,
        rank_low=numbers.rank_low,
        rank_high=numbers.rank_high,
        groups=[" ".join(map(str, groups)) for groups in numbers.groups],
        shrunken=numbers.shrunken,
        shrunken_low=numbers.low,
        shrunken_high=numbers.high,
    ).sort_values("rank", kind="stable")
    return pd.concat([ranked, _unranked(found[~fit])])


def _unranked(found: pd.DataFrame) -> pd.DataFrame:
    nothing = pd.array([None] * len(found), dtype="Int64")
    return found.assign(
        rank=nothing,
        rank_low=nothing,
        rank_high=nothing,
        groups="",
        shrunken=float("nan"),
        shrunken_low=float("nan"),
        shrunken_high=float("nan"),
    )
