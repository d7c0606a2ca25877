"""Ranking: only on request, with rank intervals and who cannot be told apart."""

import streamlit as st

from sourcing import labels, ui

view = ui.view("Ranking")
st.markdown(
    "Most sources cannot be told apart, so nothing here is ranked until you ask for it. Choose the "
    "label to rank by."
)
options = list(labels.Label if view.filters.view == "labels" else labels.Attribution)
chosen = ui.optional("on", options)
st.segmented_control("Rank by the share", options, format_func=labels.name, key=ui.key("on"))
if chosen is not None:
    ui.ranking(view, chosen)
