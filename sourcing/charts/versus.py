"""Two sides over time: one small panel for each label, all on the same scale."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sourcing.charts import common
from sourcing.codebook import LOOKS, in_label_order
from sourcing.frame_rows import rows_of

_PANEL_PX = 130
_TOP_PX, _BOTTOM_PX = 30, 40


def versus(
    sides: Sequence[tuple[str, pd.DataFrame]], by: str, marked: Sequence[tuple[str, str]] = ()
) -> go.Figure:
    """Shares with 95 % intervals by period: the first side filled, the second hollow and dotted.

    sides: name and shares (as for `composition`), with the period in the column `by`. marked:
    first and last periods of the stretches to shade. Points that are too few to compare are greyed.
    customdata: [period, label and number of the side, as `sourced 1`].
    """
    labels = in_label_order(pd.concat([frame["label"] for _, frame in sides]).unique())
    periods = sorted(set().union(*(frame[by] for _, frame in sides)))
    figure = make_subplots(
        rows=max(len(labels), 1), cols=1, shared_xaxes=True, vertical_spacing=0.06
    )
    for row, label in enumerate(labels, 1):
        for place, (name, frame) in enumerate(sides):
            part = frame[(frame["label"] == label) & frame["applicable"] & frame["share"].notna()]
            figure.add_trace(_line(part, by, label, name, place), row=row, col=1)
    top = pd.concat([frame[["share", "high"]] for _, frame in sides]).max().max()
    highest = 1.0 if pd.isna(top) else min(1.0, max(0.1, 1.05 * float(top)))
    figure.update_yaxes(common.share_axis(highest))
    figure.update_xaxes(common.period_axis(periods))
    figure.update_layout(common.base_layout(1))
    figure.update_layout(
        height=_TOP_PX + _BOTTOM_PX + _PANEL_PX * len(labels),
        margin={"l": 44, "r": 10, "t": _TOP_PX, "b": _BOTTOM_PX},
        annotations=[common.panel_title(label, row) for row, label in enumerate(labels, 1)],
        shapes=[_shade(periods, stretch, place) for place, stretch in enumerate(marked)],
    )
    return figure


def _line(part: pd.DataFrame, by: str, label: str, name: str, place: int) -> dict[str, Any]:
    ink = LOOKS[label].colour
    return {
        "type": "scatter",
        "name": name,
        "x": part[by].tolist(),
        "y": part["share"].tolist(),
        "mode": "lines+markers",
        "line": {"color": ink, "width": 1.5, "dash": "dot" if place else "solid"},
        "marker": {
            "color": [common.colour(label, few) for few in part["too_few"]],
            "size": 7,
            "symbol": "circle-open" if place else "circle",
        },
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": (part["high"] - part["share"]).fillna(0).tolist(),
            "arrayminus": (part["share"] - part["low"]).fillna(0).tolist(),
            "color": ink,
            "thickness": 1,
            "width": 0,
        },
        "hovertext": [common.hover(item) for item in rows_of(part.assign(title=name))],
        "hoverinfo": "text",
        "customdata": [[value, f"{label} {place}"] for value in part[by]],
    }


def _shade(periods: Sequence[str], stretch: tuple[str, str], number: int) -> dict[str, Any]:
    places = [place for place, period in enumerate(periods) if stretch[0] <= period <= stretch[1]]
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": min(places, default=0) - 0.5,
        "x1": max(places, default=-1) + 0.5,
        "y0": 0,
        "y1": 1,
        "fillcolor": f"rgba(128,136,148,{0.1 + 0.12 * number})",
        "line": {"width": 0},
        "layer": "below",
    }
