"""Method: the codebook, how shares and intervals are made, words of caution, the data."""

from pathlib import Path

import streamlit as st

from sourcing import ui
from sourcing.warehouse.contract import dictionary

view = ui.view("Method")
status = view.status()
ui.facts(
    [
        ("Snapshot", view.snapshot.id),
        ("Codebook", f"version {status['codebook_version']}"),
        ("Last load", f"{status['last_load']:%Y-%m-%d %H:%M} UTC"),
        ("Holds", ui.holds(status)),
    ]
)
st.markdown(
    "**Words of caution.** A share describes how a source attributes what it states, not whether "
    "it is true. *Unsourced* does not mean false, *contested* does not say who is right, and "
    "nothing here says that a source is reliable or not. A sample that was not drawn at random "
    "describes the sample, not the outlet."
)
method, codebook, data, review = st.tabs(
    ["Shares and intervals", "Codebook", "Data dictionary", "Findings and rejects"]
)
with method:
    st.markdown(Path("docs/method.md").read_text(encoding="utf-8"))
with codebook:
    st.markdown(Path("docs/codebook.md").read_text(encoding="utf-8"))
with data:
    ui.grid(dictionary(), "dictionary")
    ui.links(view, "dictionary", view.filters)
with review:
    ui.findings_list(view)
