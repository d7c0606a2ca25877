"""Shares and differences under every defensible choice, changing one choice at a time.

A result that holds under few of them says more about the choices than about the source.
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
"""Dawid and Skene's model needs at least this many claims with three labels or more."""
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
    """A way to count. latent: use the labels estimated by Dawid and Skene's model.

    note: why the choice cannot be made here, or that it changes nothing; empty if it counts.
    """

    title: str
    filters: Filters
    latent: bool = False
    note: str = ""


def choices(side: Side) -> Iterator[Choice]:
    """All defensible choices, the one in force first."""
    filters, present = side.filters, queries.choices(side.snapshot).present
    yield Choice("As chosen on this page", filters)
    for weighting, title in _WEIGHTINGS.items():
        if weighting is not filters.weighting:
            yield Choice(title, replace(filters, weighting=weighting))
    set_already = "decided by a filter already"
    note = set_already if filters.state else ""
    yield Choice("Without claims of a single label", replace(filters, state=_SEVERAL), note=note)
    note = set_already if filters.basis else ""
    yield Choice("Without labels by models", replace(filters, basis=("human",)), note=note)
    for name, (left_out, title) in _LEFT_OUT.items():
        values = present.get(name, ())
        remaining = tuple(value for value in values if value not in left_out)
        note = set_already if getattr(filters, name) else ""
        note = note or ("changes nothing" if len(remaining) == len(values) else "")
        changed = with_values(filters, name, remaining)
        yield Choice(title, changed, note=note or ("" if remaining else "leaves no claim"))
    other_view = next(view for view in VIEWS if view != filters.view)
    yield Choice(_VIEWS[other_view], replace(filters, view=other_view))
    yield Choice("Labels by Dawid and Skene's model", filters, True, _no_model(side))


def _no_model(side: Side) -> str:
    """Why labels by the model cannot be used here; empty if they can."""
    if side.filters.view != "labels":
        return "is about all labels"
    if side.filters.state:
        return "decided by a filter already"
    claims = queries.count(side.snapshot, "shares/latent_claims", side.filters)["claims"]
    return "" if claims >= LEAST_CLAIMS else f"needs {LEAST_CLAIMS} claims with 3 labels"


def of_shares(side: Side) -> pd.DataFrame:
    """Shares (0–1, with intervals) under each choice; columns SHARES, one row for each label.

    holds: whether the share lies within the interval of the choice in force; missing for that
    choice itself, if it has no interval, and if `note` says that the choice does not count.
    """
    frames: list[pd.DataFrame] = []
    for choice in choices(side):
        if choice.note:
            frames.append(_without_numbers(frames[0], choice.title, choice.note))
            continue
        shares = side_shares(replace(side, filters=choice.filters), latent=choice.latent)
        frames.append(shares.assign(choice=choice.title, note=""))
    return _judged(frames, "share", _within)[SHARES]


def of_differences(first: Side, second: Side, alike: bool = False) -> pd.DataFrame:
    """Differences (−1 to 1, second minus first) under each choice; columns DIFFERENCES.

    alike: both sides at the same mix of genre and topic, under every choice.
    holds: whether the interval lies above 0, below 0 or neither, as under the choice in force;
    otherwise as in `of_shares`.
    """
    frames: list[pd.DataFrame] = []
    pairs = zip(choices(first), choices(second), strict=True)
    for choice, second_choice in pairs:
        no_mix = "cannot be brought to the same mix" if alike and choice.latent else ""
        if note := choice.note or second_choice.note or no_mix:
            frames.append(_without_numbers(frames[0], choice.title, note))
            continue
        sides = (
            replace(first, filters=choice.filters),
            replace(second, filters=second_choice.filters),
        )
        rows = standardised(*sides)[0] if alike else compared(*sides, latent=choice.latent)
        rows = rows.rename(columns={"difference_low": "low", "difference_high": "high"})
        frames.append(rows.assign(choice=choice.title, note=""))
    return _judged(frames, "difference", _same_side)[DIFFERENCES]


def _without_numbers(first: pd.DataFrame, title: str, note: str) -> pd.DataFrame:
    """The rows of a choice that cannot be made or changes nothing: labels and note, no numbers."""
    blank = first[["label"]].reindex(columns=first.columns)
    numbers = [name for name in first.columns if name not in ("label", "choice", "note")]
    return blank.astype(dict.fromkeys(numbers, float)).assign(choice=title, note=note)


def _judged(
    frames: Sequence[pd.DataFrame],
    value: str,
    agrees: Callable[[pd.DataFrame, pd.DataFrame], Flags],
) -> pd.DataFrame:
    """All choices in one frame, each compared with the first; labels that it lacks are left out."""
    base = frames[0].set_index("label")
    counts = [name for name in base.columns if name.endswith("claims")]
    judged = []
    for place, frame in enumerate(frames):
        rows = frame[frame["label"].isin(base.index)].reset_index(drop=True)
        start = base.loc[rows["label"]].reset_index()
        counting = rows["note"].eq("") & (place > 0)
        unchanged = (rows[[value, *counts]] == start[[value, *counts]]).all(axis=1)
        rows.loc[counting & unchanged, "note"] = "changes nothing"
        rows.loc[counting & rows[value].isna() & rows["note"].eq(""), "note"] = "not defined"
        comparable = counting & rows["note"].eq("") & start["low"].notna() & rows["low"].notna()
        verdicts = pd.Series(agrees(rows, start), dtype="boolean")
        judged.append(rows.assign(holds=verdicts.where(comparable.to_numpy())))
    every = pd.concat(judged, ignore_index=True)
    whole = [name for name in every.columns if name.endswith(("claims", "articles"))]
    return every.astype(dict.fromkeys(whole, "Int64"))


def _within(rows: pd.DataFrame, start: pd.DataFrame) -> Flags:
    return rows["share"].between(start["low"], start["high"]).to_numpy(bool)


def _same_side(rows: pd.DataFrame, start: pd.DataFrame) -> Flags:
    def side(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        return (frame["low"] > 0).to_numpy(np.int64) - (frame["high"] < 0).to_numpy(np.int64)

    return np.asarray(side(rows) == side(start))
