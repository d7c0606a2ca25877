"""Method: words of caution, how shares and intervals are computed, the codebook, the data."""

import streamlit as st

from sourcing import ROOT
from sourcing.ui.claims.findings import all_findings
from sourcing.ui.claims.put_right import put_right
from sourcing.ui.elements.download_links import links
from sourcing.ui.elements.figures import facts, holdings, last_load
from sourcing.ui.elements.grid import grid
from sourcing.ui.view import titled_view
from sourcing.warehouse.contract import dictionary

view = titled_view("Method", needs_articles=False)
status = view.status()
facts(
    [
        ("Snapshot", view.snapshot.id),
        ("Codebook", f"version {status['codebook_version']}"),
        ("Last load", last_load(status)),
        ("Holds", holdings(status)),
    ]
)
st.markdown(
    "**Words of caution.** A share describes how a source attributes what it states, not whether "
    "it is true. *Unsourced* does not mean false, *contested* does not say who is right, and "
    "nothing here says whether a source is reliable. A sample that was not drawn at random "
    "describes the sample, not the outlet."
)
method, codebook, data, review, amended = st.tabs(
    ["Shares and intervals", "Codebook", "Data dictionary", "Findings and rejects", "Put right"]
)
with method:
    st.markdown((ROOT / "docs/method.md").read_text(encoding="utf-8"))
with codebook:
    st.markdown((ROOT / "docs/codebook.md").read_text(encoding="utf-8"))
with data:
    grid(dictionary(), "dictionary")
    links(view, "dictionary", view.filters)
with review:
    all_findings(view)
with amended:
    put_right(view)
