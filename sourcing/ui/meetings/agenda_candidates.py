"""Candidates for an agenda: add the most important ones, or pick claims by hand."""

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
    "change": "Largest possible change of a share",
    "conclusions": "Could change a comparison",
}


AGENDA_COLUMNS = {
    "Claim": st.column_config.TextColumn(width=360),
    "Points": st.column_config.NumberColumn(
        format="%.1f",
        width="small",
        help="The most that one decision could move a share of the source, in points, if each "
        "claim counts the same.",
    ),
    "Why": st.column_config.TextColumn(width="large"),
}


def agenda_candidates(reviews: Reviews, who: Person, meeting: meetings.Meeting, view: View) -> None:
    """Show claims that are not on the agenda yet: fill up the time, or pick by hand."""
    st.header("Claims to add", anchor=False)
    st.markdown(
        "Claims are ordered by how far one decision could move a published share (each claim "
        "counts the same, all labels, no filters). Choose sources and topics on the left."
    )
    items = meetings.agenda(reviews, meeting.meeting_id)
    decided = decisions.standing(reviews)
    left, right = st.columns(2, vertical_alignment="bottom")
    reason = url_state.optional("why", list(agenda.REASONS))
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
        help="Could change a comparison: claims that could reverse the order of two sources, or "
        f"move a source across the threshold of “{codebook.TOO_FEW}”.",
    )
    planned = meetings.planned_elsewhere(reviews, meeting.meeting_id)
    excluded = tuple(dict.fromkeys((*(item.claim_id for item in items), *decided, *planned)))
    if planned:
        st.caption(f"Left out: {plural(len(planned), 'claim')} of other open meetings.")
    request = agenda.AgendaChoice((reason,) if reason else (), excluded, order == "conclusions")
    rows = cached_reads.agenda(view.snapshot, view.filters, request, _FIRST)
    if rows.empty:
        st.info("No other claim matches. Clear a filter or choose another reason above.")
        return
    removed = meetings.removed(reviews, meeting.meeting_id)
    addable = rows[~rows["claim_id"].isin(removed)]  # removed claims are only added back by hand
    room = max(0, agenda.items_for(meeting.plan.minutes) - len(items))
    if (
        room
        and len(addable)
        and who.may(Role.REVIEWER)
        and st.button(
            f"Fill {meeting.plan.minutes} minutes: add the first {min(room, len(addable))}",
            type="primary",
            icon=":material/playlist_add:",
        )
    ):
        _add(reviews, who, meeting, addable.head(room))
    chosen = grid(
        pd.DataFrame(
            {
                "Claim": rows["claim"],
                "Source": rows["source_id"].map(view.names()),
                "Points": 100 * rows["movable"],
                "Why": rows["why"],
            }
        ),
        f"candidates {len(excluded)}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config=AGENDA_COLUMNS,
    )
    st.caption(
        f"Showing the first {plural(len(rows), 'claim')}. The download has every candidate under "
        "the filters on the left, for any reason, largest change first."
    )
    table(view, "agenda", None, view.filters)
    chosen_rows = chosen.selection.rows
    if not chosen_rows or not who.may(Role.REVIEWER):
        return
    if st.button(f"Add {plural(len(chosen_rows), 'claim')}", icon=":material/add:"):
        _add(reviews, who, meeting, rows.iloc[chosen_rows])


def _add(reviews: Reviews, who: Person, meeting: meetings.Meeting, rows: pd.DataFrame) -> None:
    items = [
        meetings.Item(claim, reason, float(movable))
        for claim, reason, movable in zip(
            rows["claim_id"], rows["why"], rows["movable"], strict=True
        )
    ]
    meetings.add_items(reviews, who, meeting.meeting_id, items)
    st.rerun()
