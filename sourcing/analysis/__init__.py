"""One module a result: rows from queries, numbers from statistics, a frame for page and CSV."""

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
