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
"""The columns of a side's share of a label, without the label itself."""
COMPARED = [
    "label",
    *(f"{side}_{name}" for side in ("first", "second") for name in OF_SIDE),
    *("difference", "difference_low", "difference_high", "p", "p_adjusted", "comparisons"),
]
LEVEL = 0.05
"""Differences with an adjusted p below this are significant."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a snapshot under filters."""

    snapshot: Snapshot
    filters: Filters


@dataclass(frozen=True)
class Mix:
    """The share (0–1) of each side's resolved claims in cells of genre and topic that both have.

    cells: the number of these cells.
    """

    cells: int
    first: float
    second: float


def side_shares(side: Side, *, latent: bool = False) -> pd.DataFrame:
    """Shares of a side as a whole: columns label, share, low, high, claims, … and too_few."""
    rows = _summed(side, latent)
    numbers = _only_applicable(side, rows, statistics.shares(share_frames.moments_of(rows)))
    return _of_side(rows, numbers)


def compared(first: Side, second: Side, *, latent: bool = False) -> pd.DataFrame:
    """The differences between two sides; columns COMPARED, one row for each label.

    Shares and intervals are 0–1, differences −1 to 1. They are NaN where undefined, and for a label
    that does not apply to a side. p_adjusted: after Benjamini and Hochberg; `comparisons` is the
    number of labels with a p.  latent: use the labels estimated by Dawid and Skene's model.
    """
    rows = [_summed(side, latent) for side in (first, second)]
    both = [statistics.shares(share_frames.moments_of(frame)) for frame in rows]
    return _frame(first, second, rows, both)


def standardised(first: Side, second: Side) -> tuple[pd.DataFrame, Mix]:
    """The same with both sides standardised to their joint mix of genre and topic.

    Cells that one side lacks are left out. Without a common cell all shares are NaN.
    """
    counts_by_cell = [
        queries.counts(side.snapshot.frame, side.filters, "stratum") for side in (first, second)
    ]
    keys = pd.Index(pd.concat([rows["grp"] for rows in counts_by_cell])).unique().sort_values()
    view, weighting = first.filters.view, first.filters.weighting
    counts = [
        share_frames.counted(rows, keys.get_indexer(rows["grp"]), len(keys), view)
        for rows in counts_by_cell
    ]
    sizes = [statistics.cell_weights(part, weighting) for part in counts]
    common = (sizes[0] > 0) & (sizes[1] > 0)
    total = np.where(common, sizes[0] + sizes[1], 0.0)
    parts = [_part_in(part, common) for part in counts]
    wholes = [_summed(side, latent=False) for side in (first, second)]
    if not common.any():
        nothing = np.full(len(wholes[0]), np.nan)
        both = [Shares(*[nothing] * 6)] * 2
    else:
        mix = total / total.sum()
        both = [statistics.shares(statistics.standardised(part, weighting, mix)) for part in counts]
    return _frame(first, second, wholes, both), Mix(int(common.sum()), *parts)


def _part_in(counts: statistics.Counts, cells: np.ndarray) -> float:
    """The share (0–1) of all resolved claims that lies in these cells; 0 without any."""
    resolved = counts.labels.sum(axis=1)
    return float(resolved[cells[counts.group]].sum() / max(resolved.sum(), 1))


def _summed(side: Side, latent: bool) -> pd.DataFrame:
    """The sums behind the shares of a whole side, one row for each label, even without claims."""
    rows = queries.counts(side.snapshot.frame, side.filters, "all", latent=latent)
    summed = share_frames.summed(rows, side.filters.weighting, side.filters.view)
    labels = pd.DataFrame({"label": codebook.labels_of(side.filters.view)})
    whole = labels.merge(summed, on="label", how="left")
    numbers = [
        name for name in share_frames.SUMMED if name not in ("grp", "label", "largest_tenth")
    ]
    whole[numbers] = whole[numbers].fillna(0)
    return whole


def _frame(
    first: Side, second: Side, rows: Sequence[pd.DataFrame], both: Sequence[Shares]
) -> pd.DataFrame:
    numbers = [
        _only_applicable(side, frame, values)
        for side, frame, values in zip((first, second), rows, both, strict=True)
    ]
    sides = [_of_side(frame, values) for frame, values in zip(rows, numbers, strict=True)]
    differences = statistics.differences(*numbers)
    return pd.DataFrame(
        {
            "label": sides[0]["label"],
            **{f"first_{name}": sides[0][name] for name in sides[0].columns[1:]},
            **{f"second_{name}": sides[1][name] for name in sides[1].columns[1:]},
            "difference": differences.difference,
            "difference_low": differences.low,
            "difference_high": differences.high,
            "p": differences.p,
            "p_adjusted": statistics.adjusted(differences.p),
            "comparisons": int((~np.isnan(differences.p)).sum()),
        }
    )[COMPARED]


def _of_side(rows: pd.DataFrame, numbers: Shares) -> pd.DataFrame:
    """One row for each label; columns label and OF_SIDE."""
    counted = rows.rename(columns={"label_claims": "claims"})[list(_COUNTS)].astype("int64")
    few = too_few(int(counted["articles"].max()), int(counted["resolved_claims"].max()))
    parts = {"label": rows["label"], **{name: getattr(numbers, name) for name in _SHARES}}
    return pd.DataFrame(parts).join(counted).assign(too_few=few)


def _only_applicable(side: Side, frame: pd.DataFrame, numbers: Shares) -> Shares:
    """Make self_cited undefined, not 0, if it does not apply to any source of the side."""
    anywhere = queries.self_cited_applies(side.snapshot, side.filters)
    defined = codebook.applies(frame["label"].to_numpy(), anywhere)
    return Shares(*(np.where(defined, values, np.nan) for values in vars(numbers).values()))
