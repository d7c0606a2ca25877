"""Compare: two sources, two periods or two snapshots side by side."""

import streamlit as st

from sourcing.ui import url_state
from sourcing.ui.blocks.share_block import choose_grain
from sourcing.ui.shares.differences import differences, sides_over_time
from sourcing.ui.shares.robustness import difference_robustness
from sourcing.ui.shares.sides import WAYS, choose_sides
from sourcing.ui.view import titled_view

view = titled_view("Compare")
way = url_state.choice("by", list(WAYS), "source")
st.segmented_control(
    "Compare", list(WAYS), format_func=WAYS.__getitem__, key=url_state.key("by"), required=True
)
sides = choose_sides(view, way)

MIXES = {"own": "As each has them", "same": "At the same mix"}
mix = url_state.choice("mix", list(MIXES), "own")
st.segmented_control(
    "Genres and topics",
    list(MIXES),
    format_func=MIXES.__getitem__,
    key=url_state.key("mix"),
    required=True,
    help="Two sources may differ only because they write about different topics.",
)
differences(view, sides, mix == "same")

st.header("Over time", anchor=False)
sides_over_time(view, sides, way, choose_grain())

st.header("Does it hold?", anchor=False)
difference_robustness(view, sides, mix == "same")
