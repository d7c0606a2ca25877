"""Annotating in place: the queue and the two questions."""
