"""Texts of data and addresses, where Streamlit expects Markdown or names of options."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from sourcing.warehouse.snapshots import published_at

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_OTHER_WAY = {"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def plain(text: object) -> str:
    """Markdown that shows a text as it is, on one line.

    Else a picture in a claim, or in a link that somebody was sent, would be fetched from another
    host, and tell it who reads this.
    """
    return isolated(_MARKS.sub(r"\\\1", " ".join(str(text).split())))


def isolated(text: str) -> str:
    """A text whose direction changes nothing around it, as a day behind a Hebrew title.

    Method: Unicode Standard Annex 9, isolates; a text that runs from left to right stays as it is.
    """
    if any(unicodedata.bidirectional(mark) in _OTHER_WAY for mark in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; those that occur more than once get their id behind them.

    Streamlit tells the options of a widget apart by what a reader sees.
    """
    often = Counter(names.values())
    return {key: name if often[name] == 1 else f"{name} ({key})" for key, name in names.items()}


def moment(snapshot_id: str) -> str:
    """When a snapshot was made, and the end of its id."""
    return f"{published_at(snapshot_id):%Y-%m-%d %H:%M} UTC · {snapshot_id[-8:]}"


def moments(snapshot_ids: Iterable[str]) -> dict[str, str]:
    """The same by id; two of one minute and content have their ids behind them."""
    return distinct({name: moment(name) for name in snapshot_ids})
