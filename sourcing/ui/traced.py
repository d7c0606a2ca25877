"""What is counted here: where the numbers of a block come from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from sourcing import labels, queries
from sourcing.comparisons import Side
from sourcing.filters import LISTED
from sourcing.ui.figures import facts
from sourcing.ui.links import links
from sourcing.ui.page import View
from sourcing.ui.texts import plain

SAMPLE_NOTE = (
    "A share says how a source attributes what it states, not whether it is true. Unless the "
    "articles were drawn at random, it describes this sample, not the outlet."
)


def counted_here(view: View, sides: Sequence[Side], words: str, key: str) -> None:
    """Folded away; nothing is counted before a reader asks. words: the sentence.

    Filters on which rows a list shows play no part: what is counted is what shares rest on.
    """
    name = "What is counted here"
    found = st.expander(name, key=f"counted {key}", on_change="rerun", type="compact")
    if not found.open:
        return
    with found:
        st.markdown(plain(words))
        for side in sides:
            used = replace(side, filters=side.filters.without((*LISTED, "search")))
            facts(_facts(used))
            links(view, "counted", used.filters, snapshot=used.snapshot)
        st.caption(SAMPLE_NOTE)


def _facts(side: Side) -> list[tuple[str, str | None]]:
    whole = queries.counted(side.snapshot, side.filters).iloc[0]
    status = queries.status(side.snapshot)
    closed = {state: int(whole[state]) for state in labels.RESOLVED_STATES}
    still_open = {state: int(whole[state]) for state in labels.OPEN_STATES}
    only = side.filters.list_sentence(queries.choices(side.snapshot).sources)
    annotators = (_number(whole["people"], "person", "people"), _number(whole["models"], "model"))
    return [
        ("Snapshot", side.snapshot.id),
        ("Codebook", f"version {status['codebook_version']}"),
        ("Articles", f"{whole['articles']:,}"),
        ("Claims", f"{whole['claims']:,}"),
        ("Resolved", _listed(closed)),
        ("Open", _listed(still_open)),
        ("Provisional", f"{whole['provisional_claims']:,} labelled by models only"),
        ("Annotators", ", ".join(annotators)),
        ("Only", only if only != "All." else None),
    ]


def _listed(states: dict[Any, int]) -> str:
    named = [f"{labels.STATE_NAMES[state].lower()} {count:,}" for state, count in states.items()]
    return f"{sum(states.values()):,} ({', '.join(named)})"


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
