"""Compare: two sources, two periods or two snapshots side by side."""

import streamlit as st

from sourcing import ui

GRAINS = {"month": "Months", "quarter": "Quarters", "year": "Years"}

view = ui.view("Compare")
way = ui.choice("by", list(ui.WAYS), "source")
st.segmented_control(
    "Compare", list(ui.WAYS), format_func=ui.WAYS.get, key=ui.key("by"), required=True
)
pair = ui.pair(view, way)

mix = ui.choice("mix", ("own", "same"), "own")
st.segmented_control(
    "Genres and topics",
    ("own", "same"),
    format_func={"own": "As each has them", "same": "At the same mix"}.get,
    key=ui.key("mix"),
    required=True,
    help="Two sources that write about different things may differ for that alone.",
)
ui.differences(view, pair, mix == "same")

st.header("Over time", anchor=False)
grain = ui.choice("grain", list(GRAINS), "quarter")
st.segmented_control(
    "Periods", list(GRAINS), format_func=GRAINS.get, key=ui.key("grain"), required=True
)
ui.versus(view, pair, way, grain)

st.header("Does it hold?", anchor=False)
ui.of_difference(view, pair, mix == "same")
