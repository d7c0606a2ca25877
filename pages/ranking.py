"""Ranking: only on request, with rank intervals and who cannot be told apart."""

import streamlit as st

from sourcing import codebook, ui

view = ui.view("Ranking")
st.markdown(
    "Most sources cannot be told apart, so nothing here is ranked until you ask for it. Choose the "
    "label to rank by."
)
options = list(codebook.Label if view.filters.view == "labels" else codebook.Attribution)
chosen = ui.optional("on", options)
st.segmented_control("Rank by the share", options, format_func=codebook.name, key=ui.key("on"))
if chosen is not None:
    ui.ranking(view, chosen)
