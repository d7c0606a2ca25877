"""Two sides and how far their shares differ: two sources, two periods or two snapshots.

A side is a snapshot under filters. Differences are second minus first (codebook section 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sourcing import codebook, statistics
from sourcing.codebook import too_few
from sourcing.filters import Filters
from sourcing.statistics import Shares, share_frames
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

_SHARES = ("share", "low", "high", "lowest", "highest")
_COUNTS = ("claims", "resolved_claims", "open_claims", "provisional_claims", "articles")
OF_SIDE = (*_SHARES, *_COUNTS, "too_few")
"""What is known of a side's share of a label, but for the label."""
COMPARED = [
    "label",
    *(f"{side}_{name}" for side in ("first", "second") for name in OF_SIDE),
    *("difference", "difference_low", "difference_high", "p", "p_adjusted", "comparisons"),
]
LEVEL = 0.05
"""Differences with an adjusted p below this are more than chance would give."""


@dataclass(frozen=True)
class Side:
    """What is compared: a snapshot under filters."""

    snapshot: Snapshot
    filters: Filters


@dataclass(frozen=True)
class Mix:
    """What part of the resolved claims (0–1) lies in cells of genre and topic that both sides have.

    cells: how many there are.
    """

    cells: int
    first: float
    second: float


def side_shares(side: Side, *, latent: bool = False) -> pd.DataFrame:
    """Shares of a side as a whole: columns label, share, low, high, claims, … and too_few."""
    found = _summed(side, latent)
    numbers = _only_applicable(side, found, statistics.shares(share_frames.moments_of(found)))
    return _of_side(found, numbers)


def compared(first: Side, second: Side, *, latent: bool = False) -> pd.DataFrame:
    """How far two sides differ; columns COMPARED, a row for each label.

    Shares, intervals and differences are 0–1 (differences −1 to 1) and NaN where undefined, also
    for a label that does not apply to a side. p_adjusted: after Benjamini and Hochberg, for as many
    `comparisons` as have a p.  latent: labels as a model of the annotators reads them.
    """
    found = [_summed(side, latent) for side in (first, second)]
    both = [statistics.shares(share_frames.moments_of(frame)) for frame in found]
    return _frame(first, second, found, both)


def standardised(first: Side, second: Side) -> tuple[pd.DataFrame, Mix]:
    """The same at one mix of genre and topic: that of both sides together.

    Cells that one side lacks are left out; where there is no common one, all shares are NaN.
    """
    rows = [
        queries.counts(side.snapshot.frame, side.filters, "stratum") for side in (first, second)
    ]
    keys = pd.Index(pd.concat([part["grp"] for part in rows])).unique().sort_values()
    view, weighting = first.filters.view, first.filters.weighting
    counts = [
        share_frames.counted(part, keys.get_indexer(part["grp"]), len(keys), view) for part in rows
    ]
    sizes = [statistics.cell_weights(part, weighting) for part in counts]
    common = (sizes[0] > 0) & (sizes[1] > 0)
    total = np.where(common, sizes[0] + sizes[1], 0.0)
    parts = [_part_in(part, common) for part in counts]
    found = [_summed(side, latent=False) for side in (first, second)]
    if not common.any():
        nothing = np.full(len(found[0]), np.nan)
        both = [Shares(*[nothing] * 6)] * 2
    else:
        mix = total / total.sum()
        both = [statistics.shares(statistics.standardised(part, weighting, mix)) for part in counts]
    return _frame(first, second, found, both), Mix(int(common.sum()), *parts)


def _part_in(counts: statistics.Counts, cells: np.ndarray) -> float:
    """The part (0–1) of all resolved claims that lies in these cells; 0 where there is none."""
    resolved = counts.labels.sum(axis=1)
    return float(resolved[cells[counts.group]].sum() / max(resolved.sum(), 1))


def _summed(side: Side, latent: bool) -> pd.DataFrame:
    """What shares of the whole side are made of: a row for each label, also without a claim."""
    rows = queries.counts(side.snapshot.frame, side.filters, "all", latent=latent)
    found = share_frames.summed(rows, side.filters.weighting, side.filters.view)
    labels = pd.DataFrame({"label": codebook.labels_of(side.filters.view)})
    whole = labels.merge(found, on="label", how="left")
    numbers = [
        name for name in share_frames.SUMMED if name not in ("grp", "label", "largest_tenth")
    ]
    whole[numbers] = whole[numbers].fillna(0)
    return whole


def _frame(
    first: Side, second: Side, found: Sequence[pd.DataFrame], both: Sequence[Shares]
) -> pd.DataFrame:
    numbers = [
        _only_applicable(side, frame, values)
        for side, frame, values in zip((first, second), found, both, strict=True)
    ]
    sides = [_of_side(frame, values) for frame, values in zip(found, numbers, strict=True)]
    apart = statistics.differences(*numbers)
    return pd.DataFrame(
        {
            "label": sides[0]["label"],
            **{f"first_{name}": sides[0][name] for name in sides[0].columns[1:]},
            **{f"second_{name}": sides[1][name] for name in sides[1].columns[1:]},
            "difference": apart.difference,
            "difference_low": apart.low,
            "difference_high": apart.high,
            "p": apart.p,
            "p_adjusted": statistics.adjusted(apart.p),
            "comparisons": int((~np.isnan(apart.p)).sum()),
        }
    )[COMPARED]


def _of_side(found: pd.DataFrame, numbers: Shares) -> pd.DataFrame:
    """A row for each label: label and OF_SIDE."""
    counted = found.rename(columns={"label_claims": "claims"})[list(_COUNTS)].astype("int64")
    few = too_few(int(counted["articles"].max()), int(counted["resolved_claims"].max()))
    parts = {"label": found["label"], **{name: getattr(numbers, name) for name in _SHARES}}
    return pd.DataFrame(parts).join(counted).assign(too_few=few)


def _only_applicable(side: Side, frame: pd.DataFrame, numbers: Shares) -> Shares:
    """Where self_cited does not apply to any source of a side, its share is not 0 but undefined."""
    applies = queries.self_cited_applies(side.snapshot, side.filters)
    none = (frame["label"] == "self_cited").to_numpy() & (not applies)
    return Shares(*(np.where(none, np.nan, values) for values in vars(numbers).values()))
