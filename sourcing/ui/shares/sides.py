"""Choose what to compare: two sources, two periods or two snapshots."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from sourcing.analysis.comparison import Side
from sourcing.filters import only_source
from sourcing.ui import url_state
from sourcing.ui.elements.markdown import moments
from sourcing.ui.view import View, end_page

WAYS = {"source": "Two sources", "period": "Two periods", "snapshot": "Two snapshots"}


@dataclass(frozen=True)
class Pair:
    """Two sides, their names, and how the second differs from the first in an address.

    claims: values of the address that open the claims of each side.
    """

    first: Side
    second: Side
    names: tuple[str, str]
    other_side: tuple[tuple[str, str], ...]
    claims: tuple[dict[str, Any], dict[str, Any]]


def choose_sides(view: View, way: str) -> Pair:
    """The two sides that the reader chooses; ends the page if they cannot be compared."""
    builders: dict[str, Callable[[View], Pair | None]] = {
        "source": _sources,
        "period": _periods,
        "snapshot": _snapshots,
    }
    pair = builders[way](view)
    return pair if pair is not None else end_page()


def _sources(view: View) -> Pair | None:
    names, limited = view.choices.sources, view.filters.source
    ids = list(names)
    if len(ids) < 2:
        st.info("There is only one source. Load articles of another source to compare.")
        return None
    chosen: list[str] = []
    first = [*limited, *(source for source in ids if source not in limited)]
    for column, name, default in zip(st.columns(2), "ab", first, strict=False):
        chosen.append(url_state.choice(name, ids, default))
        label = "First source" if name == "a" else "Second source"
        column.selectbox(label, ids, format_func=names.__getitem__, key=url_state.key(name))
    first_id, second_id = chosen
    if limited and set(limited) != set(chosen):
        st.caption("The filter *Sources* does not apply here. Choose the sources to compare above.")
    if first_id == second_id:
        st.info("Choose two different sources.")
        return None
    sides = [Side(view.snapshot, only_source(view.filters, source)) for source in chosen]
    claims = ({"source": [first_id]}, {"source": [second_id]})
    pair_names = (names[first_id], names[second_id])
    return Pair(sides[0], sides[1], pair_names, (("other_source", second_id),), claims)


def _periods(view: View) -> Pair | None:
    months = sorted(view.choices.present.get("month", ()))
    if len(months) < 2:
        st.info("Comparing periods needs dated articles from two months or more.")
        return None
    half = len(months) // 2
    defaults = {"a": (months[0], months[half - 1]), "b": (months[half], months[-1])}
    spans = []
    for number, (side, default) in enumerate(defaults.items()):
        columns = st.columns(2)
        span = []
        for column, end, month in zip(columns, ("since", "until"), default, strict=True):
            name = f"{side}_{end}"
            span.append(url_state.choice(name, months, month))
            words = f"{'First' if number == 0 else 'Second'} period, {_ENDS[end]}"
            column.selectbox(words, months, key=url_state.key(name))
        if span[0] > span[1]:
            st.info(f"The {'first' if number == 0 else 'second'} period ends before it begins.")
            return None
        spans.append(span)
    if spans[0] == spans[1]:
        st.info("Choose two different periods.")
        return None
    sides = [
        Side(view.snapshot, replace(view.filters, since=since, until=until))
        for since, until in spans
    ]
    names = [since if since == until else f"{since} to {until}" for since, until in spans]
    other_side = (("other_since", spans[1][0]), ("other_until", spans[1][1]))
    ways = [{"since": since, "until": until} for since, until in spans]
    return Pair(sides[0], sides[1], (names[0], names[1]), other_side, (ways[0], ways[1]))


_ENDS = {"since": "from", "until": "to"}


def _snapshots(view: View) -> Pair | None:
    other_ids = [name for name in view.snapshots() if name != view.snapshot.id]
    if not other_ids:
        st.info(
            "There is only one snapshot. After the next load or `python -m etl publish`, this page "
            "shows what changed."
        )
        return None
    older = [name for name in other_ids if name < view.snapshot.id]
    before = url_state.choice("before", other_ids, (older or other_ids)[0])
    moment_names = moments((*other_ids, view.snapshot.id))
    st.selectbox(
        "Compare this snapshot with the one of",
        other_ids,
        format_func=moment_names.__getitem__,
        key=url_state.key("before"),
    )
    sides = (Side(view.other(before), view.filters), Side(view.snapshot, view.filters))
    names = (moment_names[before], moment_names[view.snapshot.id])
    claims = ({"snapshot": before}, {"snapshot": url_state.text("snapshot")})
    return Pair(*sides, names, (("other_snapshot", view.snapshot.id),), claims)
