"""The composition of resolved claims: one 100 % stacked bar per row, in label order."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sourcing.charts import common
from sourcing.codebook import LOOKS, in_label_order
from sourcing.formatting import percent
from sourcing.frame_rows import rows_of

_FITS = 0.075
"""The smallest share whose number fits on its segment."""
_ABOVE_BAR = 28 / common.ROW_PX
"""How far the middle of a row's text lies above that of its bar, in rows."""


def composition(
    shares: pd.DataFrame,
    key: str,
    title: str = "",
    hover: Callable[[Any], str] = common.hover,
) -> go.Figure:
    """Stacked shares (0–1), one bar per row in the order given, labels in label order.

    shares: columns `key` (identifies the row), title, label, share, low, high, lowest, highest,
    claims, resolved_claims, open_claims, provisional_claims, articles, too_few, applicable. A row
    without a resolved claim has no bar but keeps its name. hover: the hover text of a share, by
    default its precision. customdata: [key, label].
    """
    rows = common.with_short_names(shares.drop_duplicates(key))
    keys = rows[key].astype(str).tolist()
    labels = in_label_order(shares["label"].unique())
    layout = common.base_layout(len(keys)) | {
        "yaxis": common.row_axis(keys),
        "yaxis2": common.place_axis(len(keys)),
        "xaxis": common.share_axis(1) | {"tickvals": [0, 0.25, 0.5, 0.75, 1], "side": "top"},
        "annotations": [
            common.title(title or "Resolved claims"),
        ],
    }
    traces = [_bars(shares[shares["label"] == label], key, label, hover) for label in labels]
    # Texts are separate traces: for each text on a bar or in an annotation, the browser would lay
    # out the whole page again.
    traces += [_figures(shares, key, labels), _names(keys, rows)]
    return go.Figure({"data": traces, "layout": layout})


def _bars(part: pd.DataFrame, key: str, label: str, hover: Callable[[Any], str]) -> dict[str, Any]:
    look = LOOKS[label]
    few = part["too_few"].tolist()
    return {
        "type": "bar",
        "name": look.name,
        "orientation": "h",
        "y": part[key].astype(str).tolist(),
        "x": common.values(part["share"]),
        "hovertext": [hover(row) for row in rows_of(part)],
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


def _figures(shares: pd.DataFrame, key: str, labels: list[str]) -> dict[str, Any]:
    """The shares in per cent, in the middle of segments with room for them."""
    places, inks = [], []
    ends: dict[str, float] = {}
    for label in labels:
        for row in rows_of(shares[shares["label"] == label]):
            if pd.isna(row.share):
                continue
            name = str(getattr(row, key))
            start = ends.get(name, 0.0)
            ends[name] = start + row.share
            if row.share >= _FITS:
                places.append((start + row.share / 2, name, percent(row.share)))
                inks.append(common.ink(label, row.too_few))
    return {
        "type": "scatter",
        "name": common.FIGURES,
        "x": [place[0] for place in places],
        "y": [place[1] for place in places],
        "text": [place[2] for place in places],
        "mode": "text",
        "textposition": "middle center",
        # The style sheet identifies these texts, coloured to suit the label, by their weight.
        "textfont": {"color": inks, "size": 12, "weight": 500},
        "hoverinfo": "skip",
    }


def _names(keys: list[str], rows: pd.DataFrame) -> dict[str, Any]:
    """The lines above the bars, at their left ends."""
    return {
        "type": "scatter",
        "name": common.ROW_NAMES,
        "x": [0] * len(keys),
        "y": [number - _ABOVE_BAR for number in range(len(keys))],
        "yaxis": "y2",
        "text": [common.row_title(row) for row in rows_of(rows)],
        "mode": "text",
        "textposition": "middle right",
        "textfont": {"size": common.FONT_PX},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
