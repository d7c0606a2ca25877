"""Drafts: what somebody has typed on a claim and not recorded yet. Never a decision or an answer.

A draft belongs to one person on one page. It changes as the person types, and ends when what it
prepares is recorded.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import must_be_claim, must_be_texts
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import drafts

ANNOTATE = "annotate"
Fields = Mapping[str, str | bool | float]
"""The filled fields of a form, by name."""


def meeting_page(meeting_id: int) -> str:
    """The page of drafts of one meeting's decisions."""
    return f"meeting {meeting_id}"


def save(reviews: Reviews, person: Person, page: str, claim_id: str, fields: Fields) -> None:
    """Keep the fields as the person's draft, instead of an earlier one; without fields, end it.

    Raises RefusedError if the person may not record what the draft prepares, ReviewError if a text
    cannot be stored.
    """
    person.must_be(Role.ANNOTATOR if page == ANNOTATE else Role.REVIEWER)
    must_be_claim(claim_id)
    must_be_texts(*(value for value in fields.values() if isinstance(value, str)))
    with reviews.writing() as con:
        if not fields:
            end_draft(con, page, claim_id, person.name)
            return
        key = {"page": page, "claim_id": claim_id, "author": person.name}
        content = {"fields": dict(fields), "saved_at": datetime.now(UTC)}
        change = update(drafts).where(_own(page, claim_id, person.name)).values(content)
        if con.execute(change).rowcount:
            return
        try:
            with con.begin_nested():
                con.execute(insert(drafts).values(key | content))
        except IntegrityError:  # the same person in a second browser was faster
            con.execute(change)


def of(reviews: Reviews, author: Person, page: str, claim_id: str) -> dict[str, Any]:
    """The fields of the author's draft; empty if there is none."""
    query = select(drafts.c.fields).where(_own(page, claim_id, author.name))
    with reviews.reading() as con:
        return dict(con.execute(query).scalar() or {})


def end_draft(con: Connection, page: str, claim_id: str, author: str) -> None:
    """Delete a draft, if there is one, in the transaction that records what it prepared."""
    con.execute(delete(drafts).where(_own(page, claim_id, author)))


def _own(page: str, claim_id: str, author: str) -> ColumnElement[bool]:
    return (drafts.c.page == page) & (drafts.c.claim_id == claim_id) & (drafts.c.author == author)
