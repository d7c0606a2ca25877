"""Small pieces of a page: figures on top, facts, the legend."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sourcing.codebook import LOOKS
from sourcing.formatting import plural


def figures(values: Sequence[tuple[str, str, str]]) -> None:
    """Figures on top of a page: name, value, a few words below."""
    items = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}"
        f"<small>{html.escape(words) or '&nbsp;'}</small></dd></div>"
        for name, value, words in values
    )
    st.html(f'<dl class="figures">{items}</dl>')


def facts(values: Sequence[tuple[str, str | None]]) -> None:
    """Facts about one thing: name and value; unknown values are left out."""
    items = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd>"
        for name, value in values
        if value is not None and not pd.isna(value) and str(value)
    )
    st.html(f'<dl class="facts">{items}</dl>')


def legend(labels: Sequence[str]) -> None:
    """The labels with their colours and patterns."""
    items = "".join(
        f'<li title="{html.escape(LOOKS[label].definition)}">'
        f'<i class="pattern-{LOOKS[label].pattern_name}"'
        f' style="background-color:{LOOKS[label].colour}"></i>'
        f"{html.escape(LOOKS[label].name)}</li>"
        for label in labels
    )
    st.html(f'<ul class="legend">{items}</ul>')


def part_of_claims(part: int, total: int) -> str:
    """The share of all claims, in words; empty if there are no claims."""
    if not total:
        return ""
    share = 100 * part / total
    return f"{'>99' if 99.5 <= share < 100 else f'{share:.0f}'} % of claims"


def last_load(status: Mapping[str, Any]) -> str:
    """When the last load was, in words; status: as queries.status, without one after an undo."""
    moment = status["last_load"]
    return "none that counts" if pd.isna(moment) else f"{moment:%Y-%m-%d %H:%M} UTC"


def holdings(status: Mapping[str, Any]) -> str:
    """What a snapshot holds, in words; status: as queries.status."""
    nouns = ("source", "article", "claim", "citation", "label")
    return ", ".join(plural(int(status[f"{noun}s"]), noun) for noun in nouns)
