"""The composition of resolved claims: one 100 % stacked bar per row, in label order."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sourcing.charts import common
from sourcing.labels import LOOKS, Label, in_label_order

_FITS = 0.075
"""The least share whose figure fits on its segment."""


def composition(shares: pd.DataFrame, key: str) -> go.Figure:
    """Stacked shares (0–1), one bar per row in the order given, labels in label order.

    shares: columns `key` (identifies the row), title, label, share, low, high, lowest, highest,
    claims, resolved_claims, open_claims, provisional_claims, articles, too_few, applicable. A row
    without a resolved claim has no bar, but keeps its name. customdata: [key, label].
    """
    rows = shares.drop_duplicates(key)
    keys = rows[key].astype(str).tolist()
    labels = in_label_order(shares["label"].unique())
    layout = common.base_layout(len(keys)) | {
        "yaxis": common.row_axis(keys),
        "xaxis": common.share_axis(1) | {"tickvals": [0, 0.25, 0.5, 0.75, 1], "side": "top"},
        "annotations": [
            common.title(
                f"Resolved claims by {'label' if len(labels) == len(Label) else 'attribution'}"
            ),
            *(_name(row, number) for number, row in enumerate(common.each(rows))),
        ],
    }
    traces = [_bars(shares[shares["label"] == label], key, label) for label in labels]
    return go.Figure({"data": traces, "layout": layout})


def _bars(part: pd.DataFrame, key: str, label: str) -> dict[str, Any]:
    look = LOOKS[label]
    few = part["too_few"].tolist()
    return {
        "type": "bar",
        "name": look.name,
        "orientation": "h",
        "y": part[key].astype(str).tolist(),
        "x": common.values(part["share"]),
        "text": [common.percent(share) if share >= _FITS else "" for share in part["share"]],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"color": [common.ink(label, item) for item in few], "size": 12},
        "hovertext": [common.hover(row) for row in common.each(part)],
        "hoverinfo": "text",
        "customdata": [[value, label] for value in part[key].astype(str)],
        "marker": {
            "color": [common.colour(label, item) for item in few],
            "line": {"color": "rgba(255,255,255,0.85)", "width": 1},
            "pattern": {
                "shape": look.pattern,
                "fillmode": "overlay",
                "fgcolor": look.text,
                "fgopacity": 0.25,
                "size": 7,
                "solidity": 0.2,
            },
        },
    }


def _name(row: Any, number: int) -> dict[str, Any]:
    """The lines over the bar of a row, at the left end."""
    return {
        "text": common.row_title(row),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": number,
        "yshift": 27,
        "showarrow": False,
        "align": "left",
        "font": {"size": common.FONT_PX},
    }
