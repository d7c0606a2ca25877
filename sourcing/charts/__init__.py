"""DataFrame in, Plotly figure out. Pure: no figure is changed, no file read, no page known."""

from sourcing.charts.certainty import certainty
from sourcing.charts.composition import composition
from sourcing.charts.time import over_time

__all__ = ["certainty", "composition", "over_time"]
