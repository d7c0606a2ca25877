"""One claim opened: its place, citations, answers, and how it was resolved."""

import html
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.frame_rows import rows_of
from sourcing.ui.blocks.amended import counted_elsewhere
from sourcing.ui.blocks.what_is_counted import of_record
from sourcing.ui.claims.claim_answers import (
    answers_table,
    cells,
    resolution,
    with_loaded_names,
    with_numbers,
)
from sourcing.ui.claims.findings import ALIKE, how_to_join
from sourcing.ui.claims.withdrawals import waiting_withdrawal, withdrawn_claim
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.figures import facts
from sourcing.ui.elements.markdown import plain
from sourcing.ui.url_state import page_address
from sourcing.ui.view import View
from sourcing.warehouse import queries


def claim_sheet(view: View, claim_id: str) -> str | None:
    """Show one claim and return its source id; None for one that is withdrawn or unknown."""
    details = queries.claim(view.snapshot, claim_id)
    if details is None:
        if withdrawn_claim(view, claim_id):
            return None
        st.warning(f"This snapshot holds no claim “{plain(claim_id)}”.")
        return None
    claim = details.claim
    st.html(f'<p class="claim">{html.escape(str(claim["claim"]))}</p>{_badges(claim)}')
    waiting_withdrawal(view, claim_id)
    evidence(view, details)
    return str(claim["source_id"])


def large(claim: pd.Series, css_class: str = "") -> str:
    """One claim as HTML, with the id by which page.js knows which claim is on the screen."""
    claim_id = html.escape(str(claim["claim_id"]), quote=True)
    text = html.escape(str(claim["claim"]))
    return f'<p class="claim {css_class}" data-claim="{claim_id}">{text}</p>'


def evidence(view: View, details: queries.Claim, *, names_hidden: bool = False) -> None:
    """Show a claim's place, citations, answers, and other occurrences of its statement."""
    only = Filters(claim=(details.claim["claim_id"],))
    st.markdown(resolution(details.claim, details.labels))
    where(view, details)
    st.header("Answers", anchor=False)
    answers = details.labels
    answers_table(with_numbers(answers) if names_hidden else with_loaded_names(view, answers))
    if not details.labels.empty and not names_hidden:
        of_record(view, "Every answer to this claim, including earlier ones.", "labels")
        links(view, "labels", only)
    _further_sections(view, details)


def where(view: View, details: queries.Claim, *, with_links: bool = True) -> None:
    """Show a claim's place and citations. with_links: with links to pages that show answers."""
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Where it stands", anchor=False)
        facts(_place(details.claim, view.names()))
        counted_elsewhere(view, details.claim["article_id"], details.claim["source_id"])
        if with_links:
            _links(details.claim)
    with right:
        st.header("Citations", anchor=False)
        _citations(details.citations)
        if not details.citations.empty:
            of_record(view, "Every citation of this claim.", "citations")
            links(view, "citations", Filters(claim=(details.claim["claim_id"],)))


def _badges(claim: pd.Series) -> str:
    label = claim["label"]
    if label in codebook.LOOKS:
        look = codebook.LOOKS[label]
        first = (
            f'<span class="badge" style="background:{look.colour};color:{look.text}">'
            f"{look.name}</span>"
        )
    else:
        words = "Not a claim" if label == "not_a_claim" else "Open"
        first = f'<span class="badge plain">{words}</span>'
    names = [codebook.STATE_NAMES[claim["state"]]]
    if claim["basis"] == "model":
        names.append("Provisional")
    if label == "contested" and pd.notna(claim["attribution"]):
        names.append(f"Attribution: {codebook.name(claim['attribution']).lower()}")
    return first + "".join(f'<span class="badge plain">{word}</span>' for word in names)


def _place(claim: pd.Series, names: Mapping[str, str]) -> list[tuple[str, str | None]]:
    offsets = (
        f"characters {claim['char_start']:.0f}–{claim['char_end']:.0f}"
        if pd.notna(claim["char_start"])
        else None
    )
    paragraph = f"paragraph {claim['paragraph']:.0f}" if pd.notna(claim["paragraph"]) else None
    dated = claim["published"] if pd.notna(claim["published"]) else "undated"
    return [
        ("Source", names[claim["source_id"]]),
        ("Article", claim["title"] if pd.notna(claim["title"]) else claim["article_id"]),
        ("Published", dated),
        ("Author", claim["author"]),
        ("Address", claim["url"]),
        ("Place", ", ".join(item for item in (paragraph, offsets) if item) or None),
        ("Passage", claim["quote"]),
        ("Topic", claim["topic"]),
        ("Statement", claim["statement_id"]),
        ("Document", claim["document"]),
        ("Claim id", claim["claim_id"]),
    ]


def _citations(citations: pd.DataFrame) -> None:
    if citations.empty:
        st.markdown("No citation is recorded for this claim.")
        return
    columns = ["cited_name", "kind", "relation", "locator", "url"]
    cells(citations[columns].rename(columns={"cited_name": "origin"}))


def _occurrence(item: Any, source: str) -> str:
    """Another occurrence of the statement, as a link. source: the name of its source."""
    label = codebook.name(item.label) if pd.notna(item.label) else "Open"
    words = f"{source}, {item.published if pd.notna(item.published) else 'undated'}: {label}"
    link = html.escape(page_address("claims", claim=item.claim_id), quote=True)
    return (
        f'<li><a href="{link}" target="_self">{html.escape(item.claim)}</a> '
        f"<small>({html.escape(words)})</small></li>"
    )


def _links(claim: pd.Series) -> None:
    places = (
        ("All claims of this article", page_address("claims", article=claim["article_id"])),
        ("This source", page_address("source", of=claim["source_id"])),
    )
    st.html(
        '<p class="links">'
        + "".join(
            f'<a href="{html.escape(link, quote=True)}" target="_self">{words}</a>'
            for words, link in places
        )
        + "</p>"
    )


def _further_sections(view: View, details: queries.Claim) -> None:
    if not details.findings.empty:
        st.header("For review", anchor=False)
        for rule in details.findings["rule"]:
            st.markdown(f"- {codebook.FINDINGS[rule].capitalize()}.")
        if ALIKE in set(details.findings["rule"]):
            how_to_join(view)
    if not details.others.empty:
        st.header("The same statement elsewhere", anchor=False)
        names = view.names()
        items = [_occurrence(item, names[item.source_id]) for item in rows_of(details.others)]
        st.html("<ul>" + "".join(items) + "</ul>")
    if not details.history.empty:
        st.header("Corrections", anchor=False)
        for item in rows_of(details.history):
            with st.expander(
                f"{item.table_name[:-1]} {plain(item.id)}, replaced {item.replaced_at:%Y-%m-%d}"
            ):
                st.json(json.loads(item.row))
