"""Overview: which source, which share, how sure."""

import streamlit as st

from sourcing import ui

ROWS = 40

view = ui.view("How sources attribute what they state")
shares = view.shares()
sources = shares.drop_duplicates("source_id")
totals = view.count("totals")
resolved, still_open = int(sources["resolved_claims"].sum()), int(sources["open_claims"].sum())
provisional = int(sources["provisional_claims"].sum())

not_claims = f"and {totals['not_a_claim']:,} not a claim" if totals["not_a_claim"] else "that count"
ui.figures(
    [
        ("Sources", f"{totals['sources']:,}", "with articles that count"),
        ("Articles", f"{totals['articles']:,}", f"{totals['undated']:,} undated"),
        ("Claims", f"{resolved + still_open:,}", not_claims),
        ("Resolved", f"{resolved:,}", ui.part(resolved, resolved + still_open)),
        ("Open", f"{still_open:,}", "tied or unlabelled"),
        ("Provisional", f"{provisional:,}", "labelled by models only"),
    ]
)
ui.provisional(provisional, resolved)
if sources.empty or not resolved + still_open:
    ui.nothing_left()

ui.changed_marker(view)
st.caption(
    "A share says how a source attributes what it states, not whether it is true. Unless the "
    "articles were drawn at random, it describes this sample, not the outlet."
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    how = ui.arranged(view.filters, list(shares["label"].unique()))
shown = ui.one_page(ui.drawn(shares, how, view.filters), "source_id", ROWS)
if shown.empty:
    ui.nothing_left()
ui.block(
    view,
    "shares",
    shares,
    shown=shown.assign(title=shown["source"]),
    row="source_id",
    caption=view.concentration(),
    opened=lambda source, label: ui.go_to(
        "pages/claims.py", source=[source], label=[label], claim=None, search=None
    ),
)
