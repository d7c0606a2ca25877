"""The one place that knows Streamlit: cached reads, filters, blocks of chart and table."""

from sourcing.analysis.agreement import MIXED
from sourcing.ui.address import (
    choice,
    filters_now,
    go_to,
    key,
    number,
    open_chosen,
    open_claim,
    opened_claim,
    optional,
    put,
    text,
)
from sourcing.ui.annotate import annotate
from sourcing.ui.annotators import (
    BASES,
    agreement_block,
    agreement_figures,
    drift,
    label_mixes,
    matrix,
    pair_titles,
)
from sourcing.ui.annotators import by_source as agreement_by_source
from sourcing.ui.arrange import arranged, drawn
from sourcing.ui.block import block, table, timeline
from sourcing.ui.candidates import candidates as agenda_candidates
from sourcing.ui.claim import claim_sheet
from sourcing.ui.compare import differences
from sourcing.ui.compare import over_time as versus
from sourcing.ui.effects import unpublished
from sourcing.ui.figures import facts, figures
from sourcing.ui.grid import grid
from sourcing.ui.links import links
from sourcing.ui.meeting import hold as hold_meeting
from sourcing.ui.page import View, configure, done, serve_pages, view
from sourcing.ui.pairs import WAYS, pair
from sourcing.ui.planned import planned
from sourcing.ui.plans import say_anew as change_meeting
from sourcing.ui.ranked import ranking
from sourcing.ui.remarks import comments, replies
from sourcing.ui.reviewing import about as about_meeting
from sourcing.ui.reviewing import choose_meeting, meeting_of_address
from sourcing.ui.reviewing import items_of as agenda_items
from sourcing.ui.reviewing import papers as meeting_papers
from sourcing.ui.reviewing import start as start_meeting
from sourcing.ui.robust import of_difference, of_share
from sourcing.ui.since import changed_marker, claims_behind, compared_with, what_changed
from sourcing.ui.store import reviews
from sourcing.ui.texts import distinct, plain
from sourcing.ui.todo import disagreements, findings_to_do
from sourcing.ui.who import named as name_of
from sourcing.ui.who import person
from sourcing.ui.words import (
    claims_list,
    findings_list,
    holds,
    nothing_left,
    one_page,
    pager,
    part,
    provisional,
)

__all__ = [
    "BASES",
    "MIXED",
    "WAYS",
    "View",
    "about_meeting",
    "agenda_candidates",
    "agenda_items",
    "agreement_block",
    "agreement_by_source",
    "agreement_figures",
    "annotate",
    "arranged",
    "block",
    "change_meeting",
    "changed_marker",
    "choice",
    "choose_meeting",
    "claim_sheet",
    "claims_behind",
    "claims_list",
    "comments",
    "compared_with",
    "configure",
    "differences",
    "disagreements",
    "distinct",
    "done",
    "drawn",
    "drift",
    "facts",
    "figures",
    "filters_now",
    "findings_list",
    "findings_to_do",
    "go_to",
    "grid",
    "hold_meeting",
    "holds",
    "key",
    "label_mixes",
    "links",
    "matrix",
    "meeting_of_address",
    "meeting_papers",
    "name_of",
    "nothing_left",
    "number",
    "of_difference",
    "of_share",
    "one_page",
    "open_chosen",
    "open_claim",
    "opened_claim",
    "optional",
    "pager",
    "pair",
    "pair_titles",
    "part",
    "person",
    "plain",
    "planned",
    "provisional",
    "put",
    "ranking",
    "replies",
    "reviews",
    "serve_pages",
    "start_meeting",
    "table",
    "text",
    "timeline",
    "unpublished",
    "versus",
    "view",
    "what_changed",
]
