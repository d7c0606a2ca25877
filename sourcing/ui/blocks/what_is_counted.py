"""What is counted here: where the numbers of a block come from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from sourcing import codebook
from sourcing.analysis.comparison import Side, side_shares
from sourcing.filters import LISTED
from sourcing.formatting import plural
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.figures import facts
from sourcing.ui.elements.markdown import plain
from sourcing.ui.view import View
from sourcing.warehouse import queries

_NAME = "What is counted here"


def counted_here(view: View, sides: Sequence[Side], words: str, key: str) -> None:
    """Folded away; nothing is counted before a reader asks. words: the sentence.

    Filters on which rows a list shows play no part: what is counted is what shares rest on.
    """
    found = st.expander(_NAME, key=f"counted {key}", on_change="rerun", type="compact")
    if not found.open:
        return
    with found:
        st.markdown(plain(words))
        for side in sides:
            used = replace(side, filters=side.filters.without((*LISTED, "search")))
            facts(_facts(used))
            links(view, "counted", used.filters, snapshot=used.snapshot)
        st.caption(codebook.CAUTION)


def _facts(side: Side) -> list[tuple[str, str | None]]:
    whole = queries.counted(side.snapshot, side.filters).iloc[0]
    status = queries.status(side.snapshot)
    closed = {state: int(whole[state]) for state in codebook.RESOLVED_STATES}
    still_open = {state: int(whole[state]) for state in codebook.OPEN_STATES}
    only = side.filters.list_sentence(queries.choices(side.snapshot).sources)
    annotators = (plural(whole["people"], "person", "people"), plural(whole["models"], "model"))
    return [
        ("Snapshot", side.snapshot.id),
        ("Codebook", f"version {status['codebook_version']}"),
        ("Articles", _articles(int(whole["articles"]), side)),
        ("Claims", f"{whole['claims']:,}"),
        ("Resolved", _listed(closed)),
        ("Open", _listed(still_open)),
        ("Provisional", f"{whole['provisional_claims']:,} labelled by models only"),
        ("Annotators", ", ".join(annotators)),
        ("Only", only if only != "All." else None),
    ]


def _articles(every: int, side: Side) -> str:
    """How many articles there are, and how many of them shares count, where that is not all."""
    resolved = int(side_shares(side)["articles"].max())
    rest = f"; shares count the {resolved:,} with a resolved claim" if resolved < every else ""
    return f"{every:,}{rest}"


def of_record(view: View, words: str, key: str) -> None:
    """The same, folded away, for what is shown as it was recorded, where nothing is counted."""
    found = st.expander(_NAME, key=f"counted {key}", on_change="rerun", type="compact")
    if found.open:
        with found:
            st.markdown(plain(words))
            version = view.status()["codebook_version"]
            facts([("Snapshot", view.snapshot.id), ("Codebook", f"version {version}")])
            st.caption(codebook.CAUTION)


def _listed(states: dict[Any, int]) -> str:
    named = [f"{codebook.STATE_NAMES[state].lower()} {count:,}" for state, count in states.items()]
    return f"{sum(states.values()):,} ({', '.join(named)})"
