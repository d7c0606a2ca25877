"""Processes that write decisions into a review database, all of their own.

They are forked from a server that has the libraries in memory already, so that twenty of them
start in the time of one.
"""

import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

import support
from sqlalchemy import URL, make_url

from sourcing.errors import ConflictError
from sourcing.reviews import Person, Reviews, Role, decisions

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["review_writers", "psycopg"])
_PATHS = (str(support.ROOT), str(Path(__file__).parent))
Written = tuple[str, int | None]
"""A claim, and the number of the decision on it; None where somebody else was first."""


def write_decisions(
    address: str, name: str, claims: list[str], race: bool, pipe: Connection
) -> None:
    """Say when ready, wait for a word, decide each claim, and say what was written.

    race: each decision follows the newest one, instead of being the claim's first.
    """
    reviews = Reviews(make_url(address))
    person = Person(name, Role.REVIEWER)
    pipe.send("ready")
    pipe.recv()
    for claim in claims:
        after = len(decisions.history(reviews, claim)) if race else 0
        rationale = f"{name} on {claim}"
        decision = decisions.Decision(
            claim, "unsourced", rationale, present=(name, "Bo"), dissent="x" * 2_000,
            guideline_gap=True,
        )  # fmt: skip
        try:
            number = decisions.record(reviews, person, decision, after).number
        except ConflictError:
            number = None
        pipe.send((claim, number))


def _start_server() -> None:
    """Start the server that is forked, once; Python 3.11 hands it no path to import from."""
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(_PATHS)):
        forkserver.ensure_running()


class Writer:
    """A process that decides claims when it is told to."""

    def __init__(self, url: URL, name: str, claims: list[str], *, race: bool = False) -> None:
        """Start it, and wait until it is ready."""
        _start_server()
        address = url.render_as_string(hide_password=False)
        self.name, self.claims = name, claims
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(
            target=write_decisions, args=(address, name, claims, race, theirs), daemon=True
        )
        self.process.start()
        theirs.close()
        assert self.pipe.recv() == "ready"

    def go(self) -> None:
        """Let it begin."""
        self.pipe.send("go")

    def next_written(self) -> Written:
        """The next decision that it says it has written."""
        written: Written = self.pipe.recv()
        return written

    def written(self) -> list[Written]:
        """All that it says it has written, until it has ended."""
        everything = []
        while True:
            try:
                everything.append(self.next_written())
            except (EOFError, OSError):  # it ended, or was killed while it spoke
                self.process.join()
                return everything
