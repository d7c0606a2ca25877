"""Meetings: agenda, annotation queue, preview, label events, minutes and package."""
