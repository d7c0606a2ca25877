"""Claims: search and filter over all of them, and one opened."""

import streamlit as st

from sourcing import codebook, ui
from sourcing.filters import OPEN

ROWS = 50
ANSWERS = {
    **{label: codebook.name(label) for label in codebook.Label},
    OPEN: "Open",
    "not_a_claim": "Not a claim",
}

view = ui.view("Claims")
opened = ui.opened_claim()
if opened is not None:
    st.button(
        "Back to the list", icon=":material/arrow_back:", on_click=ui.put, args=("claim", None)
    )
    if (source := ui.claim_sheet(view, opened)) is not None:
        ui.replies(source, opened)
        ui.comments(opened)
    ui.done()

st.text_input("Search", key=ui.key("search"), placeholder="Words in the claim", max_chars=200)
st.pills(
    "Resolved to",
    list(ANSWERS),
    selection_mode="multi",
    format_func=ANSWERS.get,
    key=ui.key("label"),
)
filters = ui.filters_now()
found = view.count("claims_count", filters)["claims"]
st.markdown(f"**{found:,} claims.** {ui.plain(filters.list_sentence(view.choices.sources))}")
if not found:
    ui.nothing_left()

pages = -(-found // ROWS)
page = ui.number("rows", pages)
claims = view.listed("claims", ROWS, (page - 1) * ROWS, filters)
shown = ui.claims_list(claims)
chosen = ui.grid(
    shown,
    f"claims list {page} {filters.query()}",
    height=35 * (len(shown) + 1) + 3,
    column_config={"Claim": st.column_config.TextColumn(width="large")},
    on_select="rerun",
    selection_mode="single-row",
)
if chosen.selection.rows:
    ui.open_claim(claims["claim_id"].iloc[chosen.selection.rows[0]])
left, right = st.columns([0.55, 0.45], vertical_alignment="bottom")
left.selectbox(
    "Open a claim",
    claims["claim_id"],
    index=None,
    format_func=ui.distinct(dict(zip(claims["claim_id"], claims["claim"], strict=True))).get,
    placeholder="Choose one of this page, or click its row",
    key="claim to open",
    on_change=ui.open_chosen,
)
with right:
    if pages > 1:
        ui.pager(pages, page)
ui.table(view, "claims", None, filters)
