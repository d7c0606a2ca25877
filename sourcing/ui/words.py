"""Sentences and small choices that several pages share."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.ui import address
from sourcing.ui.figures import facts
from sourcing.ui.grid import grid
from sourcing.ui.links import links
from sourcing.ui.page import View, done
from sourcing.ui.traced import of_record
from sourcing.warehouse import queries

_FIRST = 200


def part(some: int, everything: int) -> str:
    """How much of the whole, in words; nothing where there is no whole."""
    if not everything:
        return ""
    share = 100 * some / everything
    return f"{'>99' if 99.5 <= share < 100 else f'{share:.0f}'} % of claims"


def provisional(claims: int, resolved: int) -> None:
    """Say that model labels are provisional, before the numbers that rest on them."""
    if not claims:
        return
    what = "All" if claims == resolved else f"{claims:,} of"
    st.info(
        f"**Provisional.** {what} {resolved:,} resolved claims are labelled by models only. "
        f"No person has confirmed {'them' if claims == resolved else 'those'}.",
        icon=":material/smart_toy:",
    )


def nothing_left() -> None:
    """Say what to do where the filters leave nothing, and end the page."""
    st.info("**No claim fits these filters.** Widen the period or clear a filter on the left.")
    done()


def holds(status: Mapping[str, Any]) -> str:
    """What a snapshot holds, in words."""
    names = ("sources", "articles", "claims", "citations", "labels")
    return ", ".join(f"{int(status[name]):,} {name}" for name in names)


def findings_list(view: View) -> None:
    """The consistency findings by rule, and the refused rows, each with its download."""
    st.markdown("What a review should look at (codebook section 7). Nothing is mended silently.")
    found = queries.findings(view.snapshot)
    facts(
        [
            (name.capitalize(), f"{found[rule]:,}" if found.get(rule) else None)
            for rule, name in codebook.FINDINGS.items()
        ]
    )
    _first_of(view, "findings", sum(found.values()), "Nothing was found.")
    st.markdown("**Rows that were refused** when files were loaded:")
    whole = "None: every row of every file was loaded, or was an exact duplicate."
    _first_of(view, "rejects", int(view.status()["rejects"]), whole)


_WHOLE = {
    "findings": "Every finding in the whole snapshot; no filter plays a part.",
    "rejects": "Every refused row of every load, by file and line; no filter plays a part.",
}


def _first_of(view: View, name: str, rows: int, without: str) -> None:
    """The first rows of a list, the download of all of them; `without`: said where it is empty."""
    listed = view.listed(f"{name}_list", _FIRST, filters=Filters())
    if listed.empty:
        st.markdown(without)
    else:
        if rows > len(listed):
            st.caption(f"The first {len(listed):,} of {rows:,}; the download has all.")
        grid(listed, f"{name} listed")
    of_record(view, _WHOLE[name], name)
    links(view, name, Filters())


def claims_list(claims: pd.DataFrame) -> pd.DataFrame:
    """One page of claims (columns of the table claims) in the words that a reader sees."""
    return pd.DataFrame(
        {
            "Claim": claims["claim"],
            "Label": [codebook.name(x) if pd.notna(x) else "Open" for x in claims["label"]],
            "Resolved": [
                codebook.STATE_NAMES[state] + (" · provisional" if basis == "model" else "")
                for state, basis in zip(claims["state"], claims["basis"], strict=True)
            ],
            "Source": claims["source"],
            "Article": claims["title"].fillna(claims["article_id"]),
            "Published": claims["published"].fillna("undated"),
            "Topic": claims["topic"],
        }
    )


def pager(pages: int, number: int) -> None:
    """The means to turn pages; the page is kept in the address as `rows`."""
    widget = f"pager {pages} {number}"

    def turn() -> None:
        address.put("rows", st.session_state[widget])

    st.pagination(pages, default=number, key=widget, on_change=turn)


def one_page(shares: pd.DataFrame, row: str, size: int) -> pd.DataFrame:
    """Those rows of a long table that fit on one page, with the means to turn it."""
    keys = list(dict.fromkeys(shares[row]))
    pages = -(-len(keys) // size)
    number = address.number("rows", pages)
    if pages > 1:
        left, right = st.columns([0.5, 0.5], vertical_alignment="center")
        first = (number - 1) * size
        left.caption(f"Rows {first + 1}–{min(first + size, len(keys))} of {len(keys):,}")
        with right:
            pager(pages, number)
    return shares[shares[row].isin(keys[(number - 1) * size : number * size])]
