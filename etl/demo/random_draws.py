"""Seeded random draws of whole arrays, shared by the other modules.

Each part of the generator draws from its own stream, so a change to one part does not change the
others: a demo with one more kind of label still has the same articles.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Part(IntEnum):
    """The streams of random numbers. A number is never reused for another part."""

    WORDS = 1
    ARTICLES = 2
    CLAIMS = 3
    TRUTH = 4
    ROUNDS = 5
    ANSWERS = 6
    CITATIONS = 7
    TURNS = 8


def stream(seed: int, part: Part) -> np.random.Generator:
    """The random numbers of one part of one corpus; `seed` must not be negative."""
    return np.random.Generator(np.random.PCG64([seed, int(part)]))


def uniform(rng: np.random.Generator, size: int) -> Array:
    """`size` numbers in [0, 1); single precision, which halves the memory at ten million."""
    return rng.random(size, dtype=np.float32)


def coin(rng: np.random.Generator, size: int, chance: float) -> Array:
    """`size` booleans, each true with probability `chance` (0 to 1)."""
    return uniform(rng, size) < np.float32(chance)


def code(rng: np.random.Generator, size: int, words: int) -> Array:
    """`size` codes from 1 to `words`, all equally likely."""
    kind = np.int16 if words < 2**15 else np.int32
    return rng.integers(1, words + 1, size, dtype=kind)


def weighted(rng: np.random.Generator, size: int, weights: Sequence[float]) -> Array:
    """`size` codes from 1 to `len(weights)`; the weights need not add up to 1."""
    return by_rows(uniform(rng, size), np.asarray(weights)[None, :], np.zeros(1, dtype=np.int8))


def by_rows(draws: Array, weights: Array, row: Array) -> Array:
    """A code from 1 for each draw in [0, 1), by the weights in a row of a table.

    `row` gives the row of `weights` for each draw; a single row is used for all draws.
    """
    limits = (np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    codes = np.ones(len(draws), dtype=np.int8)
    for column in range(weights.shape[1] - 1):
        codes += draws >= limits[row, column]
    return codes


def within(counts: Array) -> Array:
    """The position 0, 1, 2 … within each run, for runs of these lengths."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) - np.repeat(ends - counts, counts), dtype=np.int32)


def sparse(rng: np.random.Generator, values: Array, share: float) -> Array:
    """The codes, of which a `share` (0 to 1) is kept and the rest become 0, empty fields."""
    return np.asarray(np.where(coin(rng, len(values), share), values, values.dtype.type(0)))
