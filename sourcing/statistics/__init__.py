"""Shares, intervals, comparisons and agreement: counts in, numbers out. Pure."""

from sourcing.statistics.agreement import Agreement, Sums, agreement, sums
from sourcing.statistics.comparison import Differences, adjusted, differences
from sourcing.statistics.counts import (
    Counts,
    Floats,
    Ints,
    Moments,
    Weighting,
    divided,
    largest_tenth,
    moments,
)
from sourcing.statistics.dawid_skene import Latent, dawid_skene, decided
from sourcing.statistics.intervals import Shares, effective_size, shares, simultaneous, wilson
from sourcing.statistics.planner import articles_needed
from sourcing.statistics.ranking import Ranking, fitted, ranking
from sourcing.statistics.standardisation import cell_weights, standardised

__all__ = [
    "Agreement",
    "Counts",
    "Differences",
    "Floats",
    "Ints",
    "Latent",
    "Moments",
    "Ranking",
    "Shares",
    "Sums",
    "Weighting",
    "adjusted",
    "agreement",
    "articles_needed",
    "cell_weights",
    "dawid_skene",
    "decided",
    "differences",
    "divided",
    "effective_size",
    "fitted",
    "largest_tenth",
    "moments",
    "ranking",
    "shares",
    "simultaneous",
    "standardised",
    "sums",
    "wilson",
]
