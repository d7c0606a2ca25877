"""Share frames for the chart tests."""

import math
from typing import Any

import pandas as pd

from sourcing.codebook import Label

Row = dict[str, Any]


def source_rows(source: str, labels: list[str] | None = None, **values: Any) -> list[Row]:
    """A source's rows of a shares frame: 40 resolved claims in 12 articles and two open claims."""
    chosen = labels or [str(label) for label in Label]
    base: Row = {
        "source_id": source,
        "source": source.title(),
        "resolved_claims": 40,
        "open_claims": 2,
        "articles": 12,
        "coverage": 40 / 42,
        "provisional_claims": 0,
        "too_few": False,
        "applicable": True,
        "title": source.title(),
    }
    numbers = dict(zip(chosen, (20, 4, 14, 2), strict=False))
    return [
        base
        | {
            "label": label,
            "claims": number,
            "share": number / 40,
            "low": max(0.0, number / 40 - 0.1),
            "high": min(1.0, number / 40 + 0.1),
            "lowest": number / 42,
            "highest": (number + 2) / 42,
        }
        | values
        for label, number in numbers.items()
    ]


UNDEFINED: Row = dict.fromkeys(["share", "low", "high", "lowest", "highest", "coverage"], math.nan)


NOTHING: Row = UNDEFINED | {
    "claims": 0,
    "resolved_claims": 0,
    "open_claims": 0,
    "articles": 0,
    "too_few": True,
}


def frame_of(*groups: list[Row]) -> pd.DataFrame:
    return pd.DataFrame([row for group in groups for row in group])


def three() -> pd.DataFrame:
    """One source with enough claims, one with too few, one with none."""
    small = source_rows("beta", too_few=True, articles=3, low=math.nan, high=math.nan)
    small[1] |= {"applicable": False, **UNDEFINED}
    return frame_of(source_rows("alpha"), small, source_rows("gamma", **NOTHING))
