"""The errors that a reader may see; every message says what was found, expected, and what to do.

SourcingError           base: the command line prints it and exits 1, a page shows it as a sentence
├── LoadError           the input cannot be loaded; the warehouse is as it was
├── StoreError          the warehouse is missing, locked, full or of another version
├── FilterError         a filter or table name that does not exist
└── ReviewError         the review database cannot be used, or what is to be recorded in it
    ├── ConflictError   somebody else has written in the meantime; nothing was overwritten
    └── RefusedError    the person's role does not allow it
"""

from typing import Any


class SourcingError(Exception):
    """Base of all errors that are a sentence for the user."""


class LoadError(SourcingError):
    """The input cannot be loaded; nothing was changed."""


class StoreError(SourcingError):
    """The warehouse cannot be used as it is."""


class FilterError(SourcingError):
    """A filter, table or column was asked for that does not exist."""


class ReviewError(SourcingError):
    """The review database cannot be used, or what was to be recorded in it."""


class ConflictError(ReviewError):
    """Somebody else has written in the meantime. newer: what they wrote; None where it is gone."""

    def __init__(self, message: str, newer: Any = None) -> None:
        super().__init__(message)
        self.newer = newer


class RefusedError(ReviewError):
    """The person's role does not allow it."""


class AccessError(SourcingError):
    """The configuration of sign-in cannot be used, or somebody may not have what was asked for."""
