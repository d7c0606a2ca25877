"""Comments on claims, and questions to publishers with their answers; only ever added."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from sourcing.errors import ConflictError, ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import must_be_claim, must_be_day, must_be_texts
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import NEVER, comments, replies

_AHEAD = timedelta(hours=14)
"""How far local time can be ahead of UTC."""


@dataclass(frozen=True)
class Comment:
    """A comment on a claim."""

    claim_id: str
    text: str
    author: str
    written_at: datetime
    meeting_id: int | None = None


@dataclass(frozen=True)
class Reply:
    """A question to a publisher and its answer, which is empty until there is one.

    claim_id: None if it is about the source. supersedes: the record that this one replaces.
    """

    source_id: str
    asked: str
    asked_on: str
    answer: str = ""
    answered_on: str | None = None
    claim_id: str | None = None
    supersedes: int | None = None
    reply_id: int = 0
    recorded_by: str = ""
    recorded_at: datetime = NEVER


def record_comment(
    reviews: Reviews, person: Person, claim_id: str, text: str, meeting_id: int | None = None
) -> None:
    """Record a comment."""
    person.must_be(Role.ANNOTATOR)
    if not text.strip():
        raise ReviewError("The comment is empty.")
    must_be_claim(claim_id)
    must_be_texts(text)
    with reviews.writing() as con:
        con.execute(
            insert(comments).values(
                claim_id=claim_id,
                meeting_id=meeting_id,
                text=text.strip(),
                author=person.name,
                written_at=datetime.now(UTC),
            )
        )


def comments_on(reviews: Reviews, claim_id: str) -> list[Comment]:
    """All comments on a claim, oldest first."""
    query = select(comments).where(comments.c.claim_id == claim_id).order_by("comment_id")
    with reviews.reading() as con:
        rows = con.execute(query).all()
    return [
        Comment(row.claim_id, row.text, row.author, row.written_at, row.meeting_id) for row in rows
    ]


def record_reply(reviews: Reviews, person: Person, reply: Reply) -> Reply:
    """Record a question or its answer; a record that supersedes another replaces it.

    Raises ConflictError if somebody has already replaced the other record.
    """
    person.must_be(Role.REVIEWER)
    _check(reply)
    values = {
        "source_id": reply.source_id,
        "claim_id": reply.claim_id,
        "asked": reply.asked.strip(),
        "asked_on": reply.asked_on,
        "answer": reply.answer.strip(),
        "answered_on": reply.answered_on,
        "supersedes": reply.supersedes,
        "recorded_by": person.name,
        "recorded_at": datetime.now(UTC),
    }
    with reviews.writing() as con:
        _must_be_of_the_same(con, reply)
        try:
            with con.begin_nested():
                return _reply(con.execute(insert(replies).values(values).returning(replies)).one())
        except IntegrityError:
            pass
    raise ConflictError("Somebody has changed this record in the meantime. Look at it again.")


def replies_of(reviews: Reviews, source_id: str | None = None) -> list[Reply]:
    """The current records (of one source), oldest first, without replaced ones."""
    replaced = select(replies.c.supersedes).where(replies.c.supersedes.is_not(None))
    query = select(replies).where(replies.c.reply_id.not_in(replaced)).order_by("reply_id")
    if source_id is not None:
        query = query.where(replies.c.source_id == source_id)
    with reviews.reading() as con:
        return [_reply(row) for row in con.execute(query)]


def _reply(row: Row[Any]) -> Reply:
    return Reply(**row._mapping)  # noqa: SLF001 (public in SQLAlchemy despite its name)


def _must_be_of_the_same(con: Connection, reply: Reply) -> None:
    """Raise ReviewError if a record would replace one on another source or claim."""
    if reply.supersedes is None:
        return
    query = select(replies.c.source_id, replies.c.claim_id).where(
        replies.c.reply_id == reply.supersedes
    )
    if tuple(con.execute(query).one_or_none() or ()) != (reply.source_id, reply.claim_id):
        raise ReviewError("The record to be replaced is not on this source and claim.")


def _check(reply: Reply) -> None:
    if not reply.asked.strip():
        raise ReviewError("Say what the publisher was asked.")
    if reply.answer.strip() and not reply.answered_on:
        raise ReviewError("Say on which day the publisher answered.")
    must_be_texts(reply.asked, reply.answer)
    must_be_day(reply.asked_on)
    if reply.answered_on is not None:
        must_be_day(reply.answered_on)
    # In the easternmost time zones it may already be tomorrow.
    if max(reply.asked_on, reply.answered_on or "") > f"{datetime.now(UTC) + _AHEAD:%Y-%m-%d}":
        raise ReviewError("The day is in the future.")
    if reply.answered_on and reply.answered_on < reply.asked_on:
        raise ReviewError("The answer is dated before the question.")
