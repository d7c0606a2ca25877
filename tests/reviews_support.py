"""What the tests of reviews share: people, one row of each kind, writers in other processes.

A plugin: test modules ask for it with `pytest_plugins = "reviews_support"`. It brings the fixtures
of review_fixtures with it: `url` and `reviews`, of SQLite and of a real PostgreSQL server.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import URL, func, make_url, select

from sourcing.errors import ConflictError
from sourcing.labels import Label, NoAnswer
from sourcing.reviews import (
    Person,
    Reviews,
    Role,
    answers,
    decisions,
    meetings,
    remarks,
    tables,
)
from sourcing.reviews.answers import Answer
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Item, Plan
from sourcing.reviews.remarks import Reply

pytest_plugins = "review_fixtures"

ADA, BO = Person("Ada", Role.REVIEWER), Person("Bo „Ö“ 🙂", Role.ADMIN)
CY = Person("Cy O'Hara; --", Role.ANNOTATOR)
PLAN = Plan("Review of May", "2026-05-31", "Ada", ("Bo", "Cy"), "Notes")
SNAPSHOT = "20261121T093000Z-1a2b3c4d"
LABELS = (*map(str, Label), *map(str, NoAnswer))
ODD_TEXT = "„Ö“ 'single' \"double\"; -- 🙂\n\tsecond line\r\nthird \\ % :name ? $1 {x}"


def rows(reviews: Reviews, table: str) -> list[tuple[Any, ...]]:
    """All that stands in a table, in the order of its key."""
    found = tables.metadata.tables[table]
    with reviews.reading() as con:
        return [tuple(row) for row in con.execute(select(found).order_by(*found.primary_key))]


def everything(reviews: Reviews) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in all tables."""
    return {table: rows(reviews, table) for table in tables.metadata.tables}


def count(reviews: Reviews, table: str) -> int:
    """How many rows a table has."""
    with reviews.reading() as con:
        asked = select(func.count()).select_from(tables.metadata.tables[table])
        return int(con.execute(asked).scalar_one())


def one_of_each(reviews: Reviews) -> int:
    """A row in every table; returns the meeting."""
    made = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    meetings.add_items(reviews, ADA, made, [Item("c", "Annotators are tied.", 0.25)])
    meetings.visit(reviews, ADA, made, "c", "shown")
    decisions.decide(reviews, ADA, Decision("c", "sourced", meeting_id=made), 0)
    answers.answer(reviews, CY, Answer("c", "sourced", "sourced"))
    answers.skip(reviews, CY, "c", "later")
    remarks.comment(reviews, CY, "c", "Look at paragraph 3.", made)
    remarks.record_reply(reviews, ADA, Reply("s", "Who said so?", "2026-05-01"))
    return made


# Writers in processes of their own ----------------------------------------------------------------

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["reviews_support"])


def barrier(parties: int) -> Barrier:
    """Where so many processes wait for each other."""
    return _PROCESSES.Barrier(parties, timeout=120)


class Process:
    """A process that runs a function of this module and says things through a pipe."""

    def __init__(self, work: Callable[..., None], url: URL, *given: Any) -> None:
        self._from, to = _PROCESSES.Pipe(duplex=False)
        address = url.render_as_string(hide_password=False)
        self.process: BaseProcess = _PROCESSES.Process(
            target=work, args=(to, address, *given), daemon=True
        )
        self.process.start()
        to.close()

    def next(self) -> Any:
        """The next thing that it says."""
        return self._from.recv()

    def rest(self) -> list[Any]:
        """All that it says until it ends."""
        found = []
        try:
            while True:
                found.append(self._from.recv())
        except EOFError:
            self.process.join()
            return found

    def kill(self) -> None:
        """End it at once, wherever it is (SIGKILL)."""
        self.process.kill()


@contextmanager
def opened(address: str) -> Iterator[Reviews]:
    """The review database at an address, in a process of its own."""
    found = Reviews(make_url(address))
    try:
        yield found
    finally:
        found.close()


def say_identity(say: Connection, address: str, together: Barrier) -> None:
    """Open the database at the same moment as others, and say which it is."""
    together.wait()
    with opened(address) as reviews:
        say.send(reviews.identity)


def sent(name: str, claim: str) -> Decision:
    """What a writer decides on a claim: another one for every writer and claim."""
    seed = sum(map(ord, name + claim))
    return Decision(
        claim,
        label="contested",
        rationale=f"{name} on {claim}: {ODD_TEXT}",
        attribution=("sourced", "self_cited", "unsourced")[seed % 3],
        needs_source=("yes", "no", "unsure", None)[seed % 4],
        evidence_url=f"https://example.org/{name}/{claim}",
        contested_by=f"{name}'s mayor",
        present=(name, *("Bo", "Cy")[: seed % 3]),
        dissent=name * (seed % 900),
        cause=decisions.CAUSES[seed % 5],
        guideline_gap=bool(seed % 2),
        guideline_note=claim * (seed % 50),
    )


def decide_all(say: Connection, address: str, together: Barrier, who: str, claims: list[str]) -> None:
    """Decide claims one after the other; say each that is recorded, once it is."""
    with opened(address) as reviews:
        together.wait()
        for claim in claims:
            made = decisions.decide(reviews, Person(who, Role.REVIEWER), sent(who, claim), 0)
            say.send((made.decision_id, claim))


def race(
    say: Connection, address: str, together: Barrier, who: str, tries: Sequence[tuple[str, int]]
) -> None:
    """Try each next number of claims at the same moment as others; say who had it."""
    with opened(address) as reviews:
        for claim, after in tries:
            together.wait()
            try:
                made = decisions.decide(
                    reviews, Person(who, Role.REVIEWER), sent(who, claim), after
                )
            except ConflictError as error:
                say.send(("lost", claim, after + 1, error.newer))
            else:
                say.send(("won", claim, after + 1, made))
