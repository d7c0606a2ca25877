"""Texts of data and addresses, where Streamlit expects Markdown."""

import re

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: object) -> str:
    """Markdown that shows a text as it is, on one line.

    Else a picture in a claim, or in a link that somebody was sent, would be fetched from another
    host, and tell it who reads this.
    """
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))
