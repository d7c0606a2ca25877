"""Overview: the shares of all sources, and how certain they are."""

import streamlit as st

from sourcing.codebook import CAUTION
from sourcing.ui import url_state
from sourcing.ui.blocks.share_block import share_block
from sourcing.ui.elements.cautions import nothing_left, provisional_note
from sourcing.ui.elements.figures import figures, part_of_claims
from sourcing.ui.elements.pager import one_page
from sourcing.ui.shares.arrangement import choose_arrangement, rows_to_draw
from sourcing.ui.shares.changes import changed_marker
from sourcing.ui.view import titled_view

ROWS = 40

view = titled_view("How sources attribute what they state")
shares = view.shares()
sources = shares.drop_duplicates("source_id")
totals = view.count("shares/totals")
resolved, still_open = int(sources["resolved_claims"].sum()), int(sources["open_claims"].sum())
provisional = int(sources["provisional_claims"].sum())

not_claims = (
    f"and {totals['not_a_claim']:,} not a claim" if totals["not_a_claim"] else "under these filters"
)
figures(
    [
        ("Sources", f"{totals['sources']:,}", "under these filters"),
        ("Articles", f"{totals['articles']:,}", f"{totals['undated']:,} undated"),
        ("Claims", f"{resolved + still_open:,}", not_claims),
        ("Resolved", f"{resolved:,}", part_of_claims(resolved, resolved + still_open)),
        ("Open", f"{still_open:,}", "tied or unlabelled"),
        ("Provisional", f"{provisional:,}", "labelled by models only"),
    ]
)
provisional_note(provisional, resolved)
if sources.empty or not resolved + still_open:
    nothing_left(view.uncounted())

changed_marker(view)
st.caption(CAUTION)
with st.container(horizontal=True, vertical_alignment="bottom"):
    arrangement = choose_arrangement(view.filters, list(shares["label"].unique()))
rows = one_page(rows_to_draw(shares, arrangement, view.filters), "source_id", ROWS)
if rows.empty:
    nothing_left()
share_block(
    view,
    "shares",
    shares,
    shown=view.explained(view.named(rows)),
    row="source_id",
    caption=view.concentration(),
    on_click=lambda source, label: url_state.go_to(
        "pages/claims.py", source=[source], label=[label], claim=None, search=None
    ),
)
