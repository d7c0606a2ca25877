"""Shares over time: one small panel per label, on a common axis of periods."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sourcing.charts import common
from sourcing.labels import LOOKS, in_label_order

_PANEL_PX = 120
_TOP_PX, _BOTTOM_PX = 30, 34


def over_time(shares: pd.DataFrame, by: str) -> go.Figure:
    """Points with 95 % intervals by period, greyed where too few, a panel for each label.

    shares: as for `composition`, with the period in the column `by`, in order; periods without a
    resolved claim leave a gap. customdata: [period, label].
    """
    labels = in_label_order(shares["label"].unique())
    periods = sorted(shares[by].unique())
    figure = make_subplots(
        rows=max(len(labels), 1), cols=1, shared_xaxes=True, vertical_spacing=0.06
    )
    for row, label in enumerate(labels, 1):
        part = shares[(shares["label"] == label) & shares["applicable"]]
        _add_panel(figure, part, by, label, row)
        top = part[["share", "high"]].max().max()
        axis = common.share_axis(min(1.0, max(0.1, 1.1 * top)) if pd.notna(top) else 1.0)
        figure.update_yaxes(axis, row=row, col=1)
        figure.update_xaxes(
            {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": periods,
                "showgrid": False,
                "fixedrange": True,
                "nticks": 12,
            },
            row=row,
            col=1,
        )
    figure.update_layout(common.base_layout(1))
    figure.update_layout(
        height=_TOP_PX + _BOTTOM_PX + _PANEL_PX * len(labels),
        margin={"l": 44, "r": 10, "t": _TOP_PX, "b": _BOTTOM_PX + 16},
        annotations=[
            {
                "text": f"<b>{LOOKS[label].name}</b>",
                "xref": "paper",
                "x": 0,
                "xanchor": "left",
                "yref": f"y{row if row > 1 else ''} domain",
                "y": 1,
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 12},
            }
            for row, label in enumerate(labels, 1)
        ],
    )
    return figure


def _add_panel(figure: go.Figure, part: pd.DataFrame, by: str, label: str, row: int) -> None:
    for greyed in (True, False):
        some = part[(part["too_few"] == greyed) & part["share"].notna()]
        ink = common.colour(label, greyed)
        figure.add_scatter(
            x=some[by].tolist(),
            y=some["share"].tolist(),
            mode="markers" if greyed else "lines+markers",
            line={"color": ink, "width": 1.5},
            marker={"color": ink, "size": 6, "symbol": "circle-open" if greyed else "circle"},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (some["high"] - some["share"]).fillna(0).tolist(),
                "arrayminus": (some["share"] - some["low"]).fillna(0).tolist(),
                "color": ink,
                "thickness": 1.5,
                "width": 0,
            },
            hovertext=[common.hover(item) for item in common.each(some)],
            hoverinfo="text",
            customdata=[[value, label] for value in some[by]],
            row=row,
            col=1,
        )
