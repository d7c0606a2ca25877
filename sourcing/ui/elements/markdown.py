"""Texts from data and addresses, made safe as Markdown and unique as options."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from sourcing.warehouse.snapshots import published_at

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_OTHER_WAY = {"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def plain(text: object) -> str:
    """Markdown that shows a text literally, on one line.

    Otherwise an image in a claim or a link would be fetched from another host, and tell that host
    who is reading.
    """
    return isolated(_MARKS.sub(r"\\\1", " ".join(str(text).split())))


def isolated(text: str) -> str:
    """A text whose writing direction does not affect its surroundings, as a date after a title.

    Method: isolates of Unicode Standard Annex 9; left-to-right text is returned unchanged.
    """
    if any(unicodedata.bidirectional(mark) in _OTHER_WAY for mark in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; a name that occurs more than once is followed by its id.

    Streamlit identifies the options of a widget by their text.
    """
    counts = Counter(names.values())
    return {key: name if counts[name] == 1 else f"{name} ({key})" for key, name in names.items()}


def moment(snapshot_id: str) -> str:
    """When a snapshot was made, and the end of its id."""
    return f"{published_at(snapshot_id):%Y-%m-%d %H:%M} UTC · {snapshot_id[-8:]}"


def moments(snapshot_ids: Iterable[str]) -> dict[str, str]:
    """The same by id; equal texts are followed by the snapshot ids."""
    return distinct({name: moment(name) for name in snapshot_ids})
