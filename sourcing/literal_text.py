"""Texts from the data, made safe to show exactly as they are: in charts, and in any direction.

Markdown has its own rules, which depend on Streamlit (sourcing.ui.elements.markdown).
"""

import html
import unicodedata

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_OTHER_WAY = {"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def in_chart(text: object) -> str:
    """A text as Plotly draws it literally: no tag, entity or line break of its own takes effect.

    Plotly reads a few entities only. `&quot;` is not among them and would be drawn as it stands,
    so quotation marks, which need no escape in a text, are left alone.
    """
    return html.escape(isolated(" ".join(str(text).split())), quote=False)


def isolated(text: str) -> str:
    """A text whose writing direction does not affect its surroundings, as a date after a title.

    Method: isolates of Unicode Standard Annex 9; left-to-right text is returned unchanged.
    """
    if any(unicodedata.bidirectional(mark) in _OTHER_WAY for mark in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text
