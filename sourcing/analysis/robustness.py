"""The same share, or difference, under every defensible choice, one choice at a time.

A finding that holds under few of them says more about the choices than about the source.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sourcing.analysis.comparison import Side, compared, side_shares, standardised
from sourcing.codebook import VIEWS, State
from sourcing.filters import Filters, with_values
from sourcing.statistics import Weighting
from sourcing.warehouse import queries

LEAST_CLAIMS = 200
"""Claims of three labels or more without which Dawid and Skene's model plays no part."""
SHARES = (
    "choice label share low high claims resolved_claims open_claims articles holds note"
).split()
DIFFERENCES = (
    "choice label difference low high first_resolved_claims second_resolved_claims holds note"
).split()
_SEVERAL = (str(State.ADJUDICATED), str(State.UNANIMOUS), str(State.MAJORITY))
_WEIGHTINGS = {
    Weighting.CLAIM: "Each claim counts the same",
    Weighting.ARTICLE: "Each article counts the same",
    Weighting.STATEMENT: "Each distinct statement counts once",
}
_VIEWS = {"labels": "Contested before attribution", "attribution": "Attribution before contested"}
_LEFT_OUT = {
    "origin": (("wire", "syndicated"), "Without wire and syndicated copy"),
    "genre": (("opinion",), "Without opinion"),
    "needs_source": (("no",), "Without common knowledge"),
}

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Choice:
    """Another way to count. latent: labels as a model of the annotators reads them.

    note: why it cannot be made here, or that it changes nothing; empty where it counts.
    """

    title: str
    filters: Filters
    latent: bool = False
    note: str = ""


def choices(side: Side) -> Iterator[Choice]:
    """What could as well have been chosen, the choice in force first."""
    filters, present = side.filters, queries.choices(side.snapshot).present
    yield Choice("As chosen on this page", filters)
    for weighting, title in _WEIGHTINGS.items():
        if weighting is not filters.weighting:
            yield Choice(title, replace(filters, weighting=weighting))
    already = "decided by a filter already"
    note = already if filters.state else ""
    yield Choice("Without claims of a single label", replace(filters, state=_SEVERAL), note=note)
    note = already if filters.basis else ""
    yield Choice("Without labels by models", replace(filters, basis=("human",)), note=note)
    for name, (left_out, title) in _LEFT_OUT.items():
        there = present.get(name, ())
        kept = tuple(value for value in there if value not in left_out)
        note = already if getattr(filters, name) else ""
        note = note or ("changes nothing" if len(kept) == len(there) else "")
        changed = with_values(filters, name, kept)
        yield Choice(title, changed, note=note or ("" if kept else "leaves no claim"))
    other = next(view for view in VIEWS if view != filters.view)
    yield Choice(_VIEWS[other], replace(filters, view=other))
    yield Choice("Labels by Dawid and Skene's model", filters, True, _no_model(side))


def _no_model(side: Side) -> str:
    """Why labels by the model play no part here."""
    if side.filters.view != "labels":
        return "is about all four labels"
    if side.filters.state:
        return "decided by a filter already"
    found = queries.count(side.snapshot, "shares/latent_claims", side.filters)["claims"]
    return "" if found >= LEAST_CLAIMS else f"needs {LEAST_CLAIMS} claims with 3 labels"


def of_shares(side: Side) -> pd.DataFrame:
    """Shares (0–1, with intervals) under each choice; columns SHARES, a row for each label.

    holds: whether the share lies within the interval of the choice in force; empty for that choice,
    where it has no interval, and where `note` says that the choice plays no part.
    """
    frames: list[pd.DataFrame] = []
    for choice in choices(side):
        if choice.note:
            frames.append(_without_numbers(frames[0], choice.title, choice.note))
            continue
        found = side_shares(replace(side, filters=choice.filters), latent=choice.latent)
        frames.append(found.assign(choice=choice.title, note=""))
    return _judged(frames, "share", _within)[SHARES]


def of_differences(first: Side, second: Side, alike: bool = False) -> pd.DataFrame:
    """Differences (−1 to 1, second minus first) under each choice; columns DIFFERENCES.

    alike: both sides at the same mix of genre and topic, under every choice.
    holds: whether the interval says the same of the difference as under the choice in force: above
    0, below 0, or neither; else as `of_shares`.
    """
    frames: list[pd.DataFrame] = []
    pairs = zip(choices(first), choices(second), strict=True)
    for one, other in pairs:
        no_mix = "cannot be brought to the same mix" if alike and one.latent else ""
        if note := one.note or other.note or no_mix:
            frames.append(_without_numbers(frames[0], one.title, note))
            continue
        sides = replace(first, filters=one.filters), replace(second, filters=other.filters)
        found = standardised(*sides)[0] if alike else compared(*sides, latent=one.latent)
        found = found.rename(columns={"difference_low": "low", "difference_high": "high"})
        frames.append(found.assign(choice=one.title, note=""))
    return _judged(frames, "difference", _same_side)[DIFFERENCES]


def _without_numbers(first: pd.DataFrame, title: str, note: str) -> pd.DataFrame:
    """A choice that cannot be made, or changes nothing: its labels, and why; no number."""
    blank = first[["label"]].reindex(columns=first.columns)
    numbers = [name for name in first.columns if name not in ("label", "choice", "note")]
    return blank.astype(dict.fromkeys(numbers, float)).assign(choice=title, note=note)


def _judged(
    frames: Sequence[pd.DataFrame],
    value: str,
    agrees: Callable[[pd.DataFrame, pd.DataFrame], Flags],
) -> pd.DataFrame:
    """All choices as one frame, each held against the first; labels that it lacks are left out."""
    base = frames[0].set_index("label")
    counts = [name for name in base.columns if name.endswith("claims")]
    judged = []
    for place, frame in enumerate(frames):
        known = frame[frame["label"].isin(base.index)].reset_index(drop=True)
        start = base.loc[known["label"]].reset_index()
        plays = known["note"].eq("") & (place > 0)
        same = (known[[value, *counts]] == start[[value, *counts]]).all(axis=1)
        known.loc[plays & same, "note"] = "changes nothing"
        known.loc[plays & known[value].isna() & known["note"].eq(""), "note"] = "not defined"
        sure = plays & known["note"].eq("") & start["low"].notna() & known["low"].notna()
        held = pd.Series(agrees(known, start), dtype="boolean")
        judged.append(known.assign(holds=held.where(sure.to_numpy())))
    every = pd.concat(judged, ignore_index=True)
    whole = [name for name in every.columns if name.endswith(("claims", "articles"))]
    return every.astype(dict.fromkeys(whole, "Int64"))


def _within(found: pd.DataFrame, start: pd.DataFrame) -> Flags:
    return found["share"].between(start["low"], start["high"]).to_numpy(bool)


def _same_side(found: pd.DataFrame, start: pd.DataFrame) -> Flags:
    def side(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        return (frame["low"] > 0).to_numpy(np.int64) - (frame["high"] < 0).to_numpy(np.int64)

    return np.asarray(side(found) == side(start))
