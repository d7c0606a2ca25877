"""What annotators answer in place: labels, added only, and claims left for later."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from sourcing.codebook import (
    ANSWERS,
    ATTRIBUTION_KINDS,
    CODEBOOK_VERSION,
    CONTESTED_KINDS,
    NEEDS_SOURCE,
    Attribution,
    Label,
)
from sourcing.errors import ReviewError
from sourcing.reviews.database import Reviews
from sourcing.reviews.field_rules import must_be_claim, must_be_texts, must_be_web_address
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import NEVER, answers, skips, suggestions


@dataclass(frozen=True)
class Answer:
    """An annotator's answer to both questions of the codebook, or none with the reason.

    label: derived, `contested` where question B is answered with yes, else the attribution; or
    not_a_claim, cannot_say. confidence: 0–1.
    """

    claim_id: str
    label: str
    attribution: str | None = None
    attribution_kind: str | None = None
    contested: bool | None = None
    contested_kind: str | None = None
    contested_by: str | None = None
    needs_source: str | None = None
    suggestion_seen: bool = False
    confidence: float | None = None
    rationale: str = ""
    evidence_url: str | None = None
    round: str = "independent"


@dataclass(frozen=True)
class Answered(Answer):
    """An answer as it was recorded."""

    answer_id: int = 0
    annotator: str = ""
    answered_at: datetime = NEVER
    codebook_version: str = CODEBOOK_VERSION


def record(reviews: Reviews, person: Person, said: Answer) -> Answered:
    """Record an answer. Raises RefusedError for a viewer, ReviewError where it cannot be used."""
    person.must_be(Role.ANNOTATOR)
    _check(said)
    own = (answers.c.claim_id == said.claim_id) & (answers.c.annotator == person.name)
    with reviews.writing() as con:
        last = con.execute(
            select(answers.c.answered_at).where(own).order_by(answers.c.answer_id.desc()).limit(1)
        ).scalar()
        now = datetime.now(UTC)
        values: dict[str, Any] = {field.name: getattr(said, field.name) for field in fields(Answer)}
        values |= {
            "annotator": person.name,
            "answered_at": now if last is None else max(now, last + timedelta(microseconds=1)),
            "codebook_version": CODEBOOK_VERSION,
            "suggestion_seen": said.suggestion_seen or _has_seen(con, said.claim_id, person.name),
        }
        return _answered(con.execute(insert(answers).values(values).returning(answers)).one())


def record_suggestion_seen(reviews: Reviews, person: Person, claim_id: str) -> None:
    """Record that an annotator has seen what a model says of a claim; later answers say so."""
    person.must_be(Role.ANNOTATOR)
    must_be_claim(claim_id)
    with reviews.writing() as con:
        if not _has_seen(con, claim_id, person.name):
            seen = {"claim_id": claim_id, "annotator": person.name, "seen_at": datetime.now(UTC)}
            con.execute(insert(suggestions).values(seen))


def _has_seen(con: Connection, claim_id: str, annotator: str) -> bool:
    own = (suggestions.c.claim_id == claim_id) & (suggestions.c.annotator == annotator)
    return con.execute(select(suggestions.c.suggestion_id).where(own).limit(1)).first() is not None


def record_skip(reviews: Reviews, person: Person, claim_id: str, reason: str) -> None:
    """Leave a claim for later, and say why."""
    person.must_be(Role.ANNOTATOR)
    if not reason.strip():
        raise ReviewError("Say why the claim is left for later.")
    must_be_claim(claim_id)
    must_be_texts(reason)
    with reviews.writing() as con:
        con.execute(
            insert(skips).values(
                claim_id=claim_id,
                annotator=person.name,
                reason=reason.strip(),
                skipped_at=datetime.now(UTC),
            )
        )


def every(reviews: Reviews) -> list[Answered]:
    """All answers in the order in which they were given."""
    with reviews.reading() as con:
        return [_answered(row) for row in con.execute(select(answers).order_by("answer_id"))]


def of_annotator(reviews: Reviews, annotator: str) -> list[Answered]:
    """The answers of one annotator, oldest first."""
    asked = select(answers).where(answers.c.annotator == annotator).order_by("answer_id")
    with reviews.reading() as con:
        return [_answered(row) for row in con.execute(asked)]


def given(reviews: Reviews) -> list[tuple[str, str]]:
    """Which claims who has answered: claim_id and annotator."""
    asked = select(answers.c.claim_id, answers.c.annotator).distinct()
    with reviews.reading() as con:
        return [(row[0], row[1]) for row in con.execute(asked.order_by(*asked.selected_columns))]


def skipped_by(reviews: Reviews, annotator: str) -> list[str]:
    """Claims that an annotator has left for later and not answered since."""
    own = (answers.c.annotator == annotator) & (answers.c.claim_id == skips.c.claim_id)
    asked = (
        select(skips.c.claim_id)
        .where(skips.c.annotator == annotator, ~select(answers).where(own).exists())
        .distinct()
        .order_by(skips.c.claim_id)
    )
    with reviews.reading() as con:
        return [row[0] for row in con.execute(asked)]


def _answered(row: Row[Any]) -> Answered:
    return Answered(**row._mapping)  # noqa: SLF001 (public in SQLAlchemy, in spite of its name)


def _check(said: Answer) -> None:
    """Raise ReviewError where the parts of an answer do not fit together."""
    must_be_claim(said.claim_id)
    if said.label not in ANSWERS:
        raise ReviewError(f"{said.label!r} is no label. Labels: {', '.join(ANSWERS)}.")
    if said.label in set(map(str, Label)):
        wanted = str(Label.CONTESTED) if said.contested else said.attribution
        if said.attribution not in set(map(str, Attribution)) or said.label != wanted:
            raise ReviewError("Answer question A (where it comes from), then question B.")
    elif not said.rationale.strip():
        raise ReviewError("Say why there is no label.")
    elif said.attribution is not None or said.contested:
        raise ReviewError("Where there is no label, there is no answer to question A or B.")
    if not said.contested and (said.contested_kind or said.contested_by):
        raise ReviewError("A dispute is described, but question B is not answered with yes.")
    if said.needs_source not in (None, *NEEDS_SOURCE):
        raise ReviewError("Whether a claim needs a source is yes, no or unsure.")
    kinds = ATTRIBUTION_KINDS.get(said.attribution or "", ())
    if said.attribution_kind is not None and said.attribution_kind not in kinds:
        raise ReviewError(f"{said.attribution_kind!r} is no kind of {said.attribution}.")
    if said.contested_kind is not None and said.contested_kind not in CONTESTED_KINDS:
        raise ReviewError(f"{said.contested_kind!r} is no kind of dispute.")
    must_be_texts(said.rationale, said.contested_by, said.evidence_url)
    must_be_web_address(said.evidence_url)
    if said.confidence is not None and not 0 <= said.confidence <= 1:
        raise ReviewError("How sure you are is a number from 0 to 1.")
