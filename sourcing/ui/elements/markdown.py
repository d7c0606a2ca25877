"""Texts from data and addresses, made safe as Markdown and unique as options."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from sourcing.literal_text import isolated
from sourcing.warehouse.snapshots import published_at

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_REPLACED = re.compile(r"(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)|:streamlit:")
_WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    """Markdown that shows a text literally, on one line.

    Otherwise an image in a claim or a link would be fetched from another host, and tell that host
    who is reading.
    """
    line = " ".join(str(text).split())
    # Streamlit replaces arrows, dashes and its own name even where they are escaped. An invisible
    # character within them is all that stops it.
    line = _REPLACED.sub(lambda found: found[0][0] + _WORD_JOINER + found[0][1:], line)
    return isolated(_MARKS.sub(r"\\\1", line))


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
