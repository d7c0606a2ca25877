"""Rows of a table: a grid on the screen, a plain table in print."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sourcing.formatting import plural

_PRINTED = 25
_TOO_LONG = ("url", "evidence_url")


def grid(rows: pd.DataFrame | Sequence[Mapping[str, Any]], key: str, **options: Any) -> Any:
    """`st.dataframe` without row numbers, and the first rows for print. key: of the widget."""
    frame = pd.DataFrame(rows)
    with st.container(key=f"on-paper {key}"):
        st.html(_on_paper(frame))
    return st.dataframe(frame, key=key, hide_index=True, width="stretch", **options)


def _on_paper(frame: pd.DataFrame) -> str:
    """The first rows as HTML; values that are the same in all of them are listed once below."""
    head = frame.head(_PRINTED).drop(columns=[*_TOO_LONG], errors="ignore")
    texts = head.astype(object).map(_text)
    constant = [name for name in texts if len(texts) > 1 and len(set(texts[name])) == 1]
    constants = [f"{name} {texts[name].iloc[0] or 'not given'}" for name in constant]
    notes = [f"In each row printed here: {', '.join(constants)}."] if constants else []
    if (more := len(frame) - len(head)) > 0:
        notes.append(f"{plural(more, 'more row')} in the download.")
    table = texts.drop(columns=constant)
    names = "".join(f"<th>{html.escape(str(name))}</th>" for name in table)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in table.itertuples(index=False, name=None)
    )
    return (
        f'<table class="rows"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p>{html.escape(' '.join(notes))}</p>"
    )


def _text(value: Any) -> str:
    if isinstance(value, float) and not pd.isna(value):
        return f"{value:.4g}"
    return "" if pd.isna(value) else str(value)
