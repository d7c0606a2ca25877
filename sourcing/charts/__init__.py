"""Charts: DataFrame in, Plotly figure out. Pure: no files, and nothing of the pages."""

from sourcing.charts.certainty import certainty
from sourcing.charts.composition import composition
from sourcing.charts.points import Column, points
from sourcing.charts.time import drift, over_time
from sourcing.charts.versus import versus

__all__ = ["Column", "certainty", "composition", "drift", "over_time", "points", "versus"]
