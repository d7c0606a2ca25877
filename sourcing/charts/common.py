"""Shared parts of the figures: rows, axes, colours and texts."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sourcing.codebook import LOOKS, TOO_FEW
from sourcing.formatting import plural
from sourcing.literal_text import in_chart
from sourcing.source_names import short_names

ROW_PX = 58
TOP_PX = 46
BOTTOM_PX = 8
FONT_PX = 13
QUIET = "rgba(128,136,148,0.28)"
"""The colour of lines, visible on light and dark backgrounds."""
ROW_NAMES = "names of rows"
"""The name of the trace that holds the names of the rows."""

FIGURES = "figures on segments"
NAME_LONGEST = 46
"""The columns of a fixed-width font for which a row's name has room."""

_GREY = (154, 159, 168)
_DARK = "#10151c"
_ABOVE, _BELOW = 0.95, 0.4
"""The space above the middle of the first row (for its name) and below the last, in rows."""


def values(numbers: pd.Series) -> list[float | None]:
    """Numbers for a figure; None, which draws nothing, for undefined ones."""
    return [None if pd.isna(number) else float(number) for number in numbers]


def height(rows: int) -> int:
    """The height in pixels of a figure with this many rows."""
    return TOP_PX + BOTTOM_PX + round(ROW_PX * (max(rows, 1) + _ABOVE + _BELOW - 1))


def colour(label: str, too_few: bool) -> str:
    """The colour of a label, greyed if the row is too few to compare."""
    full = LOOKS[label].colour
    if not too_few:
        return full
    mixed = (
        round(0.35 * int(full[i : i + 2], 16) + 0.65 * grey)
        for i, grey in zip((1, 3, 5), _GREY, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def ink(label: str, too_few: bool) -> str:
    """The colour of text on a segment with this `colour`."""
    return _DARK if too_few else LOOKS[label].text


def faint(label: str, too_few: bool) -> str:
    """The same colour, transparent, for bands behind points."""
    full = colour(label, too_few)
    red, green, blue = (int(full[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"


def with_short_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `short`, the titles cut to the space available; a given `short` is kept.

    Rows with different titles have different short names.
    """
    if "short" in frame:
        return frame
    return frame.assign(short=frame["title"].astype(str).map(short_names_of(frame["title"])))


def short_names_of(titles: Iterable[object]) -> dict[str, str]:
    """Titles cut to the space that a row's name has, by title."""
    return short_names(map(str, titles), NAME_LONGEST)


def row_name(row: Any) -> str:
    """The name of a row as drawn; row: of a frame `with_short_names`. Safe as HTML."""
    return in_chart(row.short)


def row_title(row: Any) -> str:
    """The lines above a row's bar: name, claims, articles, open claims, caution. Safe as HTML.

    A row whose `instead` is not empty has these words in place of its counts.
    """
    if instead := getattr(row, "instead", ""):
        return f"<b>{row_name(row)}</b><br><span style='font-size:11.5px'><i>{instead}</i></span>"
    parts = [plural(row.resolved_claims, "claim"), plural(row.articles, "article")]
    if row.open_claims:
        parts.append(f"{row.open_claims:,} open")
    if row.too_few:
        parts.append(f"<i>{TOO_FEW}</i>")
    words = " · ".join(parts)
    return f"<b>{row_name(row)}</b><br><span style='font-size:11.5px'>{words}</span>"


def hover(row: Any) -> str:
    """The hover text of a share. Safe as HTML."""
    name = LOOKS[row.label].name
    if not row.applicable:
        return f"<b>{in_chart(row.title)}</b><br>{name}: not applicable"
    interval = (
        "no interval with one article"
        if pd.isna(row.low)
        else f"95 % interval {row.low * 100:.1f}–{row.high * 100:.1f} %"
    )
    share = "–" if pd.isna(row.share) else f"{row.share * 100:.1f} %"
    resolved = plural(row.resolved_claims, "resolved claim")
    lines = [
        f"<b>{in_chart(row.title)}</b>",
        f"{name}: {share}, {interval}",
        f"{row.claims:,} of {resolved} in {plural(row.articles, 'article')}",
        f"worst case {row.lowest * 100:.1f}–{row.highest * 100:.1f} %, {row.open_claims:,} open",
    ]
    if row.provisional_claims:
        lines.append(f"{row.provisional_claims:,} provisional (labelled by models only)")
    if row.too_few:
        lines.append(TOO_FEW)
    return "<br>".join(lines)


def base_layout(rows: int) -> dict[str, Any]:
    """The layout that all figures share."""
    return {
        "height": height(rows),
        "margin": {"l": 10, "r": 18, "t": TOP_PX, "b": BOTTOM_PX},
        "barmode": "stack",
        "bargap": 0.64,
        "showlegend": False,
        "font": {"size": FONT_PX},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "clickmode": "event+select",
    }


def row_axis(keys: list[str]) -> dict[str, Any]:
    """The axis of rows, the first on top, without tick labels: names stand above the bars."""
    return {
        "type": "category",  # otherwise ids such as 10 or 2026-05 are read as numbers or dates
        "categoryorder": "array",
        "categoryarray": keys,
        "range": [len(keys) - 1 + _BELOW, -_ABOVE],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def place_axis(rows: int) -> dict[str, Any]:
    """A numeric axis over `row_axis` for positions between rows: 0 is the first row."""
    return {
        "overlaying": "y",
        "range": [rows - 1 + _BELOW, -_ABOVE],
        "visible": False,
        "fixedrange": True,
    }


def ticks(top: float) -> list[float]:
    """Three to five round ticks for an axis of shares from 0."""
    step = next((step for step in (0.05, 0.1, 0.2, 0.25) if top / step <= 4), 0.5)
    return [round(step * number, 2) for number in range(int(top / step + 1e-9) + 1)]


def title(text: str, axis: int = 1) -> dict[str, Any]:
    """The title of a column of rows, above its ticks. text: shown as it is."""
    return {
        "text": f"<b>{in_chart(text)}</b>",
        "xref": f"x{axis if axis > 1 else ''} domain",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 20,
        "showarrow": False,
        "font": {"size": 12},
    }


def share_axis(top: float) -> dict[str, Any]:
    """An axis of shares from 0, labelled in per cent."""
    return {
        "range": [0, top],
        "tickvals": ticks(top),
        "tickformat": ".0%",
        "showgrid": True,
        "gridcolor": QUIET,
        "zeroline": True,
        "zerolinecolor": QUIET,
        "fixedrange": True,
        "tickfont": {"size": 11},
    }


def period_axis(periods: list[str]) -> dict[str, Any]:
    """An axis of periods in order, with as many labels as there is room for."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": periods,
        "showgrid": False,
        "fixedrange": True,
        "nticks": 12,
    }


def panel_title(label: str, row: int) -> dict[str, Any]:
    """The name of a label above its panel."""
    return {
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
