"""Many writers at once, and writers that die: real processes, on SQLite and PostgreSQL."""

import json
import signal
import subprocess
import sys

import pytest
import support
from sqlalchemy import URL

from sourcing.reviews import Reviews, decisions

pytest_plugins = "review_fixtures"

WRITER = """
import json, sys
from sqlalchemy import make_url
from sourcing.errors import ConflictError
from sourcing.reviews import Person, Reviews, Role, decisions
url, name, claims = make_url(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
reviews = Reviews(url)
print("ready", flush=True)
sys.stdin.readline()
for claim in claims:
    after = len(decisions.history(reviews, claim)) if sys.argv[4] == "race" else 0
    said = decisions.Decision(claim, "unsourced", f"{name} on {claim}", present=(name, "Bo"),
                              dissent="x" * 2_000, guideline_gap=True)
    try:
        made = decisions.record(reviews, Person(name, Role.REVIEWER), said, after)
        print(json.dumps([claim, made.number]), flush=True)
    except ConflictError as error:
        print(json.dumps([claim, None]), flush=True)
"""


class Writer:
    """A process that decides claims when it is told to."""

    def __init__(self, url: URL, name: str, claims: list[str], way: str = "own") -> None:
        address = url.render_as_string(hide_password=False)
        self.name, self.claims = name, claims
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, address, name, json.dumps(claims), way],
            cwd=support.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def said(self) -> list[tuple[str, int | None]]:
        """What it says that it wrote, when it has ended."""
        assert self.process.stdout is not None
        whole = [line for line in self.process.stdout if line.endswith("]\n")]
        self.process.wait()
        return [tuple(json.loads(line)) for line in whole]

    def line(self) -> tuple[str, int | None]:
        """The next thing that it says."""
        assert self.process.stdout is not None
        return tuple(json.loads(self.process.stdout.readline()))


def whole(found: decisions.Decided) -> bool:
    """Whether a decision is all that its writer sent."""
    return (
        found.rationale == f"{found.decided_by} on {found.claim_id}"
        and found.present == (found.decided_by, "Bo")
        and found.dissent == "x" * 2_000
        and found.guideline_gap
        and found.label == "unsourced"
    )


def test_twenty_writers_lose_nothing(url: URL) -> None:
    reviews = Reviews(url)
    writers = [Writer(url, f"w{n}", [f"w{n}-{i}" for i in range(100)]) for n in range(20)]
    for writer in writers:
        writer.go()
    for writer in writers:
        assert writer.said() == [(claim, 1) for claim in writer.claims]
        assert writer.process.returncode == 0
    found = decisions.every(reviews)
    reviews.close()
    assert len(found) == 2_000
    assert {item.claim_id for item in found} == {c for w in writers for c in w.claims}
    assert all(whole(item) for item in found)


def test_writers_racing_for_one_claim(url: URL) -> None:
    """Each number of a claim is won once; who loses is told."""
    reviews = Reviews(url)
    claims = [f"c{n % 3}" for n in range(30)]
    writers = [Writer(url, f"w{n}", claims, "race") for n in range(6)]
    for writer in writers:
        writer.go()
    said = [line for writer in writers for line in writer.said()]
    assert len(said) == 6 * 30
    won = sorted(line for line in said if line[1] is not None)
    found = decisions.every(reviews)
    assert won == sorted((item.claim_id, item.number) for item in found)
    for claim in set(claims):
        history = decisions.history(reviews, claim)
        assert [item.number for item in history] == list(range(1, len(history) + 1))
        times = [item.decided_at for item in history]
        assert times == sorted(set(times))
    assert all(whole(item) for item in found)
    reviews.close()


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_writer_that_is_killed(url: URL, after: int) -> None:
    """What it said to have written is there, whole; of the rest at most one, whole too."""
    reviews = Reviews(url)
    writer = Writer(url, "w", [f"c{n}" for n in range(400)])
    writer.go()
    said = [writer.line()[0] for _ in range(after)]
    writer.process.send_signal(signal.SIGKILL)
    said += [claim for claim, _ in writer.said()]
    found = decisions.every(reviews)
    reviews.close()
    assert [item.claim_id for item in found][: len(said)] == said
    assert len(found) - len(said) in (0, 1)
    assert len(found) < 400
    assert all(whole(item) for item in found)
