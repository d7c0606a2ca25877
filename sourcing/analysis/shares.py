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
    """What shares are made of, by group and label (columns: shares.SUMMED).

    Groups are source keys, months (2026-05), quarters (2026-Q2), years, or the values themselves.
    latent: labels as a model of the annotators reads them, where a claim has three votes or more.
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
    found = queries.counts(snapshot.frame, filters, by, latent=latent)
    return share_frames.summed(found, filters.weighting, filters.view)


def shares_by_source(
    snapshot: Snapshot, filters: Filters, summed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per publisher and label, publishers by name; columns SHARES.

    share, low, high, lowest, highest and coverage are 0–1 and NaN where undefined, or where the
    label does not apply to the publisher (applicable is false). claims: resolved to this label.
    summed: `summed_shares`, where it is at hand.
    """
    found = share_frames.with_shares(summed_shares(snapshot, filters) if summed is None else summed)
    wanted = queries.wanted_publishers(snapshot, filters)
    grid = wanted.merge(pd.DataFrame({"label": codebook.labels_of(filters.view)}), how="cross")
    grid["grp"] = grid["source_key"].astype(str)
    frame = grid.merge(found, on=["grp", "label"], how="left", sort=False)
    frame["applicable"] = (frame["label"] != "self_cited") | frame["self_cited_applies"]
    return _finished(frame.rename(columns={"name": "source"}))[SHARES]


def shares_by(snapshot: Snapshot, filters: Filters, by: str) -> pd.DataFrame:
    """One row per group and label: columns `by`, then those of SHARES from label on."""
    found = share_frames.with_shares(summed_shares(snapshot, filters, by))
    found["applicable"] = found["label"] != "self_cited"
    if not found["applicable"].all():
        found["applicable"] |= queries.self_cited_applies(snapshot, filters)
    frame = _finished(found.rename(columns={"grp": by}))
    return frame[[by, *SHARES[2:]]]


_HALF = 0.5


def concentrated_sources(snapshot: Snapshot, summed: pd.DataFrame) -> list[str]:
    """Names of sources in which one article in ten holds more than half of the claims.

    There no interval is safe for a rare label (codebook section 5). Sources with fewer than ten
    articles are too few to compare anyway. summed: what shares are made of (summed_shares).
    """
    keys = set(summed.loc[summed["largest_tenth"] > _HALF, "grp"].astype(str))
    names = queries.publishers(snapshot)
    return names.loc[names["source_key"].astype(str).isin(keys), "name"].tolist()


def _finished(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename(columns={"label_claims": "claims"})
    counted = ["claims", "resolved_claims", "open_claims", "provisional_claims", "articles"]
    frame[counted] = frame[counted].fillna(0).astype("int64")
    frame["too_few"] = frame["too_few"].astype("boolean").fillna(True).astype(bool)
    frame["applicable"] = frame["applicable"].astype(bool)
    frame.loc[~frame["applicable"], _NUMBERS] = float("nan")
    return frame.reset_index(drop=True)
