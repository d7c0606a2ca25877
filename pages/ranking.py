"""Ranking: only on request, with rank intervals and groups of sources."""

import streamlit as st

from sourcing import codebook
from sourcing.ui import url_state
from sourcing.ui.shares.ranking import ranking
from sourcing.ui.view import titled_view

view = titled_view("Ranking")
st.markdown(
    "Most sources cannot be told apart, so nothing is ranked until you ask for it. Choose the "
    "label to rank by."
)
labels = codebook.labels_of(view.filters.view)
label = url_state.optional("on", labels)
st.segmented_control(
    "Rank by the share", labels, format_func=codebook.name, key=url_state.key("on")
)
if label is not None:
    ranking(view, label)
