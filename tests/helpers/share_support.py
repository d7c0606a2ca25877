"""Random filters, and checks of share rows against the oracle."""

import math
from dataclasses import replace
from typing import Any

import oracle
import pytest
from hypothesis import strategies as st

from sourcing.codebook import VIEWS, Basis, State
from sourcing.filters import NONE, Filters
from sourcing.statistics import Weighting

NUMBERS = ("share", "low", "high", "lowest", "highest", "coverage")


COUNTS = ("claims", "resolved_claims", "open_claims", "articles", "provisional_claims", "too_few")


LABELS = {"labels": oracle.LABELS, "attribution": oracle.ATTRIBUTIONS}


months = st.one_of(
    st.none(), st.builds("{}-{:02d}".format, st.integers(2023, 2025), st.integers(1, 12))
)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(
        st.just(()),
        st.just(()),
        st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple),
    )


all_filters = st.builds(
    Filters,
    source=some("s0", "s1"),
    kind=some("newspaper", "unknown"),
    genre=some("news", "unknown"),
    origin=some("staff", "unknown"),
    language=some("en", NONE),
    topic=some("rain", NONE),
    state=some(*State),
    basis=some(*Basis),
    since=months,
    until=months,
    view=st.sampled_from(VIEWS),
    weighting=st.sampled_from(list(Weighting)),
)


def of_several(filters: Filters, number: int) -> Filters:
    """The same filters for so many corpora side by side, whose sources have other ids."""
    sources = [f"{source}-{place}" for source in filters.source for place in range(number)]
    return replace(filters, source=tuple(sources))


def included(claim: oracle.Claim, filters: Filters) -> bool:
    """Whether the filters other than state and basis include the claim."""

    def among(values: tuple[str, ...], value: str | None) -> bool:
        return not values or (value or NONE) in values

    if filters.since or filters.until:
        if claim.months is None:
            return False
        first, last = (month.strftime("%Y-%m") for month in claim.months)
        if first < (filters.since or first) or last > (filters.until or last):
            return False
    return (
        among(filters.source, claim.source)
        and among(filters.kind, claim.kind)
        and among(filters.genre, claim.genre)
        and among(filters.origin, claim.origin)
        and among(filters.language, claim.language)
        and among(filters.topic, claim.topic)
    )


def assert_row(row: dict[str, Any], share: oracle.Share, applicable: bool = True) -> None:
    for name in COUNTS:
        assert row[name] == getattr(share, name), name
    assert row["applicable"] == applicable
    for name in NUMBERS:
        expected = getattr(share, name)
        if expected is None or (not applicable and name != "coverage"):
            assert math.isnan(row[name]), name
        else:
            assert row[name] == pytest.approx(expected, rel=1e-9, abs=1e-9), name


def group_of(claim: oracle.Claim, by: str) -> str | None:
    """The group of a claim; None if it is in none."""
    if by == "topic":
        return claim.topic or ""
    if claim.months is None:
        return None
    first, last = claim.months
    if by == "year":
        return str(first.year)
    if first != last:
        return None
    return first.strftime("%Y-%m") if by == "month" else f"{first.year}-Q{(first.month + 2) // 3}"
