"""The baseline for the pages: the same bars from constant frames, one filter and nothing else.

BENCHMARK_FRAMES is the path of a JSON file: a list of frames (records), the first unfiltered.
"""

import json
import os
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

frames = json.loads(Path(os.environ["BENCHMARK_FRAMES"]).read_text(encoding="utf-8"))
st.title("Floor")
number = st.selectbox("Filter", range(len(frames)), format_func=lambda n: f"choice {n}")
frame = pd.DataFrame(frames[number])
figure = go.Figure(layout={"barmode": "stack", "height": 58 * frame["source_id"].nunique() + 60})
for label, part in frame.groupby("label", sort=False):
    figure.add_bar(name=label, orientation="h", y=part["source_id"], x=part["share"])
st.plotly_chart(figure)
