"""Annotate: one claim at a time, two questions, others' answers hidden."""

from sourcing import ui

view = ui.view("Annotate")
who = ui.person()
ui.annotate(ui.reviews(), view, who)
ui.name_of(who)
