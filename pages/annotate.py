"""Annotate: one claim at a time, two questions, other annotators' answers hidden."""

from sourcing.ui import cached_reads, person
from sourcing.ui.annotation.annotation import annotate
from sourcing.ui.view import titled_view

view = titled_view("Annotate")
annotator = person.required_person()
annotate(cached_reads.reviews(), view, annotator)
person.name_foot(annotator)
