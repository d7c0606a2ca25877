"""Shares, intervals, comparisons and agreement: counts in, numbers out. Pure."""

from sourcing.statistics.agreement import Agreement, Sums, agreement, sums
from sourcing.statistics.comparison import Differences, adjusted, differences
from sourcing.statistics.counts import (
    Counts,
    Floats,
    Ints,
    Moments,
    Weighting,
    largest_tenth,
    moments,
)
from sourcing.statistics.intervals import Shares, effective_size, shares, simultaneous, wilson
from sourcing.statistics.planner import articles_needed

__all__ = [
    "Agreement",
    "Counts",
    "Differences",
    "Floats",
    "Ints",
    "Moments",
    "Shares",
    "Sums",
    "Weighting",
    "adjusted",
    "agreement",
    "articles_needed",
    "differences",
    "effective_size",
    "largest_tenth",
    "moments",
    "shares",
    "simultaneous",
    "sums",
    "wilson",
]
