"""Analyses, one module each: rows from queries, numbers from statistics, a frame as the result."""

from sourcing.analysis import (
    agreement,
    changes,
    comparison,
    precision,
    ranking,
    robustness,
    shares,
)

__all__ = ["agreement", "changes", "comparison", "precision", "ranking", "robustness", "shares"]
