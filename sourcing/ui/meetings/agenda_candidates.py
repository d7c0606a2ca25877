"""Claims for an agenda: those that matter most, to fill the time with or to pick by hand."""

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.formatting import plural
from sourcing.meetings import agenda
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View

_FIRST = 100
_ORDERS = {
    "change": "The largest change of a share",
    "conclusions": "What could change a comparison",
}


AGENDA_COLUMNS = {
    "Claim": st.column_config.TextColumn(width=360),
    "Points": st.column_config.NumberColumn(
        format="%.1f",
        width="small",
        help="By how many points one decision could move a share of the source at most, each claim "
        "counting the same.",
    ),
    "Why": st.column_config.TextColumn(width="large"),
}


def agenda_candidates(reviews: Reviews, who: Person, found: meetings.Meeting, view: View) -> None:
    """The claims that matter most and are not on the agenda: fill up the time, or pick by hand."""
    st.header("Claims to add", anchor=False)
    st.markdown(
        "How far one decision could move a published share (each claim counts the same, four "
        "labels, no filters). Filters on the left choose sources and topics."
    )
    items = meetings.agenda(reviews, found.meeting_id)
    decided = decisions.standing(reviews)
    left, right = st.columns(2, vertical_alignment="bottom")
    why = url_state.optional("why", list(agenda.REASONS))
    left.selectbox(
        "Why",
        list(agenda.REASONS),
        index=None,
        format_func=agenda.REASONS.__getitem__,
        key=url_state.key("why"),
        placeholder="Any reason",
    )
    order = url_state.choice("first", list(_ORDERS), "change")
    right.selectbox(
        "First",
        list(_ORDERS),
        format_func=_ORDERS.__getitem__,
        key=url_state.key("first"),
        help="What could change a comparison: claims that could turn the order of two sources, or "
        f"move a source over the line of {codebook.TOO_FEW}.",
    )
    elsewhere = meetings.planned_elsewhere(reviews, found.meeting_id)
    without = tuple(dict.fromkeys((*(item.claim_id for item in items), *decided, *elsewhere)))
    if elsewhere:
        st.caption(f"{plural(len(elsewhere), 'claim')} of other open meetings left out.")
    wanted = agenda.AgendaChoice((why,) if why else (), without, order == "conclusions")
    shown = cached_reads.agenda(view.snapshot, view.filters, wanted, _FIRST)
    if shown.empty:
        st.info("No further claim fits. Clear a filter, or another reason above.")
        return
    gone = meetings.removed(reviews, found.meeting_id)
    again = shown[~shown["claim_id"].isin(gone)]  # what was taken off comes back by hand only
    fits = max(0, agenda.items_for(found.plan.minutes) - len(items))
    if (
        fits
        and len(again)
        and who.may(Role.REVIEWER)
        and st.button(
            f"Fill {found.plan.minutes} minutes: add the first {min(fits, len(again))}",
            type="primary",
            icon=":material/playlist_add:",
        )
    ):
        _add(reviews, who, found, again.head(fits))
    chosen = grid(
        pd.DataFrame(
            {
                "Claim": shown["claim"],
                "Source": shown["source"],
                "Points": 100 * shown["movable"],
                "Why": shown["why"],
            }
        ),
        f"candidates {len(without)}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config=AGENDA_COLUMNS,
    )
    st.caption(
        f"The first {len(shown)} are shown. The table to download holds every candidate under the "
        "filters on the left, for any reason, the largest change first."
    )
    table(view, "agenda", None, view.filters)
    rows = chosen.selection.rows
    if not rows or not who.may(Role.REVIEWER):
        return
    if st.button(f"Add {plural(len(rows), 'claim')}", icon=":material/add:"):
        _add(reviews, who, found, shown.iloc[rows])


def _add(reviews: Reviews, who: Person, found: meetings.Meeting, rows: pd.DataFrame) -> None:
    items = [
        meetings.Item(claim, why, float(movable))
        for claim, why, movable in zip(rows["claim_id"], rows["why"], rows["movable"], strict=True)
    ]
    meetings.add_items(reviews, who, found.meeting_id, items)
    st.rerun()
