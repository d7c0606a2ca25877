"""A ranking with its uncertainty: shrunken shares, rank intervals, groups of sources."""

import html
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.charts import Column
from sourcing.formatting import percent, plural
from sourcing.frame_rows import rows_of
from sourcing.literal_text import in_chart
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.pager import one_page
from sourcing.ui.view import View

_COLUMNS = (
    Column("Shrunken share", "shrunken", "shrunken_low", "shrunken_high"),
    Column("Rank", "rank", "rank_low", "rank_high", percent=False),
)
_ROWS = 40


def ranking(view: View, label: str) -> None:
    """Rank sources by the share of one label; sources with too few claims are listed below."""
    every = cached_reads.ranking(view.snapshot, view.filters)
    rows = every[every["label"] == label].reset_index(drop=True)
    ranked, others = rows[rows["rank"].notna()], rows[rows["rank"].isna()]
    if ranked.empty:
        st.info("Fewer than two sources have enough claims and articles to be ranked.")
    else:
        st.markdown(_summary(ranked, label))
        page = one_page(view.named(ranked), "source_id", _ROWS)
        page = page.astype({"rank": float, "rank_low": float, "rank_high": float})
        page["words"] = [_words(row) for row in rows_of(page)]
        page["hover"] = [_hover(row) for row in rows_of(page)]
        page["colour"] = codebook.LOOKS[label].colour
        names = "; ".join(f"{row.rank:.0f} {row.title}" for row in rows_of(page.head(5)))
        chart(
            charts.points(page, "source_id", _COLUMNS),
            "ranking",
            f"Shrunken shares and ranks with 95 % intervals. {names}.",
            lambda source, _: url_state.go_to("pages/source.py", of=source),
        )
        st.html(
            '<p class="counted">Shares are shrunk towards the mean of the ranked sources '
            "(empirical Bayes, on effective sizes): the smaller the sample, the stronger. The "
            "line at a rank covers the source's ranks in 95 % of draws. "
            f"{html.escape(view.sentence())}</p>"
        )
    if not others.empty:
        st.header("Not ranked", anchor=False)
        few = view.explained(view.named(others.head(_ROWS)))
        lines = [f"- {plain(row.title)}: {_why(row)}" for row in rows_of(few)]
        more = len(others) - _ROWS
        st.markdown("\n".join(lines) + (f"\n- and {more} more in the table" if more > 0 else ""))
    table(view, "ranking", every)


def _summary(ranked: pd.DataFrame, label: str) -> str:
    groups = {group for row in ranked["groups"] for group in row.split()}
    note = "" if len(groups) > 1 else " No source differs clearly from all others."
    return (
        f"**{plural(len(ranked), 'source')} by the share {codebook.name(label).lower()}, in "
        f"{plural(len(groups), 'group')}.** Sources that share a group cannot be told apart. Some "
        "sources in different groups cannot be told apart either, because groups are runs of "
        f"ranks.{note} A rank is neither praise nor blame: it says how a source attributes what "
        "it states."
    )


def _words(row: Any) -> str:
    noun = "group" if " " not in row.groups else "groups"
    return (
        f"{percent(row.shrunken)} · rank {row.rank:.0f} ({row.rank_low:.0f}–{row.rank_high:.0f}) · "
        f"{noun} {row.groups.replace(' ', ', ')}"
    )


def _hover(row: Any) -> str:
    return (
        f"<b>{in_chart(row.title)}</b><br>{_words(row)}<br>observed share "
        f"{percent(row.share)} ({percent(row.low)} to {percent(row.high)})<br>{row.claims:,} of "
        f"{row.resolved_claims:,} resolved claims in {plural(row.articles, 'article')}, "
        f"{row.open_claims:,} open"
    )


def _why(row: Any) -> str:
    if row.instead:
        return str(row.instead)
    counts = f"{plural(row.resolved_claims, 'resolved claim')}, {plural(row.articles, 'article')}"
    return f"{counts}, {codebook.TOO_FEW if row.too_few else 'not applicable'}"
