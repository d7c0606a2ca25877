"""The effect of unpublished decisions on shares, and publishing them."""

import json
from typing import Any

import pandas as pd
import streamlit as st

from sourcing import charts, codebook
from sourcing.charts import Column
from sourcing.errors import StoreError
from sourcing.formatting import exact_percent, plural
from sourcing.frame_rows import rows_of
from sourcing.literal_text import in_chart
from sourcing.meetings import label_events, preview
from sourcing.reviews import Person, Reviews, Role, answers, decisions
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
    count = sum(map(len, events.values()))
    if not count:
        anything = decisions.count(reviews) or answers.answered_claims(reviews)
        st.markdown(
            "This snapshot includes every decision."
            if anything
            else "Nothing has been decided or answered yet."
        )
        return
    with st.spinner("Computing the effect …"):
        effect = preview.effect(view.snapshot, events, view.filters)
    st.markdown(
        f"{plural(count, 'decision or answer', 'decisions and answers')} "
        f"{'is' if count == 1 else 'are'} not in this snapshot yet. If published now:"
    )
    changed = effect[(effect["change"] != 0) | (effect["claims_before"] != effect["claims_after"])]
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
