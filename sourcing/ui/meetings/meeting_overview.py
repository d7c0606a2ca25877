"""Meetings: which there are, a new one, what is on its agenda."""

import html
from dataclasses import replace

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.downloads.meeting_files import name_of
from sourcing.formatting import plural
from sourcing.meetings import agenda
from sourcing.reviews import Person, Reviews, Role, decisions, meetings
from sourcing.ui import url_state
from sourcing.ui.elements.download_links import paper_address
from sourcing.ui.elements.grid import grid
from sourcing.ui.elements.markdown import isolated, moment, plain
from sourcing.ui.meetings.agenda_candidates import AGENDA_COLUMNS
from sourcing.ui.meetings.plan_form import MADE, plan
from sourcing.ui.view import View, end_page

_NEW = "new"


def choose_meeting(reviews: Reviews, view: View, who: Person) -> meetings.Meeting | None:
    """The meeting that a reader chooses; the means to plan one where none is chosen."""
    if (made := st.session_state.pop(MADE, None)) is not None:
        url_state.put("meeting", made)
    known = meetings.every(reviews)
    names = {str(found.meeting_id): _title(found) for found in known}
    if who.may(Role.REVIEWER):
        names = {_NEW: "Plan a new meeting"} | names
    elif not known:
        st.info("No meeting is planned yet. A reviewer can plan one here.")
        return None
    chosen = url_state.choice("meeting", list(names), str(known[0].meeting_id) if known else _NEW)
    st.selectbox(
        "Meeting", list(names), format_func=names.__getitem__, key=url_state.key("meeting")
    )
    if chosen == _NEW:
        plan(reviews, view, who)
        return None
    return next(found for found in known if str(found.meeting_id) == chosen)


def _title(found: meetings.Meeting) -> str:
    over = ", over" if found.plan.closed else ""
    return f"{isolated(found.plan.title)}, {found.plan.held_on} (no. {found.meeting_id}{over})"


def meeting_of_address(reviews: Reviews) -> meetings.Meeting:
    """The meeting that the address names, else the newest; ends the page where there is none."""
    known = meetings.every(reviews)
    if not known:
        st.info("No meeting is planned yet. Plan one on the page Review.")
        end_page()
    ids = [str(found.meeting_id) for found in known]
    chosen = url_state.choice("meeting", ids, ids[0])
    url_state.remember("meeting", None)  # a newer meeting must not take over its items
    return next(found for found in known if str(found.meeting_id) == chosen)


def start_meeting(found: meetings.Meeting, who: Person) -> None:
    """The way into meeting mode."""
    held = who.may(Role.REVIEWER) and not found.plan.closed
    words = "Hold this meeting" if held else "Look at its items"
    if st.button(words, type="primary" if held else "secondary", icon=":material/co_present:"):
        url_state.go_to("pages/meeting.py", meeting=str(found.meeting_id))


def meeting_files(view: View, found: meetings.Meeting) -> None:
    """The minutes as one HTML file, and the pack with tables; made when asked for."""
    if found.snapshot_id not in view.snapshots():
        st.warning(
            f"The snapshot of {moment(found.snapshot_id)}, which this meeting looks at, is not in "
            "the warehouse any more, so its minutes are without shares."
        )
    words = {"html": "Minutes (HTML)", "zip": "Pack (minutes, CSV, wikitext)"}
    named = {kind: name_of(found.meeting_id, kind) for kind in words}
    st.html(
        '<p class="links">'
        + "".join(
            f'<a href="{html.escape(paper_address(named[kind]), quote=True)}" target="_self" '
            f'download="{named[kind]}" class="paper">{text}</a>'
            for kind, text in words.items()
        )
        + "</p>"
    )


def about_meeting(reviews: Reviews, found: meetings.Meeting) -> None:
    """What a meeting is, in a line."""
    plan, items = found.plan, [i.claim_id for i in meetings.agenda(reviews, found.meeting_id)]
    decided = set(decisions.standing(reviews, found.meeting_id))
    chair, *others = plan.everybody()
    present = ", ".join((f"{chair} (chair)", *others))
    over = "It is over. " if plan.closed else ""
    progress = f"{over}{len(decided & set(items))} of {plural(len(items), 'item')} decided"
    st.markdown(
        f"**{plain(plan.title)}**, {plan.held_on}, {plan.minutes} minutes. {plain(present)}. "
        f"{progress}. It looks at the snapshot of {moment(found.snapshot_id)}."
    )
    for line in plan.notes.splitlines():
        st.caption(plain(line))


def agenda_items(reviews: Reviews, who: Person, found: meetings.Meeting, view: View) -> None:
    """What is on the agenda, with what was decided; a chosen row can be taken off."""
    items = meetings.agenda(reviews, found.meeting_id)
    if not items:
        st.info("Nothing is on the agenda yet. Add claims from the list below.")
        return
    decided = decisions.standing(reviews, found.meeting_id)
    if len(items) > agenda.items_for(found.plan.minutes):
        each = found.plan.minutes * 60 / len(items)
        st.caption(
            f"{plural(len(items), 'item')} for {plural(found.plan.minutes, 'minute')}: "
            f"{each // 60:.0f}:{each % 60:02.0f} minutes each."
        )
    known = _known(view, [item.claim_id for item in items])
    shown = pd.DataFrame(
        {
            "Claim": [known["claim"].get(item.claim_id, item.claim_id) for item in items],
            "Decided": [_decided(decided.get(item.claim_id)) for item in items],
            "Source": [known["source"].get(item.claim_id) for item in items],
            "Points": [100 * item.movable if item.movable else None for item in items],
            "Why": [item.reason for item in items],
        }
    )
    chosen = grid(
        shown,
        f"agenda of {found.meeting_id} {len(items)} {items[0].claim_id}",
        on_select="rerun",
        selection_mode="multi-row",
        column_config=AGENDA_COLUMNS,
    )
    if (rows := chosen.selection.rows) and who.may(Role.REVIEWER):
        words = f"Take {plural(len(rows), 'item')} off the agenda"
        if st.button(words, icon=":material/remove:"):
            for row in rows:
                claim_id = items[row].claim_id
                meetings.record_visit(reviews, who, found.meeting_id, claim_id, "removed")
            st.rerun()


def _decided(found: decisions.Decided | None) -> str:
    return codebook.name(found.label) if found and found.label else ""


def _known(view: View, claims: list[str]) -> pd.DataFrame:
    """Text and source of claims, by their ids."""
    filters = replace(view.filters.without(("source", "topic", "label")), claim=tuple(claims))
    return view.listed("claims", len(claims), filters=filters).set_index("claim_id")
