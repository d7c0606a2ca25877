"""What was put right, in sentences: who decided it, when and why; articles counted elsewhere."""

from collections.abc import Iterable, Sequence

import streamlit as st

from sourcing.formatting import plural
from sourcing.ui.elements.markdown import plain
from sourcing.ui.view import View
from sourcing.warehouse import amendments
from sourcing.warehouse.amendments import Decided, Link, LoadedSource

_SENTENCES = 5


def decided(what: Decided) -> str:
    """Who decided something and when, as Markdown."""
    by = f"by {plain(what.decided_by)}, " if what.decided_by else ""
    return f"{by}on {what.decided_at:%Y-%m-%d}"


def reasons(links: Iterable[Link]) -> str:
    """Why one source stands for another, step by step, as Markdown."""
    return "; then ".join(
        f"{plain(link.decided.reason).rstrip('.')}, {decided(link.decided)}" for link in links
    )


def _since(links: Iterable[Link]) -> str:
    """Since when articles count elsewhere, if not all of them."""
    days = [link.since for link in links if link.since is not None]
    return f" since {max(days)}" if days else ""


def named(name: str, source_id: str) -> str:
    """A source that stands for another, with its id, as Markdown."""
    return f"{plain(name)} ({plain(source_id)})" if name != source_id else plain(name)


def counted_elsewhere(view: View, article_id: str, source_id: str) -> None:
    """Say that an article was loaded under another source than the one it counts under."""
    for loaded in amendments.loaded_sources(view.snapshot, article=article_id):
        name = view.names().get(source_id, source_id)
        st.caption(
            f"Loaded as an article of {named(loaded.name, loaded.alias)}, counted under "
            f"{plain(name)}{_since(loaded.links)}: {reasons(loaded.links)}."
        )


def included_sources(view: View, source_id: str) -> None:
    """Say which articles of a source were loaded under other ones."""
    every = amendments.loaded_sources(view.snapshot, source=source_id)
    for loaded in every[:_SENTENCES]:
        st.caption(_included(loaded))
    if len(every) > _SENTENCES:
        more = plural(len(every) - _SENTENCES, "other source")
        st.caption(f"Also of {more}, listed on the page Method under *Put right*.")


def _included(loaded: LoadedSource) -> str:
    return (
        f"Includes {plural(loaded.articles, 'article')} loaded under "
        f"{named(loaded.name, loaded.alias)}{_since(loaded.links)}: {reasons(loaded.links)}."
    )


def followed_aliases(view: View, aliases: Sequence[str]) -> None:
    """Say that sources of the address stand for others, which are shown in their place."""
    if not aliases:
        return
    links = amendments.source_links(view.snapshot)
    for alias in aliases[:_SENTENCES]:
        steps = amendments.chain(links, alias)
        if not steps:  # another snapshot, chosen since
            continue
        name = view.names().get(steps[-1].name, steps[-1].name)
        st.info(
            f"“{plain(alias)}” counts under **{plain(name)}**, which is shown: {reasons(steps)}.",
            icon=":material/merge:",
        )
