"""What decisions that are not published yet do to shares, and publishing them."""

import html
import json
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.charts import Column
from sourcing.errors import StoreError
from sourcing.formatting import exact_percent, plural
from sourcing.frame_rows import rows_of
from sourcing.meetings import label_events, preview
from sourcing.reviews import Person, Reviews, Role, answers, decisions
from sourcing.ui import cached_reads, etl_process, url_state
from sourcing.ui.blocks.chart import chart
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import View

_COLUMNS = (Column("Change of the share", "change", "low", "high", mark=0),)


def unpublished(reviews: Reviews, view: View, who: Person) -> None:
    """Each affected share before and after, and the means to publish; says so where none is."""
    st.header("Effect before publishing", anchor=False)
    events = label_events.unpublished(view.snapshot, reviews)
    count = sum(map(len, events.values()))
    if not count:
        some = decisions.count(reviews) or answers.answered_claims(reviews)
        st.markdown(
            "Every decision is published in this snapshot."
            if some
            else "Nothing has been decided or answered yet."
        )
        return
    with st.spinner("Rehearsing …"):
        found = preview.effect(view.snapshot, events, view.filters)
    st.markdown(
        f"{plural(count, 'record')} of the review database, decisions and answers, "
        f"{'is' if count == 1 else 'are'} not in this snapshot. If published now:"
    )
    moved = found[(found["change"] != 0) | (found["claims_before"] != found["claims_after"])]
    once = found.drop_duplicates("source_id")
    confirmed = int((once["provisional_before"] - once["provisional_after"]).sum())
    if confirmed > 0:
        st.markdown(
            f"{plural(confirmed, 'claim')} so far labelled by models only would be confirmed or "
            "corrected by people."
        )
    if moved.empty:
        st.info("No share of these sources would change.")
    else:
        _draw(moved)
    if who.may(Role.ADMIN) and st.button(
        "Publish", type="primary", icon=":material/publish:", key="publish"
    ):
        _publish(who)


def _draw(moved: pd.DataFrame) -> None:
    """Points for the changes, largest first, and the same numbers as a table."""
    order = moved["change"].abs().sort_values(ascending=False).index
    shown = moved.loc[order].head(40).reset_index(drop=True)
    drawn = shown.assign(
        key=[str(place) for place in range(len(shown))],
        title=shown["source"],
        low=float("nan"),
        high=float("nan"),
        colour=[codebook.LOOKS[label].colour for label in shown["label"]],
        words=[_words(row) for row in rows_of(shown)],
        hover=[_hover(row) for row in rows_of(shown)],
    )
    said = "; ".join(f"{row.source} {_words(row)}" for row in rows_of(shown.head(5)))
    chart(charts.points(drawn, "key", _COLUMNS), "effect", f"Changes of shares. {said}.")
    with st.expander("The same numbers as a table"):
        grid(moved, "moved")


def _words(row: Any) -> str:
    return (
        f"{codebook.name(row.label).lower()} {exact_percent(row.share_before)} → "
        f"{exact_percent(row.share_after)} · n {row.resolved_before:,} → {row.resolved_after:,}"
    )


def _hover(row: Any) -> str:
    few = f" · {codebook.TOO_FEW}" if row.too_few_after else ""
    return f"<b>{html.escape(row.source)}</b><br>{_words(row)}{few}"


def _publish(who: Person) -> None:
    """Run the ETL's publish in a process of its own, and say how far it is."""
    who.must_be(Role.ADMIN)
    folder = str(cached_reads.warehouse().folder)
    options = ("--json", "--phases", "--if-waiting", "--warehouse", folder)
    with st.status("Publishing …", expanded=True) as status:
        finished = etl_process.run("publish", *options, say=st.write)
        report = json.loads(finished.output or "{}")
        if finished.failed or not report:
            status.update(label="Nothing was published.", state="error")
            raise StoreError(str(report.get("message") or finished.reason))
        status.update(label="Done.", state="complete")
    url_state.put("snapshot", None)
    st.session_state["published"] = report["message"]
    st.rerun()
