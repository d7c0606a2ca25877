"""What changed since an earlier snapshot: how much, why, and in which claims."""

import html
import textwrap
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.analysis import changes
from sourcing.analysis.changes import CHANGE_CAUSES, Between
from sourcing.analysis.comparison import Side
from sourcing.charts import Column
from sourcing.formatting import exact_percent, plural
from sourcing.frame_rows import rows_of
from sourcing.literal_text import in_chart, isolated
from sourcing.reviews import meetings
from sourcing.ui import cached_reads, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.blocks.claim_rows import claim_rows
from sourcing.ui.blocks.table import table
from sourcing.ui.elements.markdown import moments, plain
from sourcing.ui.view import View, end_page

_COLUMNS = (Column("Change of the share", "change", "low", "high", mark=0),)
_DRAWN, _LISTED = 40, 200
_FITS = 52
"""Characters of small type that fit on one line of a phone."""


def _meetings(view: View) -> dict[str, meetings.Meeting]:
    """The newest meeting of each snapshot older than the one on show, by snapshot id."""
    reviews = cached_reads.reviews_if_any()
    every_meeting = meetings.every(reviews) if reviews else []
    snapshot_ids = set(view.snapshots())
    return {
        meeting.snapshot_id: meeting
        for meeting in reversed(every_meeting)
        if meeting.snapshot_id < view.snapshot.id and meeting.snapshot_id in snapshot_ids
    }


def changed_marker(view: View) -> None:
    """A button that says how many sources' shares changed since the last meeting, if any."""
    by_snapshot = _meetings(view)
    if not by_snapshot:
        return
    last = max(by_snapshot.values(), key=lambda meeting: meeting.meeting_id)
    keys = ["source_id", "label"]
    before = cached_reads.shares(view.other(last.snapshot_id), view.filters).set_index(keys)[
        "share"
    ]
    now = view.shares().set_index(keys)["share"]
    both = pd.concat([before.rename("before"), now.rename("now")], axis=1)
    changed = both[~((both["before"] == both["now"]) | both.isna().all(axis=1))]
    sources = changed.index.get_level_values(0).nunique()
    if sources and st.button(
        f"Changed since the last meeting ({plain(last.plan.title)}, {last.plan.held_on}): shares "
        f"of {plural(sources, 'source')}",
        icon=":material/difference:",
        type="tertiary",
        help="See what changed, and why.",
    ):
        url_state.go_to("pages/since.py", before=last.snapshot_id)


def compared_with(view: View) -> Between:
    """The changes since the snapshot that the reader chooses; ends the page if there is none."""
    older = [name for name in view.snapshots() if name < view.snapshot.id]
    if not older:
        st.info(
            "There is no earlier snapshot. After the next load or `python -m etl publish`, this "
            "page shows what changed and why."
        )
        end_page()
    by_snapshot = _meetings(view)
    last = max(by_snapshot.values(), key=lambda meeting: meeting.meeting_id, default=None)
    before = url_state.choice("before", older, last.snapshot_id if last else older[0])
    names = {name: _named(moment, by_snapshot.get(name)) for name, moment in moments(older).items()}
    st.selectbox(
        "Compared with the snapshot of",
        older,
        format_func=names.__getitem__,
        key=url_state.key("before"),
    )
    return cached_reads.between(
        view.other(before), view.snapshot, changes.applicable_filters(view.filters)
    )


def _named(moment: str, meeting: meetings.Meeting | None) -> str:
    return moment + (
        f" · {isolated(meeting.plan.title)}, {meeting.plan.held_on}" if meeting else ""
    )


def what_changed(view: View, between: Between) -> None:
    """Show the changes of shares and their causes, largest first, as a chart and a table."""
    parts = between.parts()
    if parts.empty:
        st.info("No claim changed since that snapshot.")
        end_page()
    st.markdown(_summary(parts, between.counts()))
    frame = view.named(_rows(parts), between.older)
    changed = frame[frame["change"].fillna(0) != 0]
    if changed.empty:
        st.markdown("No share that is defined in both snapshots has changed.")
    else:
        points = changed.head(_DRAWN).reset_index(drop=True)
        points["hover"] = [
            f"<b>{in_chart(row.title)}</b><br>{row.hover}" for row in rows_of(points)
        ]
        names = "; ".join(f"{row.title} {row.words}" for row in rows_of(points.head(5)))
        chart(
            charts.points(points, "key", _COLUMNS),
            "since",
            f"Changes of shares. {names}.",
            lambda key, _: _look_at(*key.split("\n")),
            "Click a change to see the claims behind it.",
        )
        if len(changed) > _DRAWN:
            st.caption(
                f"The largest {_DRAWN} of {len(changed):,} changes. The table has all of them."
            )
    st.html(
        f'<p class="counted">{html.escape(view.sentence(between.filters))} The parts of a change '
        "add up to it before rounding. Each part compares the claims of that cause with the "
        "share before.</p>"
    )
    table(
        view,
        "since",
        parts,
        between.filters,
        other_side=(("other_snapshot", between.newer.id),),
        snapshot=between.older,
        sides=[Side(between.older, between.filters), Side(between.newer, between.filters)],
    )


def _summary(parts: pd.DataFrame, counts: dict[str, int]) -> str:
    by_cause = [
        f"{CHANGE_CAUSES[cause].lower()} {counts[cause]:,}"
        for cause in CHANGE_CAUSES
        if cause in counts
    ]
    sources = plural(parts["source_id"].nunique(), "source")
    return f"**Changed claims of {sources}:** {', '.join(by_cause)}."


def _rows(parts: pd.DataFrame) -> pd.DataFrame:
    """A row for each source and label, largest change first, with its causes in words."""
    rows = []
    for _, part in parts.groupby(["source_id", "label"], sort=False):
        first = part.iloc[0]
        source_id, label = str(first["source_id"]), str(first["label"])
        causes = [
            f"{CHANGE_CAUSES[row.cause].lower()} {_signed(row.part)}"
            for row in rows_of(part)
            if row.part
        ]
        words = (
            f"{codebook.name(label).lower()} {_signed(first['change'])} points, "
            f"{exact_percent(first['share_before'])} → {exact_percent(first['share_after'])}"
        )
        counts = f"n {first['resolved_before']:,} → {first['resolved_after']:,} resolved claims"
        rows.append(
            {
                "key": f"{source_id}\n{label}",
                "source_id": source_id,
                "change": first["change"],
                "low": float("nan"),
                "high": float("nan"),
                "colour": codebook.LOOKS[label].colour,
                "words": "<br>".join((words, *textwrap.wrap(", ".join(causes), _FITS))),
                "hover": "<br>".join([words, counts, *causes]),
            }
        )
    frame = pd.DataFrame(rows)
    order = frame["change"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


def _signed(change: float) -> str:
    """A difference of shares (0–1) in points, with its sign."""
    if pd.isna(change):
        return "–"
    return f"{100 * change:+.1f}".replace("-", "−") if abs(change) >= 0.0005 else "0.0"


def _look_at(source_id: str, label: str) -> None:
    """Choose a source and a label in the list of claims below."""
    url_state.put("of", source_id)
    url_state.put("on", label)


def claims_behind(view: View, between: Between) -> None:
    """List the changed claims, optionally of one source, label or cause."""
    st.header("Changed claims", anchor=False)
    parts = between.parts()
    names = view.names(between.older)
    sources = {source: names[source] for source in parts["source_id"].unique()}
    of = url_state.optional("of", list(sources))
    on = url_state.optional("on", list(map(str, parts["label"].unique())))
    cause = url_state.optional(
        "cause", [name for name in CHANGE_CAUSES if name in set(parts["cause"])]
    )
    columns = st.columns(3)
    choices: list[tuple[str, str, dict[str, str]]] = [
        ("Source", "of", sources),
        (
            "Label, before or after",
            "on",
            {str(x): codebook.name(x) for x in parts["label"].unique()},
        ),
        (
            "Cause",
            "cause",
            {x: CHANGE_CAUSES[x] for x in CHANGE_CAUSES if x in set(parts["cause"])},
        ),
    ]
    for column, (words, name, options) in zip(columns, choices, strict=True):
        column.selectbox(
            words,
            list(options),
            index=None,
            format_func=options.__getitem__,
            key=url_state.key(name),
            placeholder="All",
        )
    rows = between.claims(_as_filter(of), _as_filter(on), _as_filter(cause), _LISTED + 1)
    if len(rows) > _LISTED:
        st.caption(f"The first {_LISTED:,} claims. The download has all of them.")
    _list(rows.head(_LISTED))
    table(
        view,
        "changed_claims",
        None,
        between.filters,
        other_side=(("other_snapshot", between.newer.id),),
        snapshot=between.older,
        sides=[Side(between.older, between.filters), Side(between.newer, between.filters)],
    )


def _as_filter(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _list(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.markdown("No claim matches.")
        return
    st.caption("Choose a row to open its claim.")
    frame = pd.DataFrame(
        {
            "Claim": rows["claim"],
            "Why": rows["cause"].map(dict(CHANGE_CAUSES)),
            "Before": [_before(row) for row in rows_of(rows)],
            "After": [_after(row) for row in rows_of(rows)],
        }
    )
    claim_rows(frame, rows, "changed claims")


def _before(row: Any) -> str:
    """The answer before; a claim without a source was not counted then."""
    if pd.isna(row.source_before):
        return "Was not there" if row.cause == "new_articles" else "Was not counted here"
    return _answer(row.answer_before)


def _after(row: Any) -> str:
    """The answer after; a claim without a source is gone, or no longer matches the filters."""
    return "No longer counted here" if pd.isna(row.source_after) else _answer(row.answer_after)


def _answer(value: Any) -> str:
    return "Open" if pd.isna(value) else codebook.name(value)
