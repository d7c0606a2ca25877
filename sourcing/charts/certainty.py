"""How sure each share is: point, 95 % interval and worst case, one narrow column per label."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sourcing.charts import common
from sourcing.labels import LOOKS, in_label_order


def certainty(shares: pd.DataFrame, key: str) -> go.Figure:
    """Columns of points with intervals, on the rows of `composition` (same frame, same order).

    The pale band is the worst case: where the share could lie if every open claim went one way.
    A label that does not apply to a row says so. customdata: [key, label].
    """
    keys = shares.drop_duplicates(key)[key].astype(str).tolist()
    labels = in_label_order(shares["label"].unique())
    figure = make_subplots(rows=1, cols=len(labels), shared_yaxes=True, horizontal_spacing=0.035)
    for column, label in enumerate(labels, 1):
        part = shares[shares["label"] == label]
        _add_column(figure, part, key, label, column)
        top = part[["share", "high", "highest"]].max().max()
        highest = min(1.0, max(0.1, 1.05 * top)) if pd.notna(top) else 1.0
        axis = common.share_axis(highest) | {"tickvals": [0, _middle(highest)], "side": "top"}
        figure.update_xaxes(axis, row=1, col=column)
        figure.update_yaxes(common.row_axis(keys), row=1, col=column)
    figure.update_layout(common.base_layout(len(keys)))
    figure.update_layout(
        barmode="overlay",
        annotations=[
            common.title(LOOKS[label].name, column) for column, label in enumerate(labels, 1)
        ],
    )
    return figure


def _middle(top: float) -> float:
    """The one tick beside 0 for which a narrow column has room."""
    return next((tick for tick in (0.5, 0.25, 0.2, 0.1) if tick <= 0.8 * top), 0.05)


def _add_column(figure: go.Figure, part: pd.DataFrame, key: str, label: str, column: int) -> None:
    rows = part[key].astype(str).tolist()
    hover = [common.hover(row) for row in common.each(part)]
    custom = [[value, label] for value in rows]
    few = part["too_few"].tolist()
    figure.add_bar(
        orientation="h",
        y=rows,
        base=part["lowest"].tolist(),
        x=(part["highest"] - part["lowest"]).tolist(),
        width=0.5,
        marker={"color": [common.faint(label, item) for item in few], "line": {"width": 0}},
        hovertext=hover,
        hoverinfo="text",
        customdata=custom,
        row=1,
        col=column,
    )
    for greyed in (False, True):
        some = part[part["too_few"] == greyed]
        if not some.empty:
            _add_points(figure, some, key, label, column, greyed)
    outside = part[~part["applicable"]]
    figure.add_scatter(
        y=outside[key].astype(str).tolist(),
        x=[0] * len(outside),
        mode="text",
        text=["<i>not applicable</i>"] * len(outside),
        textposition="middle right",
        textfont={"size": 11},
        hoverinfo="skip",
        row=1,
        col=column,
    )


def _add_points(
    figure: go.Figure, part: pd.DataFrame, key: str, label: str, column: int, greyed: bool
) -> None:
    ink = common.colour(label, greyed)
    figure.add_scatter(
        y=part[key].astype(str).tolist(),
        x=part["share"].tolist(),
        mode="markers",
        cliponaxis=False,
        marker={"color": ink, "size": 8, "symbol": "circle-open" if greyed else "circle"},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (part["high"] - part["share"]).fillna(0).tolist(),
            "arrayminus": (part["share"] - part["low"]).fillna(0).tolist(),
            "color": ink,
            "thickness": 2,
            "width": 0,
        },
        hovertext=[common.hover(row) for row in common.each(part)],
        hoverinfo="text",
        customdata=[[value, label] for value in part[key].astype(str)],
        row=1,
        col=column,
    )
