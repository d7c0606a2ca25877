"""Many writers at once, and writers that die: real processes, on SQLite and PostgreSQL."""

import pytest
from review_writers import Writer
from sqlalchemy import URL

from sourcing.reviews import Reviews, decisions

pytestmark = pytest.mark.slow

pytest_plugins = "review_fixtures"


def is_whole(decision: decisions.Decided) -> bool:
    """Whether a decision is all that its writer sent."""
    return (
        decision.rationale == f"{decision.decided_by} on {decision.claim_id}"
        and decision.present == (decision.decided_by, "Bo")
        and decision.dissent == "x" * 2_000
        and decision.guideline_gap
        and decision.label == "unsourced"
    )


def test_twenty_writers_lose_nothing(url: URL) -> None:
    reviews = Reviews(url)
    writers = [Writer(url, f"w{n}", [f"w{n}-{i}" for i in range(100)]) for n in range(20)]
    for writer in writers:
        writer.go()
    for writer in writers:
        assert writer.written() == [(claim, 1) for claim in writer.claims]
        assert writer.process.exitcode == 0
    recorded = decisions.every(reviews)
    reviews.close()
    assert len(recorded) == 2_000
    assert {item.claim_id for item in recorded} == {c for w in writers for c in w.claims}
    assert all(is_whole(item) for item in recorded)


def test_writers_racing_for_one_claim(url: URL) -> None:
    """Each number of a claim is won once; who loses is told."""
    reviews = Reviews(url)
    claims = [f"c{n % 3}" for n in range(30)]
    writers = [Writer(url, f"w{n}", claims, race=True) for n in range(6)]
    for writer in writers:
        writer.go()
    written = [line for writer in writers for line in writer.written()]
    assert len(written) == 6 * 30
    won = sorted(line for line in written if line[1] is not None)
    recorded = decisions.every(reviews)
    assert won == sorted((item.claim_id, item.number) for item in recorded)
    for claim in set(claims):
        history = decisions.history(reviews, claim)
        assert [item.number for item in history] == list(range(1, len(history) + 1))
        times = [item.decided_at for item in history]
        assert times == sorted(set(times))
    assert all(is_whole(item) for item in recorded)
    reviews.close()


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_writer_that_is_killed(url: URL, after: int) -> None:
    """What it said to have written is there, whole; of the rest at most one, whole too."""
    reviews = Reviews(url)
    writer = Writer(url, "w", [f"c{n}" for n in range(400)])
    writer.go()
    written = [writer.next_written()[0] for _ in range(after)]
    writer.process.kill()
    written += [claim for claim, _ in writer.written()]
    recorded = decisions.every(reviews)
    reviews.close()
    assert [item.claim_id for item in recorded][: len(written)] == written
    assert len(recorded) - len(written) in (0, 1)
    assert len(recorded) < 400
    assert all(is_whole(item) for item in recorded)
