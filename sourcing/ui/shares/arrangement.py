"""How a reader arranges a chart: order, labels, minimum number of claims. Kept in the address.

This affects the chart only: the table below it and the download have all rows.
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
    """What is drawn: order (name, claims, chosen), labels, and the minimum of resolved claims."""

    order: str
    labels: tuple[str, ...]
    least: int


def choose_arrangement(filters: Filters, labels: Sequence[str]) -> Arrangement:
    """The arrangement in the address, with controls to change it. labels: those on offer.

    The order `chosen`, that of the filter on sources, is offered only if several are filtered.
    """
    orders = [name for name in _ORDERS if name != "chosen" or len(filters.source) > 1]
    order = url_state.choice("order", orders, "name")
    chosen_labels = _labels(labels)
    least = url_state.number("least", _MOST)
    st.segmented_control(
        "Order", orders, format_func=_ORDERS.__getitem__, key=url_state.key("order"), required=True
    )
    popover = st.popover("Labels and minimum number of claims", on_change="rerun", key="arrange")
    if popover.open:
        with popover:
            _choose_labels(labels, chosen_labels)
            _choose_least(least)
    return Arrangement(order, chosen_labels, least)


def _labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels in the address (`show=sourced,contested`); by default all."""
    value = url_state.text("show")
    url_state.remember("show", None)
    names = (value or "").split(",") if value else []
    chosen_labels = tuple(label for label in labels if label in names)
    if unknown := [name for name in names if name not in codebook.LOOKS]:
        url_state.ignore("show", ",".join(unknown))
    if not chosen_labels or len(chosen_labels) == len(labels):
        url_state.put("show", None)
        return tuple(labels)
    url_state.put("show", ",".join(chosen_labels))
    return chosen_labels


def _choose_labels(labels: Sequence[str], chosen_labels: Sequence[str]) -> None:
    widget = f"labels shown {','.join(chosen_labels)}"

    def turn() -> None:
        selected = [label for label in labels if label in st.session_state[widget]]
        url_state.put("show", ",".join(selected) if 0 < len(selected) < len(labels) else None)

    st.pills(
        "Labels to draw",
        labels,
        selection_mode="multi",
        default=list(chosen_labels),
        format_func=codebook.name,
        key=widget,
        on_change=turn,
    )


def _choose_least(least: int) -> None:
    widget = f"least claims {least}"

    def turn() -> None:
        url_state.put("least", int(st.session_state[widget]))

    st.number_input(
        "Minimum number of resolved claims",
        min_value=1,
        max_value=_MOST,
        value=least,
        key=widget,
        on_change=turn,
    )


def rows_to_draw(shares: pd.DataFrame, arrangement: Arrangement, filters: Filters) -> pd.DataFrame:
    """The rows of shares to draw, in order; says how many sources are left out."""
    least = arrangement.least
    enough = shares["resolved_claims"] >= least if least > 1 else shares["claims"] >= 0
    if omitted := shares.loc[~enough, "source_id"].nunique():
        st.caption(
            f"Not drawn: {plural(omitted, 'source')} with fewer than {least:,} resolved claims. "
            "The table and the download have all sources."
        )
    rows = shares[enough & shares["label"].isin(arrangement.labels)]
    if arrangement.order == "claims":
        return rows.sort_values("resolved_claims", ascending=False, kind="stable")
    if arrangement.order == "chosen":
        place = {source: number for number, source in enumerate(filters.source)}
        return rows.sort_values("source_id", key=lambda ids: ids.map(place), kind="stable")
    return rows
