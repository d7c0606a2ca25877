"""Many people decide at once, and programs die: real processes, on SQLite and PostgreSQL."""

import random
from collections import Counter
from dataclasses import fields

import pytest
from reviews_support import (
    ADA,
    Process,
    barrier,
    count,
    decide_all,
    race,
    say_identity,
    sent,
)
from sqlalchemy import URL, text

from sourcing.reviews import Reviews, decisions
from sourcing.reviews.decisions import Decided, Decision

pytest_plugins = "reviews_support"


def as_sent(found: Decided) -> bool:
    """Whether a decision is exactly what its writer wanted to record."""
    kept = Decision(**{field.name: getattr(found, field.name) for field in fields(Decision)})
    return kept == sent(found.decided_by, found.claim_id)


def test_a_new_database_is_made_once_by_all_who_open_it(url: URL) -> None:
    together = barrier(4)
    processes = [Process(say_identity, url, together) for _ in range(4)]
    found = [process.rest() for process in processes]
    assert [process.process.exitcode for process in processes] == [0] * 4
    assert found == [found[0]] * 4
    reviews = Reviews(url)
    assert [reviews.identity] == found[0]
    assert count(reviews, "database_identity") == 1
    with reviews.reading() as con:
        versions = con.execute(text("SELECT version_num FROM alembic_version")).all()
    assert len(versions) == 1
    reviews.close()


def test_twenty_writers_lose_nothing(url: URL) -> None:
    Reviews(url).close()
    together = barrier(20)
    wanted = {f"w{n}": [f"w{n}-c{i}" for i in range(100)] for n in range(20)}
    writers = {
        name: Process(decide_all, url, together, name, claims) for name, claims in wanted.items()
    }
    said = {name: writer.rest() for name, writer in writers.items()}
    assert {name: [claim for _, claim in told] for name, told in said.items()} == wanted
    reviews = Reviews(url)
    found = decisions.every(reviews)
    reviews.close()
    assert len(found) == 2_000
    assert {(item.decision_id, item.claim_id) for item in found} == {
        line for told in said.values() for line in told
    }
    assert all(as_sent(item) for item in found)
    assert {item.number for item in found} == {1}


def test_each_number_of_a_claim_is_won_by_one(url: URL) -> None:
    """Eight people decide the same claims at the same moments; whoever is late is told by whom."""
    Reviews(url).close()
    together = barrier(8)
    tries = [(f"c{n}", after) for after in range(8) for n in range(5)]
    writers = [Process(race, url, together, f"w{n}", tries) for n in range(8)]
    said = [line for writer in writers for line in writer.rest()]
    assert [writer.process.exitcode for writer in writers] == [0] * 8
    reviews = Reviews(url)
    won = {(claim, number): made for how, claim, number, made in said if how == "won"}
    assert Counter(how for how, *_ in said) == {"won": 40, "lost": 7 * 40}
    assert len(won) == 40
    for n in range(5):
        history = decisions.history(reviews, f"c{n}")
        assert [item.number for item in history] == list(range(1, 9))
        assert history == [won[f"c{n}", number] for number in range(1, 9)]
        earlier = [None, *(item.decision_id for item in history)]
        assert [item.supersedes for item in history] == earlier[:-1]
        assert all(
            one.decided_at < next_.decided_at
            for one, next_ in zip(history, history[1:], strict=False)
        )
        assert all(as_sent(item) for item in history)
    for how, claim, number, newer in said:
        if how == "lost":
            assert (newer.claim_id, newer.number) == (claim, number)
            assert newer == won[claim, number]
    reviews.close()


def test_what_a_killed_writer_had_recorded_is_there(url: URL) -> None:
    """Killed again and again at points that nobody chose: only whole decisions, none missing."""
    rnd = random.Random(7)
    reviews = Reviews(url)
    told: set[tuple[int, str]] = set()
    killed = 8
    for n in range(killed):
        writer = Process(
            decide_all, url, barrier(1), f"w{n}", [f"w{n}-c{i}" for i in range(100_000)]
        )
        told |= {writer.next() for _ in range(rnd.randint(1, 30))}
        writer.kill()
        told |= set(writer.rest())
        assert writer.process.exitcode == -9
        found = decisions.every(reviews)
        assert told <= {(item.decision_id, item.claim_id) for item in found}
        assert len(found) - len(told) <= n + 1  # what was recorded, but not said any more
        assert all(as_sent(item) for item in found)
        decisions.decide(reviews, ADA, sent("Ada", f"after-{n}"), 0)  # nothing is left locked
        told |= {(item.decision_id, item.claim_id) for item in decisions.every(reviews)[-1:]}
    reviews.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_killed_writer_leaves_a_sound_file(url: URL) -> None:
    writer = Process(decide_all, url, barrier(1), "w", [f"c{i}" for i in range(100_000)])
    told = [writer.next() for _ in range(20)]
    writer.kill()
    told += writer.rest()
    reviews = Reviews(url)
    with reviews.reading() as con:
        assert con.execute(text("PRAGMA integrity_check")).all() == [("ok",)]
        assert con.execute(text("PRAGMA foreign_key_check")).all() == []
    assert [claim for _, claim in told] == [f"c{i}" for i in range(len(told))]
    reviews.close()
