"""Since last time: what changed between two snapshots, and why."""

from sourcing import ui

view = ui.view("Since last time")
found = ui.compared_with(view)
ui.what_changed(view, found)
ui.claims_behind(view, found)
