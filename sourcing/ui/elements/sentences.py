"""Sentences that are not ours word for word: errors, and what the ETL says, shown literally."""

import re
from pathlib import Path

import streamlit as st

from sourcing.errors import without_folders
from sourcing.literal_text import isolated
from sourcing.warehouse.snapshots import default_path

_CODE = re.compile(r"(`[^`]+`)|((?:https?://|www\.)[^\s`]*[^\s`.,;:)])")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$&!^]|:(?=\w))")


def show_error(error: object) -> None:
    """Show an error as a sentence. The one place that draws errors."""
    st.error(shown_literally(error))


def shown_literally(text: object) -> str:
    """Markdown of a sentence for readers: no image, no link, and no folder of the server.

    A sentence may quote what a file, an address or a person says, and an image in it would be
    fetched from another host. What stands between backticks is a command and stays one.
    """
    line = without_folders(" ".join(str(text).split()), default_path(), Path.cwd())
    parts = []
    end = 0
    for match in _CODE.finditer(line):
        parts += [_MARKS.sub(r"\\\1", line[end : match.start()]), match[1] or f"`{match[2]}`"]
        end = match.end()
    return isolated("".join(parts) + _MARKS.sub(r"\\\1", line[end:]))
