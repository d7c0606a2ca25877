"""How a reader arranges a chart: order, which labels, from how many claims on. The address has it.

Only what is drawn changes; the table below a chart and its download have everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.formatting import plural
from sourcing.ui import url_state

_ORDERS = {"name": "By name", "claims": "By claims", "chosen": "As chosen"}
_MOST = 1_000_000


@dataclass(frozen=True)
class Arrangement:
    """What is drawn: order (name, claims, chosen), labels, and the least resolved claims."""

    order: str
    labels: tuple[str, ...]
    least: int


def arranged(filters: Filters, there: Sequence[str]) -> Arrangement:
    """What the address asks for, and the means to change it; there: the labels to choose from.

    `chosen` is the order in which sources stand in the filter, for which there must be several.
    """
    orders = [name for name in _ORDERS if name != "chosen" or len(filters.source) > 1]
    order = url_state.choice("order", orders, "name")
    kept = _labels(there)
    least = url_state.number("least", _MOST)
    st.segmented_control(
        "Order", orders, format_func=_ORDERS.__getitem__, key=url_state.key("order"), required=True
    )
    found = st.popover("Labels and least number of claims", on_change="rerun", key="arrange")
    if found.open:
        with found:
            _choose_labels(there, kept)
            _choose_least(least)
    return Arrangement(order, kept, least)


def _labels(there: Sequence[str]) -> tuple[str, ...]:
    """The labels that the address asks for (`show=sourced,contested`); by default all."""
    asked = url_state.text("show")
    url_state.remember("show", None)
    names = (asked or "").split(",") if asked else []
    kept = tuple(label for label in there if label in names)
    if unknown := [name for name in names if name not in codebook.LOOKS]:
        url_state.ignore("show", ",".join(unknown))
    if not kept or len(kept) == len(there):
        url_state.put("show", None)
        return tuple(there)
    url_state.put("show", ",".join(kept))
    return kept


def _choose_labels(there: Sequence[str], kept: Sequence[str]) -> None:
    widget = f"labels shown {','.join(kept)}"

    def turn() -> None:
        chosen = [label for label in there if label in st.session_state[widget]]
        url_state.put("show", ",".join(chosen) if 0 < len(chosen) < len(there) else None)

    st.pills(
        "Labels to draw",
        there,
        selection_mode="multi",
        default=list(kept),
        format_func=codebook.name,
        key=widget,
        on_change=turn,
    )


def _choose_least(least: int) -> None:
    widget = f"least claims {least}"

    def turn() -> None:
        url_state.put("least", int(st.session_state[widget]))

    st.number_input(
        "Only sources with so many resolved claims or more",
        min_value=1,
        max_value=_MOST,
        value=least,
        key=widget,
        on_change=turn,
    )


def drawn(shares: pd.DataFrame, how: Arrangement, filters: Filters) -> pd.DataFrame:
    """The rows of shares that are to be drawn, in their order; says what is left out."""
    enough = shares["resolved_claims"] >= how.least if how.least > 1 else shares["claims"] >= 0
    if gone := shares.loc[~enough, "source_id"].nunique():
        st.caption(
            f"Not drawn: {plural(gone, 'source')} with fewer than {how.least:,} resolved claims. "
            "The table and the download have all."
        )
    found = shares[enough & shares["label"].isin(how.labels)]
    if how.order == "claims":
        return found.sort_values("resolved_claims", ascending=False, kind="stable")
    if how.order == "chosen":
        place = {source: number for number, source in enumerate(filters.source)}
        return found.sort_values("source_id", key=lambda ids: ids.map(place), kind="stable")
    return found
