"""Shares as tables: by source, and by month, quarter, year or topic."""

import pandas as pd

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.statistics import share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

SHARES = (
    "source_id source label claims resolved_claims open_claims articles share low high lowest "
    "highest coverage provisional_claims too_few applicable"
).split()
_NUMBERS = ["share", "low", "high", "lowest", "highest"]


def summed_shares(
    snapshot: Snapshot, filters: Filters, by: str = "source", *, latent: bool = False
) -> pd.DataFrame:
    """The sums behind shares, by group and label (columns: share_frames.SUMMED).

    Groups are source keys, months (2026-05), quarters (2026-Q2), years, or the values themselves.
    latent: use Dawid and Skene's labels for claims with three votes or more.
    """
    if by == "source" and filters.plain and not latent:
        return snapshot.frame(
            "shares/source_moments",
            {
                "sources": list(filters.source) or None,
                "view": filters.view,
                "weighting": str(filters.weighting),
            },
        )
    counts = queries.counts(snapshot.frame, filters, by, latent=latent)
    return share_frames.summed(counts, filters.weighting, filters.view)


def shares_by_source(
    snapshot: Snapshot, filters: Filters, summed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per publisher and label, publishers by name; columns SHARES.

    share, low, high, lowest, highest and coverage are 0–1 and NaN where undefined. The first five
    are also NaN where the label does not apply to the publisher (applicable is false). claims:
    resolved to this label. summed: the result of `summed_shares`, if at hand.
    """
    shares = share_frames.with_shares(
        summed_shares(snapshot, filters) if summed is None else summed
    )
    publishers = queries.chosen_publishers(snapshot, filters)
    grid = publishers.merge(pd.DataFrame({"label": codebook.labels_of(filters.view)}), how="cross")
    grid["grp"] = grid["source_key"].astype(str)
    frame = grid.merge(shares, on=["grp", "label"], how="left", sort=False)
    frame["applicable"] = codebook.applies(frame["label"], frame["self_cited_applies"])
    return _finished(frame.rename(columns={"name": "source"}))[SHARES]


def shares_by(snapshot: Snapshot, filters: Filters, by: str) -> pd.DataFrame:
    """One row per group and label: columns `by`, then those of SHARES from label on."""
    shares = share_frames.with_shares(summed_shares(snapshot, filters, by))
    shares["applicable"] = codebook.applies(shares["label"], False)
    if not shares["applicable"].all():
        anywhere = queries.self_cited_applies(snapshot, filters)
        shares["applicable"] = codebook.applies(shares["label"], anywhere)
    frame = _finished(shares.rename(columns={"grp": by}))
    return frame[[by, *SHARES[2:]]]


_HALF = 0.5


def concentrated_sources(snapshot: Snapshot, summed: pd.DataFrame) -> list[str]:
    """Ids of sources in which one article in ten holds more than half of the claims.

    No interval is then safe for a rare label (codebook section 5). Sources with fewer than ten
    articles are too few to compare anyway. summed: the result of `summed_shares`.
    """
    keys = set(summed.loc[summed["largest_tenth"] > _HALF, "grp"].astype(str))
    names = queries.publishers(snapshot)
    return names.loc[names["source_key"].astype(str).isin(keys), "source_id"].tolist()


def _finished(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename(columns={"label_claims": "claims"})
    counted = ["claims", "resolved_claims", "open_claims", "provisional_claims", "articles"]
    frame[counted] = frame[counted].fillna(0).astype("int64")
    frame["too_few"] = frame["too_few"].astype("boolean").fillna(True).astype(bool)
    frame["applicable"] = frame["applicable"].astype(bool)
    frame.loc[~frame["applicable"], _NUMBERS] = float("nan")
    return frame.reset_index(drop=True)
