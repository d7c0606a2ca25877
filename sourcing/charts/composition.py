"""The composition of resolved claims: one 100 % stacked bar per row, in label order."""

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
    figure = go.Figure(layout=common.base_layout(len(keys)))
    labels = in_label_order(shares["label"].unique())
    for label in labels:
        part = shares[shares["label"] == label]
        look = LOOKS[label]
        figure.add_bar(
            name=look.name,
            orientation="h",
            y=part[key].astype(str).tolist(),
            x=common.values(part["share"]),
            text=[common.percent(share) if share >= _FITS else "" for share in part["share"]],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": [common.ink(label, few) for few in part["too_few"]], "size": 12},
            hovertext=[common.hover(row) for row in common.each(part)],
            hoverinfo="text",
            customdata=[[value, label] for value in part[key].astype(str)],
            marker={
                "color": [common.colour(label, few) for few in part["too_few"]],
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
        )
    figure.update_layout(
        yaxis=common.row_axis(keys),
        xaxis=common.share_axis(1) | {"tickvals": [0, 0.25, 0.5, 0.75, 1], "side": "top"},
        annotations=[
            common.title(
                f"Resolved claims by {'label' if len(labels) == len(Label) else 'attribution'}"
            ),
            *(
                {
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
                for number, row in enumerate(common.each(rows))
            ),
        ],
    )
    return figure
