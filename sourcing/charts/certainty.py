"""The precision of shares: point, 95 % interval and worst case, one narrow column per label."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sourcing.charts import common
from sourcing.codebook import LOOKS, in_label_order
from sourcing.frame_rows import rows_of

_GAP = 0.07
"""The gap between two columns, as a fraction of the width."""


def certainty(shares: pd.DataFrame, key: str) -> go.Figure:
    """Columns of points with intervals, on the rows of `composition` (same frame, same order).

    The pale band is the worst case: the shares possible if every open claim went one way. Labels
    that do not apply to a row are marked as such. customdata: [key, label].
    """
    rows = common.with_short_names(shares.drop_duplicates(key))
    keys = rows[key].astype(str).tolist()
    labels = in_label_order(shares["label"].unique())
    width = (1 - _GAP * (len(labels) - 1)) / max(len(labels), 1)
    traces: list[dict[str, Any]] = []
    layout = common.base_layout(len(keys)) | {
        "barmode": "overlay",
        "yaxis": common.row_axis(keys),
        "annotations": [
            common.title(LOOKS[label].name, column) for column, label in enumerate(labels, 1)
        ],
    }
    # The columns share one axis of rows; each has its own axis of shares.
    for column, label in enumerate(labels, 1):
        part = shares[shares["label"] == label]
        start = (column - 1) * (width + _GAP)
        number = str(column) if column > 1 else ""
        layout[f"xaxis{number}"] = _axis(part) | {"domain": [start, min(start + width, 1)]}
        traces += [trace | {"xaxis": f"x{number}"} for trace in _column(part, key, label)]
    traces.append(_names(keys, rows))
    # Building the figure from plain values at once is ten times as fast as adding each part.
    return go.Figure({"data": traces, "layout": layout})


def _names(keys: list[str], rows: pd.DataFrame) -> dict[str, Any]:
    """Names above the rows, which the style sheet shows where no bars stand beside them."""
    return {
        "type": "scatter",
        "name": common.ROW_NAMES,
        "y": keys,
        "x": [0] * len(keys),
        "mode": "text",
        "text": [f"{common.row_name(row)}<br> " for row in rows_of(rows)],
        "textposition": "top right",
        # The style sheet identifies these texts by their weight.
        "textfont": {"size": 11, "weight": 600},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _axis(part: pd.DataFrame) -> dict[str, Any]:
    top = part[["share", "high", "highest"]].max().max()
    highest = max(0.1, 1.08 * top) if pd.notna(top) else 1.08
    marks = [0, _middle(highest), *([1] if highest > 1 else [])]
    return common.share_axis(highest) | {"tickvals": marks, "side": "top"}


def _middle(top: float) -> float:
    """The one tick between 0 and the end for which a narrow column has room."""
    return next((tick for tick in (0.5, 0.25, 0.2, 0.1) if tick <= 0.8 * top), 0.05)


def _column(part: pd.DataFrame, key: str, label: str) -> list[dict[str, Any]]:
    """The traces of a label: bands, points (greyed ones apart) and “not applicable”."""
    rows = part[key].astype(str).tolist()
    few = part["too_few"].tolist()
    band = {
        "type": "bar",
        "orientation": "h",
        "y": rows,
        "base": common.values(part["lowest"]),
        "x": common.values(part["highest"] - part["lowest"]),
        "width": 0.5,
        "marker": {"color": [common.faint(label, item) for item in few], "line": {"width": 0}},
        "hovertext": [common.hover(row) for row in rows_of(part)],
        "hoverinfo": "text",
        "customdata": [[value, label] for value in rows],
    }
    points = [
        _points(subset, key, label, greyed)
        for greyed in (False, True)
        if not (subset := part[part["too_few"] == greyed]).empty
    ]
    inapplicable = part.loc[~part["applicable"], key].astype(str).tolist()
    notes = {
        "type": "scatter",
        "y": inapplicable,
        "x": [0] * len(inapplicable),
        "mode": "text",
        "text": ["<i>not applicable</i>"] * len(inapplicable),
        "textposition": "middle right",
        "textfont": {"size": 11},
        "hoverinfo": "skip",
    }
    return [band, *points, notes]


def _points(part: pd.DataFrame, key: str, label: str, greyed: bool) -> dict[str, Any]:
    ink = common.colour(label, greyed)
    return {
        "type": "scatter",
        "y": part[key].astype(str).tolist(),
        "x": common.values(part["share"]),
        "mode": "markers",
        "cliponaxis": False,
        "marker": {"color": ink, "size": 8, "symbol": "circle-open" if greyed else "circle"},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (part["high"] - part["share"]).fillna(0).tolist(),
            "arrayminus": (part["share"] - part["low"]).fillna(0).tolist(),
            "color": ink,
            "thickness": 2,
            "width": 0,
        },
        "hovertext": [common.hover(row) for row in rows_of(part)],
        "hoverinfo": "text",
        "customdata": [[value, label] for value in part[key].astype(str)],
    }
