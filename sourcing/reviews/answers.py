"""Annotators' answers, which are only ever added, and claims left for later."""

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
from sourcing.reviews.drafts import ANNOTATE, end_draft
from sourcing.reviews.field_rules import must_be_claim, must_be_texts, must_be_web_address
from sourcing.reviews.people import Person, Role
from sourcing.reviews.schema import NEVER, answers, skips, suggestions


@dataclass(frozen=True)
class Answer:
    """An annotator's answer to both questions of the codebook, or a reason for giving none.

    label: `contested` if question B is answered with yes, otherwise the attribution; or
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
    """A recorded answer."""

    answer_id: int = 0
    annotator: str = ""
    answered_at: datetime = NEVER
    codebook_version: str = CODEBOOK_VERSION


def record(reviews: Reviews, person: Person, answer: Answer) -> Answered:
    """Record an answer, which ends the annotator's draft.

    Raises RefusedError for a viewer, ReviewError if the answer is not valid.
    """
    person.must_be(Role.ANNOTATOR)
    _check(answer)
    own = (answers.c.claim_id == answer.claim_id) & (answers.c.annotator == person.name)
    with reviews.writing() as con:
        last = con.execute(
            select(answers.c.answered_at).where(own).order_by(answers.c.answer_id.desc()).limit(1)
        ).scalar()
        now = datetime.now(UTC)
        values: dict[str, Any] = {
            field.name: getattr(answer, field.name) for field in fields(Answer)
        }
        values |= {
            "annotator": person.name,
            "answered_at": now if last is None else max(now, last + timedelta(microseconds=1)),
            "codebook_version": CODEBOOK_VERSION,
            "suggestion_seen": answer.suggestion_seen
            or _has_seen(con, answer.claim_id, person.name),
        }
        end_draft(con, ANNOTATE, answer.claim_id, person.name)
        return _answered(con.execute(insert(answers).values(values).returning(answers)).one())


def record_suggestion_seen(reviews: Reviews, person: Person, claim_id: str) -> None:
    """Record that an annotator has seen a model's suggestion, for later answers on the claim."""
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
    """Record that an annotator leaves a claim for later, with the reason."""
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
    """All answers, oldest first."""
    with reviews.reading() as con:
        return [_answered(row) for row in con.execute(select(answers).order_by("answer_id"))]


def of_annotator(reviews: Reviews, annotator: str) -> list[Answered]:
    """The answers of one annotator, oldest first."""
    query = select(answers).where(answers.c.annotator == annotator).order_by("answer_id")
    with reviews.reading() as con:
        return [_answered(row) for row in con.execute(query)]


def answered_claims(reviews: Reviews) -> list[tuple[str, str]]:
    """The answered claims, as pairs of claim_id and annotator."""
    query = select(answers.c.claim_id, answers.c.annotator).distinct()
    with reviews.reading() as con:
        return [(row[0], row[1]) for row in con.execute(query.order_by(*query.selected_columns))]


def skipped_by(reviews: Reviews, annotator: str) -> list[str]:
    """Claims that an annotator has left for later and not answered."""
    own = (answers.c.annotator == annotator) & (answers.c.claim_id == skips.c.claim_id)
    query = (
        select(skips.c.claim_id)
        .where(skips.c.annotator == annotator, ~select(answers).where(own).exists())
        .distinct()
        .order_by(skips.c.claim_id)
    )
    with reviews.reading() as con:
        return [row[0] for row in con.execute(query)]


def _answered(row: Row[Any]) -> Answered:
    return Answered(**row._mapping)  # noqa: SLF001 (public in SQLAlchemy despite its name)


def _check(answer: Answer) -> None:
    """Raise ReviewError if the parts of an answer do not fit together."""
    must_be_claim(answer.claim_id)
    if answer.label not in ANSWERS:
        raise ReviewError(f"{answer.label!r} is not a label. Labels: {', '.join(ANSWERS)}.")
    if answer.label in set(map(str, Label)):
        label = str(Label.CONTESTED) if answer.contested else answer.attribution
        if answer.attribution not in set(map(str, Attribution)) or answer.label != label:
            raise ReviewError("Answer question A (where it comes from), then question B.")
    elif not answer.rationale.strip():
        raise ReviewError("Say why there is no label.")
    elif answer.attribution is not None or answer.contested:
        raise ReviewError("An answer without a label must not answer question A or B.")
    if not answer.contested and (answer.contested_kind or answer.contested_by):
        raise ReviewError("A dispute is described, but question B is not answered with yes.")
    if answer.needs_source not in (None, *NEEDS_SOURCE):
        raise ReviewError("Whether a claim needs a source must be yes, no or unsure.")
    kinds = ATTRIBUTION_KINDS.get(answer.attribution or "", ())
    if answer.attribution_kind is not None and answer.attribution_kind not in kinds:
        raise ReviewError(f"{answer.attribution_kind!r} is not a kind of {answer.attribution}.")
    if answer.contested_kind is not None and answer.contested_kind not in CONTESTED_KINDS:
        raise ReviewError(f"{answer.contested_kind!r} is not a kind of dispute.")
    must_be_texts(answer.rationale, answer.contested_by, answer.evidence_url)
    must_be_web_address(answer.evidence_url)
    if answer.confidence is not None and not 0 <= answer.confidence <= 1:
        raise ReviewError("The confidence must be a number from 0 to 1.")
