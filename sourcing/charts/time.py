"""Shares over time: one small panel per label, on a common axis of periods."""

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from sourcing.charts import common
from sourcing.charts.points import NEUTRAL
from sourcing.codebook import in_label_order
from sourcing.formatting import plural
from sourcing.frame_rows import rows_of

_PANEL_PX = 120
_TOP_PX, _BOTTOM_PX = 30, 34


def over_time(shares: pd.DataFrame, by: str) -> go.Figure:
    """Points with 95 % intervals by period, greyed if too few, one panel for each label.

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
        figure.update_xaxes(common.period_axis(periods), row=row, col=1)
    figure.update_layout(common.base_layout(1))
    figure.update_layout(
        height=_TOP_PX + _BOTTOM_PX + _PANEL_PX * len(labels),
        margin={"l": 44, "r": 10, "t": _TOP_PX, "b": _BOTTOM_PX + 16},
        annotations=[common.panel_title(label, row) for row, label in enumerate(labels, 1)],
    )
    return figure


def _add_panel(figure: go.Figure, part: pd.DataFrame, by: str, label: str, row: int) -> None:
    for greyed in (True, False):
        rows = part[(part["too_few"] == greyed) & part["share"].notna()]
        ink = common.colour(label, greyed)
        figure.add_scatter(
            x=rows[by].tolist(),
            y=rows["share"].tolist(),
            mode="markers" if greyed else "lines+markers",
            line={"color": ink, "width": 1.5},
            marker={"color": ink, "size": 6, "symbol": "circle-open" if greyed else "circle"},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (rows["high"] - rows["share"]).fillna(0).tolist(),
                "arrayminus": (rows["share"] - rows["low"]).fillna(0).tolist(),
                "color": ink,
                "thickness": 1.5,
                "width": 0,
            },
            hovertext=[common.hover(item) for item in rows_of(rows)],
            hoverinfo="text",
            customdata=[[value, label] for value in rows[by]],
            row=row,
            col=1,
        )


def drift(frame: pd.DataFrame, by: str, names: Sequence[str]) -> go.Figure:
    """Figures with their intervals by period, one panel for each of `names`.

    frame: one row for each period, with the columns `by` and, for each name, name, name_low and
    name_high (NaN where undefined). customdata: [period, name].
    """
    lowest = frame[[*names, *(f"{name}_low" for name in names)]].min().min()
    span = [0.0 if pd.isna(lowest) else math.floor(lowest * 10) / 10, 1.02]
    periods = sorted(frame[by].unique())
    figure = make_subplots(
        rows=len(names), cols=1, shared_xaxes=True, vertical_spacing=0.08,
        subplot_titles=[f"<b>{TITLES[name]}</b>" for name in names],
    )  # fmt: skip
    for row, name in enumerate(names, 1):
        rows = frame[frame[name].notna()]
        figure.add_scatter(
            x=rows[by].tolist(),
            y=rows[name].tolist(),
            mode="lines+markers",
            line={"color": NEUTRAL, "width": 1.5},
            marker={"color": NEUTRAL, "size": 6},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (rows[f"{name}_high"] - rows[name]).fillna(0).tolist(),
                "arrayminus": (rows[name] - rows[f"{name}_low"]).fillna(0).tolist(),
                "color": NEUTRAL,
                "thickness": 1.5,
                "width": 0,
            },
            hovertext=[
                f"<b>{getattr(item, by)}</b><br>{TITLES[name]}: {getattr(item, name):.2f}"
                f"<br>{plural(item.claims, 'claim')} · "
                f"{plural(item.articles, 'article')}"
                for item in rows_of(rows)
            ],
            hoverinfo="text",
            customdata=[[value, name] for value in rows[by]],
            row=row,
            col=1,
        )
        figure.update_xaxes(common.period_axis(periods), row=row, col=1)
        figure.update_yaxes(
            gridcolor=common.QUIET, zeroline=False, fixedrange=True, nticks=4, range=span,
            tickfont={"size": 11}, row=row, col=1,
        )  # fmt: skip
    figure.update_layout(common.base_layout(1))
    figure.update_annotations(x=0, xanchor="left", font={"size": 12})
    figure.update_layout(
        height=_TOP_PX + _BOTTOM_PX + _PANEL_PX * len(names),
        margin={"l": 44, "r": 10, "t": _TOP_PX, "b": _BOTTOM_PX + 16},
    )
    return figure


TITLES = {
    "alpha": "Krippendorff's alpha",
    "percent": "Percent agreement",
    "ac1": "Gwet's AC1",
}
