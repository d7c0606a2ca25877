"""A meeting as a package: minutes, CSV tables with their descriptions, and a wiki table."""

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
    "agenda": "The claims on the agenda, the reasons and the outcomes.",
    "decisions": "Every decision of the meeting in order, including those taken back.",
    "shares": "Shares (0–1) of the sources concerned before and after the decisions.",
    "replies": "Questions to the publishers concerned, and their answers.",
}


def files(record: Minutes, made_at: datetime) -> dict[str, bytes]:
    """The files of the package by name."""
    tables = {
        "agenda": record.agenda,
        "decisions": record.decisions,
        "shares": record.effect,
        "replies": record.replies,
    }
    made_on = f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    contents = {f"{name}.csv": b"".join(_csv(frame, record)) for name, frame in tables.items()}
    return {
        "minutes.html": minutes.html(record, made_on).encode(),
        **contents,
        "sources.wikitext": wikitext(
            _named(record), record.meeting.plan.chair, _of(record)
        ).encode(),
        "datapackage.json": _described(record, tables, made_at),
    }


def _named(record: Minutes) -> pd.DataFrame:
    """The effect with names that no two sources share, for readers of the wiki."""
    return record.effect.assign(source=record.effect["source_id"].map(record.names))


def zipped(record: Minutes, made_at: datetime) -> bytes:
    """The package as a zip file; the same contents give the same bytes."""
    buffer = io.BytesIO()
    stamp = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files(record, made_at).items():
            package.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _head(record: Minutes) -> list[tuple[str, str]]:
    return [("snapshot", record.meeting.snapshot_id), ("meeting", str(record.meeting.meeting_id))]


def _csv(frame: pd.DataFrame, record: Minutes) -> Iterator[bytes]:
    return csv_format.lines(list(frame.columns), [row_tuples(frame)], _head(record))


def _described(record: Minutes, tables: dict[str, pd.DataFrame], made_at: datetime) -> bytes:
    """The description of the tables as a Frictionless Data Package."""
    plan = record.meeting.plan
    package = {
        "name": f"meeting-{record.meeting.meeting_id}",
        "title": plan.title,
        "description": (
            f"{codebook.SHARE_CAUTION} Cells that a spreadsheet would run as a formula start "
            "with an apostrophe."
            + (" The snapshot is gone, so there are no shares." if record.gone else "")
        ),
        "created": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "contributors": [{"title": name} for name in plan.everybody()],
        "snapshot": record.meeting.snapshot_id,
        "codebook_version": record.meeting.codebook_version,
        "counted": record.counted,
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "description": _MEANINGS[name],
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig",
                "schema": {"fields": [_field(name) for name in _columns(record, frame)]},
            }
            for name, frame in tables.items()
        ],
    }
    return json.dumps(package, indent=2, ensure_ascii=False).encode() + b"\n"


def _columns(record: Minutes, frame: pd.DataFrame) -> list[str]:
    return [*(name for name, _ in _head(record)), *map(str, frame.columns)]


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
    """The sources with their shares as a wiki table of assessments.

    The assessments themselves are left blank on purpose: shares and intervals go into the
    justification of reliability but do not decide it. All rows are one unnamed parameter.
    """
    rows = [
        "{{source assess | source = " + _wiki(str(part["source"].iloc[0]))
        + " | independence = | ind_just = | reliability = | rel_just = " + _shares(part, of)
        + " | significance = | sig_just = }}"
        for _, part in effect.groupby("source_id", sort=False)
    ]  # fmt: skip
    return "\n".join(["{{source assess table | user = " + _wiki(user) + " |", *rows, "}}"]) + "\n"


def _of(record: Minutes) -> str:
    """What the shares describe: the snapshot with the decisions of the meeting."""
    return (
        f"snapshot {record.meeting.snapshot_id} with the decisions of {record.meeting.plan.held_on}"
    )


def _shares(part: pd.DataFrame, of: str) -> str:
    rows: Iterator[Any] = iter(part.itertuples())
    shares = [
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
    return f"{', '.join(shares) or 'nothing resolved'}; {counts}{few}; {_wiki(of)}"


def _wiki(text: str) -> str:
    """The text with every character escaped that can be markup, a signature or an entity."""
    return "".join(f"&#{ord(c)};" if c in _MARKUP else c for c in " ".join(text.split()))


_MARKUP = "{}[]|<>='&~_*#:;"
