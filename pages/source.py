"""Source: who it is, its shares, how they moved, what about, whom it cites."""

import streamlit as st

from sourcing import ui
from sourcing.filters import only_source
from sourcing.formatting import plural

ROWS = 25
GRAINS = {"month": "Months", "quarter": "Quarters", "year": "Years"}

view = ui.view("Source")
publishers = view.choices.sources
wanted = [source for source in view.filters.source if source in publishers]
of = ui.choice("of", list(publishers), next(iter(wanted or publishers)))
st.selectbox("Source", list(publishers), format_func=ui.distinct(publishers).get, key=ui.key("of"))
filters = only_source(view.filters, of)
source = view.publisher(of)

st.header(ui.plain(source["name"]), anchor=False)
if source["notes"]:
    st.warning(ui.plain(source["notes"]), icon=":material/info:")
ui.facts(
    [
        ("Kind", source["kind"].replace("_", " ")),
        ("Affiliation", source["affiliation"]),
        ("Domain", source["domain"]),
        ("Country", source["country"]),
    ]
)

shares = view.shares(filters=filters)
resolved = int(shares["resolved_claims"].max())
dated = view.count("articles_count", filters)
ui.provisional(int(shares["provisional_claims"].max()), resolved)
if not resolved + int(shares["open_claims"].max()):
    ui.nothing_left()


def open_claims(_row: str, label: str) -> None:
    """Open the claims of this source behind a share."""
    ui.go_to("pages/claims.py", source=[of], label=[label], claim=None, search=None)


ui.block(
    view,
    "shares",
    shares,
    shown=shares.assign(title=shares["source"]),
    row="source_id",
    filters=filters,
    opened=open_claims,
    caption=view.concentration(filters),
)

ui.replies(of)
ui.planned(view, filters)

st.header("Does it hold?", anchor=False)
st.caption("Choose a label to see its share under every other defensible choice.")
ui.of_share(view, filters)

st.header("Over time", anchor=False)
grain = ui.choice("grain", list(GRAINS), "quarter")
st.segmented_control(
    "Periods", list(GRAINS), format_func=GRAINS.get, key=ui.key("grain"), required=True
)
over_time = view.shares(grain, filters)
beside = [f"undated {dated['undated']:,}"]
if dated["year_only"]:
    beside.append(f"dated to a year only {dated['year_only']:,}")
st.caption(
    f"Of {plural(dated['articles'], 'article')}: "
    f"{', '.join(beside)}. Those are in every total, but not in this chart."
)
if over_time.empty:
    st.info("No article that counts here is dated, so there is nothing to show over time.")
else:
    ui.timeline(view, f"shares_by_{grain}", over_time, grain, filters)

st.header("By topic", anchor=False)
topics = view.shares("topic", filters)
titles = topics["topic"].replace("", "no topic given")
ui.block(
    view,
    "shares_by_topic",
    topics,
    shown=ui.one_page(topics.assign(title=titles), "topic", ROWS),
    row="topic",
    filters=filters,
    opened=lambda topic, label: ui.go_to(
        "pages/claims.py", source=[of], topic=[topic or "(none)"], label=[label], claim=None
    ),
)

st.header("Articles", anchor=False)
articles = view.listed("articles", 200, filters=filters)
if dated["articles"] > len(articles):
    st.caption(f"The newest {len(articles):,} of {dated['articles']:,}; the download has all.")
st.caption("Choose a row to see its claims.")
ui.table(
    view,
    "articles",
    articles,
    filters,
    opened=lambda row: ui.go_to("pages/claims.py", source=[of], article=[row["article_id"]]),
)

st.header("Whom it cites", anchor=False)
cited = view.listed("cited", 200, filters=filters)
if cited.empty:
    st.markdown("No citation is on record for these articles.")
else:
    ui.grid(cited, "cited")
    ui.table(view, "cited", None, filters)
