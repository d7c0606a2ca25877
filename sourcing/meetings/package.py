"""A meeting as a package: minutes, tables as CSV, what they mean, and a table for a wiki."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from sourcing import codebook, csv_format
from sourcing.formatting import plural
from sourcing.frame_rows import row_tuples
from sourcing.meetings import minutes
from sourcing.meetings.minutes import Minutes

_TYPES = {
    "place": "integer",
    "number": "integer",
    "movable": "number",
    "guideline_gap": "boolean",
    "holds": "boolean",
    "decided_at": "datetime",
}
_MEANINGS = {
    "agenda": "What was on the agenda, why, and what came of it.",
    "decisions": "Every decision of the meeting in order, also those that were taken back.",
    "shares": "Shares of the sources concerned before the decisions and after (0–1).",
    "replies": "What the publishers concerned were asked, and answered.",
}


def files(found: Minutes, made_at: datetime) -> dict[str, bytes]:
    """The files of the package by name."""
    tables = {
        "agenda": found.agenda,
        "decisions": found.decisions,
        "shares": found.effect,
        "replies": found.replies,
    }
    made_on = f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    contents = {f"{name}.csv": b"".join(_csv(frame, found)) for name, frame in tables.items()}
    return {
        "minutes.html": minutes.html(found, made_on).encode(),
        **contents,
        "sources.wikitext": wikitext(found.effect, found.meeting.plan.chair, _of(found)).encode(),
        "datapackage.json": _described(found, tables, made_at),
    }


def zipped(found: Minutes, made_at: datetime) -> bytes:
    """The package as a zip file: the same contents, the same bytes."""
    buffer = io.BytesIO()
    stamp = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files(found, made_at).items():
            package.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _head(found: Minutes) -> list[tuple[str, str]]:
    return [("snapshot", found.meeting.snapshot_id), ("meeting", str(found.meeting.meeting_id))]


def _csv(frame: pd.DataFrame, found: Minutes) -> Iterator[bytes]:
    return csv_format.lines(list(frame.columns), [row_tuples(frame)], _head(found))


def _described(found: Minutes, tables: dict[str, pd.DataFrame], made_at: datetime) -> bytes:
    """What the files hold, as Frictionless Data describes it (Data Package)."""
    plan = found.meeting.plan
    described = {
        "name": f"meeting-{found.meeting.meeting_id}",
        "title": plan.title,
        "description": (
            f"{codebook.SHARE_CAUTION} Cells that a spreadsheet would run as a formula start "
            "with an apostrophe."
            + (" The snapshot is gone, so there are no shares." if found.gone else "")
        ),
        "created": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "contributors": [{"title": name} for name in plan.everybody()],
        "snapshot": found.meeting.snapshot_id,
        "codebook_version": found.meeting.codebook_version,
        "counted": found.counted,
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "description": _MEANINGS[name],
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig",
                "schema": {"fields": [_field(name) for name in _columns(found, frame)]},
            }
            for name, frame in tables.items()
        ],
    }
    return json.dumps(described, indent=2, ensure_ascii=False).encode() + b"\n"


def _columns(found: Minutes, frame: pd.DataFrame) -> list[str]:
    return [*(name for name, _ in _head(found)), *map(str, frame.columns)]


def _field(name: str) -> dict[str, str]:
    kind = _TYPES.get(name, "string")
    if name.startswith(("claims_", "resolved_", "articles_", "provisional_")):
        kind = "integer"
    elif name == "change" or name.startswith(("share_", "low_", "high_")):
        kind = "number"
    elif name.startswith("too_few_"):
        kind = "boolean"
    return {"name": name, "type": kind} | ({"format": "any"} if kind == "datetime" else {})


def wikitext(effect: pd.DataFrame, user: str, of: str) -> str:
    """The sources with their shares as a wiki's table of assessments.

    What is asked of a source there is left blank on purpose: shares and intervals stand in the
    justification of its reliability, and say nothing of it. All rows are one unnamed parameter.
    """
    rows = [
        "{{source assess | source = " + _wiki(str(part["source"].iloc[0]))
        + " | independence = | ind_just = | reliability = | rel_just = " + _shares(part, of)
        + " | significance = | sig_just = }}"
        for _, part in effect.groupby("source_id", sort=False)
    ]  # fmt: skip
    return "\n".join(["{{source assess table | user = " + _wiki(user) + " |", *rows, "}}"]) + "\n"


def _of(found: Minutes) -> str:
    """What the shares are of: the snapshot with the decisions of the meeting."""
    return (
        f"snapshot {found.meeting.snapshot_id} with the decisions of {found.meeting.plan.held_on}"
    )


def _shares(part: pd.DataFrame, of: str) -> str:
    rows: Iterator[Any] = iter(part.itertuples())
    said = [
        f"{codebook.name(str(row.label)).lower()} {100 * row.share_after:.0f} %"
        + ("" if pd.isna(row.low_after) else
           f" ({100 * row.low_after:.0f}–{100 * row.high_after:.0f} %)")
        for row in rows
        if not pd.isna(row.share_after)
    ]  # fmt: skip
    first = part.iloc[0]
    claims, articles = int(first["resolved_after"]), int(first["articles_after"])
    counts = f"{plural(claims, 'claim')} in {plural(articles, 'article')}"
    few = f"; {codebook.TOO_FEW}" if first["too_few_after"] else ""
    return f"{', '.join(said) or 'nothing resolved'}; {counts}{few}; {_wiki(of)}"


def _wiki(text: str) -> str:
    """A text that is no wikitext: what opens templates, links or tags shows as it is."""
    return "".join(f"&#{ord(c)};" if c in "{}[]|<>='" else c for c in " ".join(text.split()))
