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

order = ui.choice("order", ("name", "claims"), "name")
left, right = st.columns([0.7, 0.3], vertical_alignment="bottom")
left.caption(
    "A share says how a source attributes what it states, not whether it is true. Unless the "
    "articles were drawn at random, it describes this sample, not the outlet."
)
right.segmented_control(
    "Order",
    ("name", "claims"),
    format_func={"name": "By name", "claims": "By claims"}.get,
    key=ui.key("order"),
    required=True,
)
shown = ui.one_page(ui.ordered(shares, order), "source_id", ROWS)
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
