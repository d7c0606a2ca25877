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

import re
from pathlib import Path
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


_SQLITE = re.compile(r"sqlite:/{3,}(?:[^\s/]+/)*([^\s/]+)")
_ABSOLUTE = re.compile(
    r"(?<![\w./:@=-])(?!/download/)(?:[A-Za-z]:[\\/]|/)(?:[\w.+@~%-]+[\\/])+([\w.+@~%-]*[\w+@~%-])"
)


def without_folders(message: str, *folders: Path) -> str:
    """A message without the folders of the server, which are nothing to readers in a browser.

    folders: known ones, each of which becomes its own name; other absolute paths become the name of
    their file. The command line shows the message as it is.
    """
    for folder in sorted(map(Path.absolute, folders), key=lambda path: -len(str(path))):
        if folder.name:
            message = re.sub(rf"(?:sqlite:/{{3}})?{re.escape(str(folder))}\b", folder.name, message)
    return _ABSOLUTE.sub(r"\1", _SQLITE.sub(r"\1", message))
