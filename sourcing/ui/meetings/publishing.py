"""The effect of unpublished decisions on shares, and publishing them."""

import json
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.charts import Column
from sourcing.errors import StoreError
from sourcing.formatting import exact_percent, listed, plural
from sourcing.frame_rows import rows_of
from sourcing.literal_text import in_chart
from sourcing.meetings import label_events, preview, withdrawal_events
from sourcing.meetings.preview import Events
from sourcing.reviews import Person, Reviews, Role, answers, decisions, withdrawals
from sourcing.ui import cached_reads, etl_process, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.elements.grid import grid
from sourcing.ui.elements.sentences import shown_literally
from sourcing.ui.view import View

_COLUMNS = (Column("Change of the share", "change", "low", "high", mark=0),)


def unpublished(reviews: Reviews, view: View, who: Person) -> None:
    """Each affected share before and after, and a button to publish; says if nothing is new."""
    st.header("Effect before publishing", anchor=False)
    events = label_events.unpublished(view.snapshot, reviews)
    withdrawn = withdrawal_events.unpublished(view.snapshot, reviews)
    waiting = _waiting(events, withdrawn)
    if not waiting:
        st.markdown(_nothing_waiting(reviews))
        return
    with st.spinner("Computing the effect …"):
        effect = preview.effect(view.snapshot, events, view.filters, withdrawn)
    st.markdown(f"{waiting} not in this snapshot yet. If published now:")
    changed = effect[
        (effect["change"].fillna(0) != 0)
        | (effect["claims_before"] != effect["claims_after"])
        | (effect["share_before"].isna() != effect["share_after"].isna())
    ]
    sources = effect.drop_duplicates("source_id")
    confirmed = int((sources["provisional_before"] - sources["provisional_after"]).sum())
    if confirmed > 0:
        st.markdown(
            f"People would confirm or correct {plural(confirmed, 'claim')} labelled by models only."
        )
    if changed.empty:
        st.info("No share of these sources would change.")
    else:
        _draw(view, changed)
    if who.may(Role.ADMIN) and st.button(
        "Publish", type="primary", icon=":material/publish:", key="publish"
    ):
        _publish(who)


def _waiting(events: Events, withdrawn: Events) -> str:
    """How much waits to be published, with its verb; empty if nothing does."""
    back = [bool(end) for frame in withdrawn.values() for end in frame["back"]]
    counts = (
        (sum(map(len, events.values())), "decision or answer", "decisions and answers"),
        (back.count(False), "withdrawal", "withdrawals"),
        (back.count(True), "end of a withdrawal", "ends of withdrawals"),
    )
    words = listed([plural(number, *nouns) for number, *nouns in counts if number])
    only_one = sum(number for number, *_ in counts) == 1
    return f"{words} {'is' if only_one else 'are'}" if words else ""


def _nothing_waiting(reviews: Reviews) -> str:
    if decisions.count(reviews) or answers.answered_claims(reviews) or withdrawals.count(reviews):
        return "This snapshot includes every decision."
    return "Nothing has been decided or answered yet."


def _draw(view: View, changed: pd.DataFrame) -> None:
    """Draw the changes as points, largest first, with the same numbers as a table."""
    order = changed["change"].abs().sort_values(ascending=False).index
    rows = view.named(changed.loc[order].head(40).reset_index(drop=True))
    points = rows.assign(
        key=[str(place) for place in range(len(rows))],
        low=float("nan"),
        high=float("nan"),
        colour=[codebook.LOOKS[label].colour for label in rows["label"]],
        words=[_words(row) for row in rows_of(rows)],
        hover=[_hover(row) for row in rows_of(rows)],
    )
    summary = "; ".join(f"{row.title} {_words(row)}" for row in rows_of(rows.head(5)))
    chart(charts.points(points, "key", _COLUMNS), "effect", f"Changes of shares. {summary}.")
    with st.expander("The same numbers as a table"):
        grid(changed, "moved")


def _words(row: Any) -> str:
    return (
        f"{codebook.name(row.label).lower()} {exact_percent(row.share_before)} → "
        f"{exact_percent(row.share_after)} · n {row.resolved_before:,} → {row.resolved_after:,}"
    )


def _hover(row: Any) -> str:
    few = f" · {codebook.TOO_FEW}" if row.too_few_after else ""
    return f"<b>{in_chart(row.title)}</b><br>{_words(row)}{few}"


def _say(line: str) -> None:
    st.markdown(shown_literally(line))


def _publish(who: Person) -> None:
    """Run the ETL's publish in a process of its own, and show its progress."""
    who.must_be(Role.ADMIN)
    folder = str(cached_reads.warehouse().folder)
    options = ("--json", "--phases", "--if-waiting", "--warehouse", folder)
    with st.status("Publishing …", expanded=True) as status:
        finished = etl_process.run("publish", *options, say=_say)
        report = json.loads(finished.output or "{}")
        if finished.failed or not report:
            status.update(label="Nothing was published.", state="error")
            raise StoreError(str(report.get("message") or finished.reason))
        status.update(label="Done.", state="complete")
    url_state.put("snapshot", None)
    st.session_state["published"] = report["message"]
    st.rerun()
