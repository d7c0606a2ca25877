"""Sources ranked by shrunken shares, shown only on request (codebook section 5)."""

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
    rank_low, rank_high: the ranks that a source has in 95 % of draws.  groups: sources that share a
    group number cannot be told apart.  Sources that are too few to compare, or to which the label
    does not apply, come last by name and have no rank. If fewer than two remain, none has a rank.
    """
    shares = share_frames.with_shares(summed_shares(snapshot, filters, "source"))
    names = queries.chosen_publishers(snapshot, filters)
    names = names.assign(grp=names["source_key"].astype(str)).rename(columns={"name": "source"})
    labels = pd.DataFrame({"label": codebook.labels_of(filters.view)})
    named = names[["grp", "source_id", "source", "self_cited_applies"]].merge(labels, how="cross")
    named = named.merge(shares, on=["grp", "label"], how="left", sort=False)
    named = named.rename(columns={"label_claims": "claims"})
    counts = ["claims", "resolved_claims", "open_claims", "articles"]
    named[counts] = named[counts].fillna(0).astype("int64")
    named["too_few"] = named["too_few"].astype("boolean").fillna(True).astype(bool)
    applicable = codebook.applies(named["label"], named["self_cited_applies"])
    named.loc[~applicable, ["share", "low", "high"]] = float("nan")
    frames = [
        _of_label(named[named["label"] == label], label)
        for label in codebook.labels_of(filters.view)
    ]
    return pd.concat(frames, ignore_index=True)[RANKING]


def _of_label(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    applicable = codebook.applies(label, rows["self_cited_applies"])
    eligible = ~rows["too_few"] & applicable & rows["size"].notna()
    candidates: pd.DataFrame = rows[eligible]
    if len(candidates) < 2:
        return _unranked(rows)
    numbers = statistics.ranking(candidates["share"].to_numpy(), candidates["size"].to_numpy())
    ranked = candidates.assign(
        rank=numbers.rank,
        rank_low=numbers.rank_low,
        rank_high=numbers.rank_high,
        groups=[" ".join(map(str, groups)) for groups in numbers.groups],
        shrunken=numbers.shrunken,
        shrunken_low=numbers.low,
        shrunken_high=numbers.high,
    ).sort_values("rank", kind="stable")
    return pd.concat([ranked, _unranked(rows[~eligible])])


def _unranked(rows: pd.DataFrame) -> pd.DataFrame:
    missing = pd.array([None] * len(rows), dtype="Int64")
    return rows.assign(
        rank=missing,
        rank_low=missing,
        rank_high=missing,
        groups="",
        shrunken=float("nan"),
        shrunken_low=float("nan"),
        shrunken_high=float("nan"),
    )
