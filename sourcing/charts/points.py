"""Points with intervals: rows of any kind, one narrow column for each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sourcing.charts import common
from sourcing.frame_rows import rows_of

NEUTRAL = "#7a6fc0"
"""The colour of figures without a label, visible on light and dark backgrounds."""
_ROW_PX, _LINE_PX = 60, 15
_GAP = 0.07
_ABOVE_PX = 25
"""How far a row's name, with one line of text below it, lies above its points."""


@dataclass(frozen=True)
class Column:
    """One figure: its columns in the frame, and its axis.

    span: the ends of the axis, by default from 0 to the largest value.  percent: whether the axis
    is in per cent.  mark: a value to mark with a line, such as no difference.
    """

    title: str
    value: str
    low: str
    high: str
    span: tuple[float, float] | None = None
    percent: bool = True
    mark: float | None = None


def points(frame: pd.DataFrame, key: str, columns: Sequence[Column]) -> go.Figure:
    """Rows in the order given, the first on top; each figure with its interval, if it has one.

    frame: `key` (identifies the row), title and words (the lines above a row), hover, the columns'
    values (NaN where undefined), and optionally colour and hollow (drawn as an open circle).
    customdata: [key, title of the column].
    """
    keys = frame[key].astype(str).tolist()
    count = max(len(keys), 1)
    row_px, above = _room(frame)
    width = (1 - _GAP * (len(columns) - 1)) / len(columns)
    layout = common.base_layout(1) | {
        "height": common.TOP_PX + common.BOTTOM_PX + round(row_px * (count + 0.1)),
        "yaxis": common.row_axis(keys) | {"range": [count - 1 + 0.35, -0.75]},
        "yaxis2": common.place_axis(count) | {"range": [count - 1 + 0.35, -0.75]},
        "annotations": [common.title(column.title, n) for n, column in enumerate(columns, 1)],
        "shapes": [
            _line(column.mark, n) for n, column in enumerate(columns, 1) if column.mark is not None
        ],
    }
    traces: list[dict[str, Any]] = []
    for n, column in enumerate(columns, 1):
        number = str(n) if n > 1 else ""
        start = (n - 1) * (width + _GAP)
        layout[f"xaxis{number}"] = _axis(frame, column) | {"domain": [start, min(start + width, 1)]}
        traces.append(_points(frame, keys, column) | {"xaxis": f"x{number}"})
    traces.append(_names(frame, columns[0], above))
    return go.Figure({"data": traces, "layout": layout})


def _room(frame: pd.DataFrame) -> tuple[float, float]:
    """The height of a row in pixels, and how far its text lies above its points, in rows."""
    more = max((words.count("<br>") for words in frame["words"]), default=0)
    row_px = _ROW_PX + more * _LINE_PX
    return row_px, (_ABOVE_PX + more * _LINE_PX / 2) / row_px


def _axis(frame: pd.DataFrame, column: Column) -> dict[str, Any]:
    low, high = column.span or _span(frame, column)
    axis = common.share_axis(high) | {"range": [low, high], "side": "top", "nticks": 5}
    if not column.percent:
        axis |= {"tickformat": "~g"}
    if column.span or low < 0 or not column.percent:
        axis.pop("tickvals")
    return axis


def _span(frame: pd.DataFrame, column: Column) -> tuple[float, float]:
    """From 0 to the largest bound; symmetric if values are below 0 or there is a mark."""
    values = frame[[column.value, column.low, column.high]]
    top, bottom = values.max().max(), values.min().min()
    if pd.isna(top):
        return (0.0, 1.0) if column.mark is None else (-0.5, 0.5)
    if bottom < 0 or column.mark is not None:
        reach = max(0.05, 1.1 * max(abs(top), abs(bottom)))
        return -reach, reach
    return 0.0, max(0.1, 1.08 * float(top))


def _points(frame: pd.DataFrame, keys: list[str], column: Column) -> dict[str, Any]:
    value = frame[column.value]
    colours = frame["colour"].tolist() if "colour" in frame else [NEUTRAL] * len(frame)
    hollow = frame["hollow"].tolist() if "hollow" in frame else [False] * len(frame)
    return {
        "type": "scatter",
        "y": keys,
        "x": common.values(value),
        "mode": "markers",
        "cliponaxis": False,
        "marker": {
            "color": colours,
            "size": 7,
            "symbol": ["circle-open" if item else "circle" for item in hollow],
            "line": {"width": 2, "color": colours},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (frame[column.high] - value).fillna(0).tolist(),
            "arrayminus": (value - frame[column.low]).fillna(0).tolist(),
            # A trace has one colour of error bars, which would be wrong for rows of other colours.
            "color": colours[0] if len(set(colours)) == 1 else "rgba(128,136,148,0.9)",
            "thickness": 2,
            "width": 0,
        },
        "hovertext": frame["hover"].tolist(),
        "hoverinfo": "text",
        "customdata": [[name, column.title] for name in keys],
    }


def _names(frame: pd.DataFrame, column: Column, above: float) -> dict[str, Any]:
    start = column.span[0] if column.span else _span(frame, column)[0]
    return {
        "type": "scatter",
        "name": common.ROW_NAMES,
        "x": [start] * len(frame),
        "y": [number - above for number in range(len(frame))],
        "yaxis": "y2",
        "text": [_over(row) for row in rows_of(common.with_short_names(frame))],
        "mode": "text",
        "textposition": "middle right",
        "textfont": {"size": common.FONT_PX},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _over(row: Any) -> str:
    """The lines above a row; side by side they would not fit on a phone."""
    words = f"<br><span style='font-size:11.5px'>{row.words}</span>" if row.words else ""
    return f"<b>{common.row_name(row)}</b>{words}"


def _line(at: float, axis: int) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": f"x{axis if axis > 1 else ''}",
        "yref": "paper",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": "rgba(128,136,148,0.9)", "width": 1, "dash": "dot"},
    }
