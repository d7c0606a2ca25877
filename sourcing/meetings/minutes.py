"""The minutes of a meeting: decisions, reasons and the effect on shares.

One self-contained HTML file that needs no network and prints on A4, and tables for the package.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.formatting import UNDEFINED, exact_percent
from sourcing.frame_rows import with_none
from sourcing.meetings import label_events, preview
from sourcing.reviews import Reviews, decisions, meetings, remarks
from sourcing.reviews.meetings import Meeting
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Snapshot

AGENDA = "place claim_id claim source_id source reason movable outcome then".split()
DECISIONS = (
    "claim_id claim source_id source label attribution rationale evidence_url contested_by "
    "decided_by decided_at present dissent cause guideline_gap guideline_note codebook_version "
    "number holds then"
).split()
REPLIES = "source_id claim_id asked asked_on answer answered_on recorded_by".split()

SKIPPED, OPEN, BACK = "skipped", "not reached", "taken back"


After = Mapping[int, decisions.Decided]
"""Decisions by the number of the decision that they supersede."""


@dataclass(frozen=True)
class Minutes:
    """The minutes of a meeting. agenda, decisions, replies: columns AGENDA, DECISIONS, REPLIES.

    holds: whether a decision holds today; then: what became of one that does not.  effect:
    `preview.effect` of the decisions that held at the end of the meeting on the snapshot that it
    looked at; empty if that snapshot is gone (gone). counted: what those shares count, a sentence.
    names: of sources, by id.
    """

    meeting: Meeting
    agenda: pd.DataFrame
    decisions: pd.DataFrame
    effect: pd.DataFrame
    replies: pd.DataFrame
    counted: str
    made_up: bool
    names: Mapping[str, str]
    gone: bool = False


def of_meeting(reviews: Reviews, snapshot: Snapshot, meeting: Meeting) -> Minutes:
    """Gather the minutes. snapshot: the one that the meeting looked at, or any other if it is gone.

    Without it there are no shares before and after, as the effect depends on all its labels.
    """
    items = meetings.agenda(reviews, meeting.meeting_id)
    every = decisions.every(reviews)
    own = [item for item in every if item.meeting_id == meeting.meeting_id]
    after = {item.supersedes: item for item in every if item.supersedes is not None}
    claims = list(dict.fromkeys([*(i.claim_id for i in items), *(d.claim_id for d in own)]))
    rows = _claim_rows(snapshot, claims)
    last = {item.claim_id: item for item in own}  # the meeting's last decision on each claim
    gone = snapshot.id != meeting.snapshot_id
    standing = [item for item in last.values() if item.label is not None and not gone]
    new = {f"{label_events.DECISIONS} of this meeting": label_events.of_decisions(standing)}
    filters = Filters()
    agenda = _agenda(reviews, meeting, items, last, rows, after)
    sources = dict.fromkeys(agenda["source_id"].dropna())
    replies = [
        {name: getattr(reply, name) for name in REPLIES}
        for source in sources
        for reply in remarks.replies_of(reviews, source)
    ]
    return Minutes(
        meeting=meeting,
        agenda=agenda,
        decisions=pd.DataFrame([_decision(item, rows, after) for item in own], columns=DECISIONS),
        effect=preview.effect(snapshot, new, filters),
        replies=pd.DataFrame(replies, columns=REPLIES),
        counted=filters.sentence(),
        made_up=bool(queries.status(snapshot)["made_up"]),
        names=queries.source_names(snapshot),
        gone=gone,
    )


def _claim_rows(snapshot: Snapshot, claims: list[str]) -> dict[str, Any]:
    """The rows of these claims by id; claims that the snapshot does not hold are left out."""
    frame = queries.listed(snapshot, "claims", Filters(claim=tuple(claims))) if claims else None
    if frame is None:
        return {}
    rows: Iterator[Any] = iter(frame.itertuples())
    return {row.claim_id: row for row in rows}


def _of_claim(claim_id: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    row = rows.get(claim_id)
    return {
        "claim_id": claim_id,
        "claim": row.claim if row else None,
        "source_id": row.source_id if row else None,
        "source": row.source if row else None,
    }


def _agenda(
    reviews: Reviews,
    meeting: Meeting,
    items: list[meetings.Item],
    decided: Mapping[str, decisions.Decided],
    claims: Mapping[str, Any],
    after: After,
) -> pd.DataFrame:
    visits = meetings.visited(reviews, meeting.meeting_id)
    skipped = {claim for claim, kind, _ in visits if kind == SKIPPED}
    lines = []
    for place, item in enumerate(items, 1):
        decision = decided.get(item.claim_id)
        open_ = SKIPPED if item.claim_id in skipped else OPEN
        lines.append(
            {
                "place": place,
                **_of_claim(item.claim_id, claims),
                "reason": item.reason,
                "movable": item.movable,
                "outcome": (decision.label or BACK) if decision else open_,
                "then": _then(decision, after) if decision else "",
            }
        )
    return pd.DataFrame(lines, columns=AGENDA)


def _decision(item: decisions.Decided, claims: Mapping[str, Any], after: After) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in DECISIONS if hasattr(item, name)}
    return {
        **own,
        **_of_claim(item.claim_id, claims),
        "label": item.label or "(taken back)",
        "decided_at": item.decided_at.replace(tzinfo=None),
        "present": "; ".join(item.present),
        "holds": item.label is not None and item.decision_id not in after,
        "then": _then(item, after),
    }


def _then(item: decisions.Decided, after: After) -> str:
    """What became of a decision; empty if it was not superseded."""
    later = after.get(item.decision_id)
    if later is None:
        return ""
    words = "decided again" if later.label else BACK
    elsewhere = later.meeting_id is not None and later.meeting_id != item.meeting_id
    return words + (f" in meeting no. {later.meeting_id}" if elsewhere else "")


def html(minutes: Minutes, made_on: str) -> str:
    """The minutes as one page. made_on: the time at which they were made, for display."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = exact_percent
    environment.filters["interval"] = _interval
    environment.filters["name"] = _name
    plain = with_none(minutes.effect)
    return environment.get_template("minutes.html").render(
        meeting=minutes.meeting,
        plan=minutes.meeting.plan,
        agenda=_records(minutes.agenda),
        decisions=_records(minutes.decisions),
        gaps=[row for row in _records(minutes.decisions) if _gap(row)],
        replies=_records(minutes.replies),
        names=minutes.names,
        everybody="; ".join(minutes.meeting.plan.everybody()),
        sources=[
            {"name": minutes.names[rows[0]["source_id"]], "rows": rows, "bars": _bars(rows)}
            for rows in (
                part.to_dict("records") for _, part in plain.groupby("source_id", sort=False)
            )
        ],
        looks=[(str(label), codebook.LOOKS[label]) for label in codebook.Label],
        counted=minutes.counted,
        made_up=minutes.made_up,
        gone=minutes.gone,
        made_on=made_on,
        caution=codebook.CAUTION,
        too_few=codebook.TOO_FEW,
        too_few_rule=codebook.TOO_FEW_RULE,
    )


def _gap(row: Mapping[str, Any]) -> bool:
    """Whether a decision that held at the end of the meeting notes a gap in the codebook."""
    stood = row["holds"] or row["then"].partition(" in meeting")[2]
    return bool(stood and (row["guideline_gap"] or row["guideline_note"]))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records = with_none(frame).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


def _bars(rows: list[Any]) -> list[dict[str, Any]]:
    """Segments of a source's two bars: end, label, and start and width in per cent."""
    bars = []
    for end in ("before", "after"):
        start = 0.0
        for row in rows:
            width = 100 * (row[f"share_{end}"] or 0)
            bars.append({"end": end, "label": row["label"], "start": start, "width": width})
            start += width
    return bars


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return UNDEFINED
    return f"{exact_percent(low)} to {exact_percent(high)}"


def _name(key: str | None) -> str:
    return codebook.name(key) if key else ""
