"""What a page shows: a snapshot under filters, or a note that nothing is loaded."""

from dataclasses import dataclass, replace
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from sourcing.filters import Filters, on_articles
from sourcing.formatting import plural
from sourcing.frame_rows import rows_of
from sourcing.query_string import Choices
from sourcing.ui import cached_reads
from sourcing.ui.elements.commands import etl_command, warehouse_option
from sourcing.warehouse import amendments, queries
from sourcing.warehouse.snapshots import Snapshot

_VIEW = "the view of this run"


@dataclass(frozen=True)
class View:
    """What a page shows: a snapshot under filters."""

    snapshot: Snapshot
    filters: Filters
    choices: Choices

    def shares(self, by: str = "source", filters: Filters | None = None) -> pd.DataFrame:
        """Shares by group (bysource.SHARES), under these or other filters."""
        return cached_reads.shares(self.snapshot, filters or self.filters, by)

    def listed(
        self, name: str, limit: int, offset: int = 0, filters: Filters | None = None
    ) -> pd.DataFrame:
        """One page of a list."""
        return cached_reads.listed(self.snapshot, filters or self.filters, name, limit, offset)

    def precision(self, filters: Filters) -> pd.DataFrame:
        """How sure shares are (precision.PRECISION)."""
        return cached_reads.precision(self.snapshot, filters)

    def agreement(
        self, name: str, basis: str | None = None, filters: Filters | None = None
    ) -> pd.DataFrame:
        """A table on annotators, by its name as a download; on people or models only."""
        frame = cached_reads.agreement(self.snapshot, on_articles(filters or self.filters), name)
        return frame if basis is None else frame[frame["basis"] == basis]

    def other(self, snapshot_id: str) -> Snapshot:
        """Another snapshot of the same warehouse."""
        return cached_reads.opened(str(cached_reads.warehouse().folder), snapshot_id)

    def as_of(self, snapshot_id: str) -> "View":
        """The same view of another snapshot."""
        return replace(self, snapshot=self.other(snapshot_id))

    def snapshots(self) -> list[str]:
        """The ids of all snapshots, newest first."""
        return cached_reads.warehouse().ids()

    def labelled_publishers(self, basis: str) -> pd.DataFrame:
        """Publishers with first, independent labels of people or models, by name."""
        frame = cached_reads.labelled_publishers(self.snapshot, on_articles(self.filters))
        return frame[frame["basis"] == basis]

    def count(self, name: str, filters: Filters | None = None) -> dict[str, int]:
        """The counts of a query that returns one row."""
        return cached_reads.count(self.snapshot, filters or self.filters, name)

    def names(self, *others: Snapshot) -> dict[str, str]:
        """The names of sources by id, no two alike; also of other snapshots that are on show."""
        return cached_reads.source_names((self.snapshot, *others))

    def named(self, rows: pd.DataFrame, *others: Snapshot) -> pd.DataFrame:
        """Rows of sources with the names to draw: title, and short, which fits into a chart."""
        titles = rows["source_id"].map(self.names(*others))
        short = cached_reads.short_names((self.snapshot, *others))
        return rows.assign(title=titles, short=rows["source_id"].map(short))

    def explained(self, rows: pd.DataFrame, filters: Filters | None = None) -> pd.DataFrame:
        """Rows of sources with `instead`: words in place of counts if nothing is counted."""
        reasons = self.uncounted(filters)
        return rows.assign(instead=[reasons.get(source, "") for source in rows["source_id"]])

    def uncounted(self, filters: Filters | None = None) -> dict[str, str]:
        """Why no claim of a source is counted, by id; empty for filters that choose claims."""
        used = filters or self.filters
        if used.topic or used.needs_source:
            return {}
        rows = rows_of(queries.uncounted(self.snapshot, used))
        return {row.source_id: _why_uncounted(row) for row in rows}

    def publisher(self, source_id: str) -> pd.Series:
        """The facts about a source (columns of queries.publishers); unknown values are None."""
        publishers = queries.publishers(self.snapshot)
        source = publishers[publishers["source_id"] == source_id].iloc[0]
        return source.astype(object).where(source.notna(), None)

    def status(self) -> dict[str, Any]:
        """What the snapshot holds (queries.status)."""
        return cached_reads.status(self.snapshot, self.snapshot.id)

    def concentration(self, filters: Filters | None = None) -> str:
        """A caution about sources in which few articles hold most claims, or an empty string."""
        ids = cached_reads.concentrated(self.snapshot, filters or self.filters)
        if not ids:
            return ""
        names = [self.names()[source] for source in ids]
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        return (
            f"A tenth of the articles holds more than half of the claims of {listed}: read their "
            "intervals of rare labels with care."
        )

    def sentence(self, filters: Filters | None = None) -> str:
        """What is counted, as a sentence."""
        return (filters or self.filters).sentence(self.choices.sources)


def _why_uncounted(row: Any) -> str:
    """In words; row: of queries.uncounted."""
    if not row.not_claims:
        return f"no claim in {plural(row.articles, 'article')}"
    if row.not_claims == 1:
        return "the only claim is “not a claim”"
    return f"all {row.not_claims:,} claims are “not a claim”"


class PageEndError(Exception):
    """The page is complete. Not an error, but the only way to end a page's script early."""


def end_page() -> NoReturn:
    """End the page. Unlike `st.stop`, this lets the address be written."""
    raise PageEndError


def keep_view(view: View | None) -> None:
    """Keep the view of this run for the page; None if nothing is loaded yet."""
    st.session_state[_VIEW] = view


def kept_view() -> View | None:
    """The view of this run; None if nothing is loaded yet."""
    view = st.session_state.get(_VIEW)
    return view if isinstance(view, View) else None


def titled_view(title: str, *, needs_articles: bool = True) -> View:
    """Show the title, and return the view of the page.

    If nothing is loaded yet, says what to do and ends the page; so it does if no article counts,
    unless the page can do without any (`needs_articles`).
    """
    st.title(title, anchor=False)
    view = kept_view()
    if view is None:
        _explain_loading()
        end_page()
    if not view.status()["publishers"]:
        _explain_emptiness(view)
        if needs_articles:
            end_page()
    if view.status()["made_up"]:
        st.warning("**Made-up data.** The outlets, articles and claims shown here are invented.")
    return view


def _explain_emptiness(view: View) -> None:
    """Why a snapshot has no article that counts, and what to do."""
    option, which = warehouse_option()
    amended = amendments.counts(view.snapshot)
    ways = [("Load labelled articles", etl_command("load", "PATH", options=option))]
    reason = "Articles have not been loaded yet."
    if amended.withdrawn.get("articles"):
        reason = "All of them are withdrawn; the page Method lists what."
        back = etl_command(
            "withdraw sources", "ID", options=f'--back --reason "why" {option}'.strip()
        )
        ways.append(("Bring some back", back))
    if amended.undone_loads:
        reason = "The loads that brought some are undone; the page Method lists them."
        ways.append(("Let a load count again", etl_command("redo", options=option)))
    lines = "\n\n".join(f"{words}:\n\n```\n{command}\n```" for words, command in ways[::-1])
    st.info(f"**No article counts in this snapshot.** {reason}\n\n{lines}\n\n{which}")


def _explain_loading() -> None:
    option, which = warehouse_option()
    st.info(
        "**Nothing is loaded yet.** Load labelled articles, then reload this page:\n\n"
        f"```\n{etl_command('load', 'data/sample', options=option)}\n```\n\n"
        f"{which} `make demo` shows a larger, made-up corpus."
    )
