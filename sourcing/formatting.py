"""Numbers and plurals for readers. Only here do shares (0–1) become per cent."""

from collections.abc import Sequence

import pandas as pd

UNDEFINED = "–"
"""Shown in place of an undefined number."""


def percent(share: float | None) -> str:
    """A share (0–1) in whole per cent: 7 %, <1 %, >99 %; – if undefined."""
    if share is None or pd.isna(share):
        return UNDEFINED
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def exact_percent(share: float | None) -> str:
    """A share (0–1) with one decimal, for changes smaller than a point: 7.3 %."""
    return UNDEFINED if share is None or pd.isna(share) else f"{100 * share:.1f} %"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """A count with its noun: 1 claim, 2,000 claims. nouns: an irregular plural."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def listed(words: Sequence[str], link: str = "and") -> str:
    """Words in a row: a · a and b · a, b and c. Empty if there are none."""
    *others, last = words or [""]
    return f"{', '.join(others)} {link} {last}" if others else last


def first_of(words: Sequence[str], most: int) -> str:
    """The first words of a long row, and how many more there are: a, b and 19,998 more."""
    if len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most:,} more"


def printable(text: str) -> str:
    """A text for a terminal: control characters are written out, so that they do nothing there."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )
