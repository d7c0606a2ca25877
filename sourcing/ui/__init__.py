"""The one place that knows Streamlit: cached reads, filters, blocks of chart and table."""

from sourcing.ui.address import (
    choice,
    filters_now,
    go_to,
    key,
    number,
    open_chosen,
    open_claim,
    opened_claim,
    put,
    text,
)
from sourcing.ui.block import block, facts, figures, links, table, timeline
from sourcing.ui.claim import claim_sheet
from sourcing.ui.page import View, configure, done, serve_pages, view
from sourcing.ui.texts import distinct, plain
from sourcing.ui.words import (
    claims_list,
    findings_list,
    holds,
    nothing_left,
    one_page,
    ordered,
    pager,
    part,
    provisional,
)

__all__ = [
    "View",
    "block",
    "choice",
    "claim_sheet",
    "claims_list",
    "configure",
    "distinct",
    "done",
    "facts",
    "figures",
    "filters_now",
    "findings_list",
    "go_to",
    "holds",
    "key",
    "links",
    "nothing_left",
    "number",
    "one_page",
    "open_chosen",
    "open_claim",
    "opened_claim",
    "ordered",
    "pager",
    "part",
    "plain",
    "provisional",
    "put",
    "serve_pages",
    "table",
    "text",
    "timeline",
    "view",
]
