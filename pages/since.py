"""Since last time: what changed between two snapshots, and why."""

from sourcing.ui.shares.changes import claims_behind, compared_with, what_changed
from sourcing.ui.view import titled_view

view = titled_view("Since last time")
between = compared_with(view)
what_changed(view, between)
claims_behind(view, between)
