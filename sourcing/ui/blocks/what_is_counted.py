"""“What is counted here”: where the numbers of a block come from."""

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
    """An expander; nothing is counted before it is opened. words: the sentence of the filters.

    Filters on the rows of a list do not apply: the counts are those that shares are based on.
    """
    expander = st.expander(_NAME, key=f"counted {key}", on_change="rerun", type="compact")
    if not expander.open:
        return
    with expander:
        st.markdown(plain(words))
        for side in sides:
            counted_side = replace(side, filters=side.filters.without((*LISTED, "search")))
            facts(_facts(counted_side))
            links(view, "counted", counted_side.filters, snapshot=counted_side.snapshot)
        st.caption(codebook.CAUTION)


def _facts(side: Side) -> list[tuple[str, str | None]]:
    counts = queries.counted(side.snapshot, side.filters).iloc[0]
    status = queries.status(side.snapshot)
    resolved = {state: int(counts[state]) for state in codebook.RESOLVED_STATES}
    open_ = {state: int(counts[state]) for state in codebook.OPEN_STATES}
    filter_sentence = side.filters.list_sentence(queries.choices(side.snapshot).sources)
    annotators = (plural(counts["people"], "person", "people"), plural(counts["models"], "model"))
    return [
        ("Snapshot", side.snapshot.id),
        ("Codebook", f"version {status['codebook_version']}"),
        ("Articles", _articles(int(counts["articles"]), side)),
        ("Claims", f"{counts['claims']:,}"),
        ("Resolved", _listed(resolved)),
        ("Open", _listed(open_)),
        ("Provisional", f"{counts['provisional_claims']:,} labelled by models only"),
        ("Annotators", ", ".join(annotators)),
        ("Only", filter_sentence if filter_sentence != "All." else None),
    ]


def _articles(articles: int, side: Side) -> str:
    """The number of articles, and how many of them shares count, if not all."""
    resolved = int(side_shares(side)["articles"].max())
    note = f"; shares count the {resolved:,} with a resolved claim" if resolved < articles else ""
    return f"{articles:,}{note}"


def of_record(view: View, words: str, key: str) -> None:
    """The same expander for rows shown as recorded, where nothing is counted."""
    expander = st.expander(_NAME, key=f"counted {key}", on_change="rerun", type="compact")
    if expander.open:
        with expander:
            st.markdown(plain(words))
            version = view.status()["codebook_version"]
            facts([("Snapshot", view.snapshot.id), ("Codebook", f"version {version}")])
            st.caption(codebook.CAUTION)


def _listed(states: dict[Any, int]) -> str:
    counts = [f"{codebook.STATE_NAMES[state].lower()} {count:,}" for state, count in states.items()]
    return f"{sum(states.values()):,} ({', '.join(counts)})"
