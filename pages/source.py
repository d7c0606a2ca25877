"""Source: its facts, shares, changes over time, topics, articles and citations."""

import streamlit as st

from sourcing.filters import only_source
from sourcing.formatting import plural
from sourcing.ui import url_state
from sourcing.ui.blocks.amended import included_sources
from sourcing.ui.blocks.share_block import choose_grain, share_block, share_timeline
from sourcing.ui.blocks.table import table
from sourcing.ui.claims.remarks import replies
from sourcing.ui.elements.cautions import nothing_left, provisional_note
from sourcing.ui.elements.figures import facts
from sourcing.ui.elements.grid import grid
from sourcing.ui.elements.markdown import plain
from sourcing.ui.elements.pager import one_page
from sourcing.ui.shares.precision import more_articles
from sourcing.ui.shares.robustness import share_robustness
from sourcing.ui.view import titled_view

ROWS = 25

view = titled_view("Source")
publishers = view.choices.sources
filtered = [source for source in view.filters.source if source in publishers]
of = url_state.choice("of", list(publishers), next(iter(filtered or publishers)))
st.selectbox(
    "Source", list(publishers), format_func=publishers.__getitem__, key=url_state.key("of")
)
filters = only_source(view.filters, of)
source = view.publisher(of)

st.header(plain(publishers[of]), anchor=False)
included_sources(view, of)
if source["notes"]:
    st.warning(plain(source["notes"]), icon=":material/info:")
facts(
    [
        ("Kind", source["kind"].replace("_", " ")),
        ("Affiliation", source["affiliation"]),
        ("Domain", source["domain"]),
        ("Country", source["country"]),
    ]
)

shares = view.shares(filters=filters)
resolved = int(shares["resolved_claims"].max())
dated = view.count("lists/articles_count", filters)
provisional_note(int(shares["provisional_claims"].max()), resolved)
if not resolved + int(shares["open_claims"].max()):
    nothing_left(view.uncounted(filters))


def open_claims(_row: str, label: str) -> None:
    """Open the claims of this source behind a share."""
    url_state.go_to("pages/claims.py", source=[of], label=[label], claim=None, search=None)


share_block(
    view,
    "shares",
    shares,
    shown=view.explained(view.named(shares), filters),
    row="source_id",
    filters=filters,
    on_click=open_claims,
    caption=view.concentration(filters),
)

replies(of)
more_articles(view, filters)

st.header("Does it hold?", anchor=False)
st.caption("Choose a label to see its share under every other defensible choice.")
share_robustness(view, filters)

st.header("Over time", anchor=False)
grain = choose_grain()
over_time = view.shares(grain, filters)
undated = [f"undated {dated['undated']:,}"]
if dated["year_only"]:
    undated.append(f"dated to a year only {dated['year_only']:,}")
st.caption(
    f"Of {plural(dated['articles'], 'article')}: "
    f"{', '.join(undated)}. These are in every total, but not in this chart."
)
if over_time.empty:
    st.info("None of these articles has a date, so there is nothing to show over time.")
else:
    share_timeline(view, f"shares_by_{grain}", over_time, grain, filters)

st.header("By topic", anchor=False)
topics = view.shares("topic", filters)
titles = topics["topic"].replace("", "no topic given")
share_block(
    view,
    "shares_by_topic",
    topics,
    shown=one_page(topics.assign(title=titles), "topic", ROWS),
    row="topic",
    filters=filters,
    on_click=lambda topic, label: url_state.go_to(
        "pages/claims.py", source=[of], topic=[topic or "(none)"], label=[label], claim=None
    ),
)

st.header("Articles", anchor=False)
articles = view.listed("articles", 200, filters=filters)
if dated["articles"] > len(articles):
    st.caption(f"The newest {len(articles):,} of {dated['articles']:,}. The download has all.")
st.caption("Choose a row to see its claims.")
table(
    view,
    "articles",
    articles,
    filters,
    on_choice=lambda row: url_state.go_to(
        "pages/claims.py", source=[of], article=[row["article_id"]]
    ),
)

st.header("Whom it cites", anchor=False)
citations = view.listed("cited", 200, filters=filters)
if citations.empty:
    st.markdown("No citations are recorded for these articles.")
else:
    grid(citations, "cited")
    table(view, "cited", None, filters)
