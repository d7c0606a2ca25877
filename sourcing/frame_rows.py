"""The rows of a DataFrame, as Python values."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame as named tuples: values by column name."""
    return iter(frame.itertuples())


def with_none(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with None for every missing value."""
    return frame.astype(object).where(frame.notna(), None)


def row_tuples(frame: pd.DataFrame) -> Sequence[Sequence[Any]]:
    """The rows as tuples of plain Python values, None for missing ones."""
    filled = with_none(frame)
    return list(zip(*(filled[name].tolist() for name in filled.columns), strict=True))
