"""What a meeting leaves behind: what was decided, why, and what it did to the shares.

One self-contained HTML file that needs no network and prints on A4, and tables for the pack.
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
"""Decisions by the number of the one that they supersede."""


@dataclass(frozen=True)
class Minutes:
    """A meeting, told. agenda, decisions and replies: columns AGENDA, DECISIONS, REPLIES.

    holds: whether a decision holds today; then: what became of one that does not.  effect:
    whatif.effect of what the meeting decided, as it left it, on the snapshot that it looked at;
    nothing where that snapshot is gone. counted: the sentence of what those shares count.
    """

    meeting: Meeting
    agenda: pd.DataFrame
    decisions: pd.DataFrame
    effect: pd.DataFrame
    replies: pd.DataFrame
    counted: str
    made_up: bool
    gone: bool = False


def of_meeting(reviews: Reviews, snapshot: Snapshot, meeting: Meeting) -> Minutes:
    """Gather the minutes; snapshot: the one that the meeting looked at, any other where it is gone.

    Without it there are no shares before and after: what the decisions do depends on all labels.
    """
    items = meetings.agenda(reviews, meeting.meeting_id)
    every = decisions.every(reviews)
    made = [item for item in every if item.meeting_id == meeting.meeting_id]
    after = {item.supersedes: item for item in every if item.supersedes is not None}
    claims = list(dict.fromkeys([*(i.claim_id for i in items), *(d.claim_id for d in made)]))
    known = _known(snapshot, claims)
    left = {item.claim_id: item for item in made}  # the last word of this meeting on each claim
    gone = snapshot.id != meeting.snapshot_id
    standing = [item for item in left.values() if item.label is not None and not gone]
    new = {f"{label_events.DECISIONS} of this meeting": label_events.of_decisions(standing)}
    filters = Filters()
    agenda = _agenda(reviews, meeting, items, left, known, after)
    sources = dict.fromkeys(agenda["source_id"].dropna())
    replies = [
        {name: getattr(reply, name) for name in REPLIES}
        for source in sources
        for reply in remarks.replies_of(reviews, source)
    ]
    return Minutes(
        meeting=meeting,
        agenda=agenda,
        decisions=pd.DataFrame([_decision(item, known, after) for item in made], columns=DECISIONS),
        effect=preview.effect(snapshot, new, filters),
        replies=pd.DataFrame(replies, columns=REPLIES),
        counted=filters.sentence(),
        made_up=bool(queries.status(snapshot)["made_up"]),
        gone=gone,
    )


def _known(snapshot: Snapshot, claims: list[str]) -> dict[str, Any]:
    """Text and source by claim; a claim that the snapshot lacks has none."""
    found = queries.listed(snapshot, "claims", Filters(claim=tuple(claims))) if claims else None
    if found is None:
        return {}
    rows: Iterator[Any] = iter(found.itertuples())
    return {row.claim_id: row for row in rows}


def _of_claim(claim_id: str, known: Mapping[str, Any]) -> dict[str, Any]:
    row = known.get(claim_id)
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
    left: Mapping[str, decisions.Decided],
    known: Mapping[str, Any],
    after: After,
) -> pd.DataFrame:
    visits = meetings.visited(reviews, meeting.meeting_id)
    skipped = {claim for claim, kind, _ in visits if kind == SKIPPED}
    rows = []
    for place, item in enumerate(items, 1):
        last = left.get(item.claim_id)
        open_ = SKIPPED if item.claim_id in skipped else OPEN
        rows.append(
            {
                "place": place,
                **_of_claim(item.claim_id, known),
                "reason": item.reason,
                "movable": item.movable,
                "outcome": (last.label or BACK) if last else open_,
                "then": _then(last, after) if last else "",
            }
        )
    return pd.DataFrame(rows, columns=AGENDA)


def _decision(item: decisions.Decided, known: Mapping[str, Any], after: After) -> dict[str, Any]:
    own = {name: getattr(item, name) for name in DECISIONS if hasattr(item, name)}
    return {
        **own,
        **_of_claim(item.claim_id, known),
        "label": item.label or "(taken back)",
        "decided_at": item.decided_at.replace(tzinfo=None),
        "present": "; ".join(item.present),
        "holds": item.label is not None and item.decision_id not in after,
        "then": _then(item, after),
    }


def _then(item: decisions.Decided, after: After) -> str:
    """What became of a decision; nothing where none came after it."""
    found = after.get(item.decision_id)
    if found is None:
        return ""
    words = "decided anew" if found.label else BACK
    elsewhere = found.meeting_id is not None and found.meeting_id != item.meeting_id
    return words + (f" in meeting no. {found.meeting_id}" if elsewhere else "")


def html(minutes: Minutes, made_on: str) -> str:
    """The minutes as one page. made_on: when, as a reader sees it."""
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
        names=dict(zip(minutes.agenda["source_id"], minutes.agenda["source"], strict=True)),
        everybody="; ".join(minutes.meeting.plan.everybody()),
        sources=[
            {"name": rows[0]["source"], "rows": rows, "bars": _bars(rows)}
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
    """Whether a decision of the meeting that stood notes a gap in the codebook."""
    stood = row["holds"] or row["then"].partition(" in meeting")[2]
    return bool(stood and (row["guideline_gap"] or row["guideline_note"]))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records = with_none(frame).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


def _bars(rows: list[Any]) -> list[dict[str, Any]]:
    """Segments of the two bars of a source: which, label, start and width in per cent."""
    found = []
    for end in ("before", "after"):
        start = 0.0
        for row in rows:
            width = 100 * (row[f"share_{end}"] or 0)
            found.append({"end": end, "label": row["label"], "start": start, "width": width})
            start += width
    return found


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return UNDEFINED
    return f"{exact_percent(low)} to {exact_percent(high)}"


def _name(key: str | None) -> str:
    return codebook.name(key) if key else ""
