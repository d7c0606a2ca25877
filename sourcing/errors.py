"""The errors that a user may see. Messages say what was found, what was expected and what to do.

SourcingError           base: the command line prints it and exits 1, a page shows it as a sentence
├── LoadError           the input cannot be loaded; the warehouse is unchanged
├── StoreError          the warehouse is missing, locked, full or of another version
├── FilterError         a filter, table or column is unknown or cannot be used
├── ReviewError         the review database, or the record to be written to it, cannot be used
│   ├── ConflictError   somebody else has written in the meantime; nothing was overwritten
│   └── RefusedError    the person's role does not allow it
└── AccessError         the sign-in configuration cannot be used, or access is denied
"""

from typing import Any


class SourcingError(Exception):
    """Base of all errors whose message is meant for the user."""


class LoadError(SourcingError):
    """The input cannot be loaded; nothing was changed."""


class StoreError(SourcingError):
    """The warehouse cannot be used."""


class FilterError(SourcingError):
    """A filter, table or column is unknown or cannot be used."""


class ReviewError(SourcingError):
    """The review database, or the record to be written to it, cannot be used."""


class ConflictError(ReviewError):
    """Somebody else has written in the meantime. newer: their record; None if there is none."""

    def __init__(self, message: str, newer: Any = None) -> None:
        super().__init__(message)
        self.newer = newer


class RefusedError(ReviewError):
    """The person's role does not allow it."""


class AccessError(SourcingError):
    """The sign-in configuration cannot be used, or access is denied."""
