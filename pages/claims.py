"""Claims: search and filter all claims, and open one."""

import streamlit as st

from sourcing import codebook
from sourcing.filters import OPEN
from sourcing.formatting import plural
from sourcing.ui import url_state
from sourcing.ui.blocks.table import table
from sourcing.ui.claims.claim_list import claims_list
from sourcing.ui.claims.claim_sheet import claim_sheet
from sourcing.ui.claims.remarks import comments, replies
from sourcing.ui.claims.withdrawals import withdraw
from sourcing.ui.elements.cautions import nothing_left
from sourcing.ui.elements.grid import grid
from sourcing.ui.elements.markdown import distinct, plain
from sourcing.ui.elements.pager import pager
from sourcing.ui.view import end_page, titled_view

ROWS = 50
ANSWERS: dict[str, str] = {
    **{str(label): codebook.name(label) for label in codebook.Label},
    OPEN: "Open",
    "not_a_claim": "Not a claim",
}

claim_id = url_state.opened_claim()
view = titled_view("Claims", needs_articles=claim_id is None)
if claim_id is not None:
    st.button(
        "Back to the list",
        icon=":material/arrow_back:",
        on_click=url_state.put,
        args=("claim", None),
    )
    if (source_id := claim_sheet(view, claim_id)) is not None:
        replies(source_id, claim_id)
        comments(claim_id)
        withdraw(view, claim_id)
    end_page()

st.text_input(
    "Search", key=url_state.key("search"), placeholder="Words in the claim", max_chars=200
)
st.pills(
    "Resolved to",
    list(ANSWERS),
    selection_mode="multi",
    format_func=ANSWERS.__getitem__,
    key=url_state.key("label"),
)
filters = url_state.filters_now()
total = view.count("lists/claims_count", filters)["claims"]
st.markdown(f"**{plural(total, 'claim')}.** {plain(filters.list_sentence(view.choices.sources))}")
if not total:
    nothing_left()

pages = -(-total // ROWS)
page = url_state.number("rows", pages)
claims = view.listed("claims", ROWS, (page - 1) * ROWS, filters)
frame = claims_list(claims, view.names(), filters.view)
chosen = grid(
    frame,
    f"claims list {page} {filters.query()}",
    height=35 * (len(frame) + 1) + 3,
    column_config={"Claim": st.column_config.TextColumn(width="large")},
    on_select="rerun",
    selection_mode="single-row",
)
if chosen.selection.rows:
    url_state.open_claim(claims["claim_id"].iloc[chosen.selection.rows[0]])
left, right = st.columns([0.55, 0.45], vertical_alignment="bottom")
texts = distinct(dict(zip(claims["claim_id"], claims["claim"], strict=True)))
left.selectbox(
    "Open a claim",
    list(texts),
    index=None,
    format_func=texts.__getitem__,
    placeholder="Choose one of this page, or click its row",
    key="claim to open",
    on_change=url_state.open_chosen,
)
with right:
    if pages > 1:
        pager(pages, page)
table(view, "claims", None, filters)
