"""The tables of the review database. Rows are only ever added; every change is a new row.

Two tables are no record of work: `people`, and `drafts`, whose rows change and go.

Times are UTC. The migrations create the schema; a test checks that both agree.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from sourcing.codebook import ANSWERS, DISAGREEMENT_CAUSES, NEEDS_SOURCE, Attribution

APPEND_ONLY = (
    "meetings meeting_versions agenda_items visits decisions comments answers skips suggestions "
    "replies withdrawals"
).split()
"""Tables whose rows the database refuses to change or delete."""

NEVER = datetime.min.replace(tzinfo=UTC)
"""The time of a record that is not written yet."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_once",
        "fk": "%(table_name)s_%(column_0_name)s_exists",
        "ck": "%(table_name)s_%(constraint_name)s_legal",
    }
)


class Utc(TypeDecorator[datetime]):
    """A time with its zone in Python, in UTC in every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; SQLite stores no zone."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to a time with the zone UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, legal: tuple[str, ...]) -> CheckConstraint:
    words = ", ".join(f"'{word}'" for word in legal)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def _key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True)


def _text(name: str, *, required: bool = False) -> Column[str]:
    return Column(name, Text, nullable=not required)


def _at(name: str) -> Column[datetime]:
    return Column(name, Utc, nullable=False)


def _of(name: str, table: str, *, required: bool = True) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{table}.{name}"), nullable=not required)


def _names(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False)


database = Table(
    "database_identity",
    metadata,
    Column("identity", Text, primary_key=True),
)
"""One row: the unique identity of this review database."""

meetings = Table(
    "meetings",
    metadata,
    _key("meeting_id"),
    _at("created_at"),
    _text("created_by", required=True),
    _text("snapshot_id", required=True),
    _text("codebook_version", required=True),
)

meeting_versions = Table(
    "meeting_versions",
    metadata,
    _key("version_id"),
    _of("meeting_id", "meetings"),
    _text("title", required=True),
    _text("held_on", required=True),
    _text("chair", required=True),
    _names("participants"),
    _text("notes", required=True),
    Column("minutes", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    _at("recorded_at"),
    _text("recorded_by", required=True),
)
"""Title, day and people of a meeting; its newest row holds. minutes: the time planned."""

agenda_items = Table(
    "agenda_items",
    metadata,
    _key("item_id"),
    _of("meeting_id", "meetings"),
    _text("claim_id", required=True),
    Column("place", Integer, nullable=False),
    _text("reason", required=True),
    Column("movable", Float, nullable=True),
    _at("added_at"),
    _text("added_by", required=True),
    UniqueConstraint("meeting_id", "claim_id"),
)
"""movable: how far (0–1) a decision could move a share of the source when the item was added."""

visits = Table(
    "visits",
    metadata,
    _key("visit_id"),
    _of("meeting_id", "meetings"),
    _text("claim_id", required=True),
    _text("kind", required=True),
    _at("visited_at"),
    _text("visited_by", required=True),
    _one_of("kind", ("shown", "skipped", "removed", "restored")),
)
"""What a meeting did with an item besides deciding; it resumes at the newest `shown`."""

decisions = Table(
    "decisions",
    metadata,
    _key("decision_id"),
    _text("claim_id", required=True),
    Column("number", Integer, nullable=False),
    _of("meeting_id", "meetings", required=False),
    _text("label"),
    _text("attribution"),
    _text("needs_source"),
    _text("rationale", required=True),
    _text("evidence_url"),
    _text("contested_by"),
    _text("decided_by", required=True),
    _names("present"),
    _text("dissent", required=True),
    _text("cause"),
    Column("guideline_gap", Boolean, nullable=False),
    _text("guideline_note", required=True),
    _text("codebook_version", required=True),
    _at("decided_at"),
    Column("supersedes", Integer, ForeignKey("decisions.decision_id"), nullable=True, unique=True),
    UniqueConstraint("claim_id", "number"),
    _one_of("label", ANSWERS),
    _one_of("attribution", tuple(map(str, Attribution))),
    _one_of("needs_source", NEEDS_SOURCE),
    _one_of("cause", tuple(DISAGREEMENT_CAUSES)),
)
"""number: 1 for a claim's first decision, then 2, …: two people cannot both write the next one.
label: empty where the decision takes the earlier ones back."""

comments = Table(
    "comments",
    metadata,
    _key("comment_id"),
    _text("claim_id", required=True),
    _of("meeting_id", "meetings", required=False),
    _text("text", required=True),
    _text("author", required=True),
    _at("written_at"),
)

answers = Table(
    "answers",
    metadata,
    _key("answer_id"),
    _text("claim_id", required=True),
    _text("annotator", required=True),
    _text("label", required=True),
    _text("attribution"),
    _text("attribution_kind"),
    Column("contested", Boolean, nullable=True),
    _text("contested_kind"),
    _text("contested_by"),
    _text("round", required=True),
    _text("needs_source"),
    Column("suggestion_seen", Boolean, nullable=False),
    Column("confidence", Float, nullable=True),
    _text("rationale", required=True),
    _text("evidence_url"),
    _text("codebook_version", required=True),
    _at("answered_at"),
    UniqueConstraint("claim_id", "annotator", "answered_at"),
    _one_of("label", ANSWERS),
    _one_of("attribution", tuple(map(str, Attribution))),
    _one_of("round", ("independent", "after_discussion")),
)
"""What annotators answer on the page *Annotate*."""

skips = Table(
    "skips",
    metadata,
    _key("skip_id"),
    _text("claim_id", required=True),
    _text("annotator", required=True),
    _text("reason", required=True),
    _at("skipped_at"),
)
"""Claims that an annotator left for later, with the reason."""

suggestions = Table(
    "suggestions",
    metadata,
    _key("suggestion_id"),
    _text("claim_id", required=True),
    _text("annotator", required=True),
    _at("seen_at"),
)
"""Claims for which an annotator has seen a model's suggestion, answered or not."""

replies = Table(
    "replies",
    metadata,
    _key("reply_id"),
    _text("source_id", required=True),
    _text("claim_id"),
    _text("asked", required=True),
    _text("asked_on", required=True),
    _text("answer", required=True),
    _text("answered_on"),
    Column("supersedes", Integer, ForeignKey("replies.reply_id"), nullable=True, unique=True),
    _text("recorded_by", required=True),
    _at("recorded_at"),
)
"""Questions to publishers on a source or a claim, and their answers; the newest row holds."""

withdrawals = Table(
    "withdrawals",
    metadata,
    _key("withdrawal_id"),
    _text("claim_id", required=True),
    Column("number", Integer, nullable=False),
    _text("reason", required=True),
    Column("back", Boolean, nullable=False),
    _text("decided_by", required=True),
    _at("decided_at"),
    UniqueConstraint("claim_id", "number"),
)
"""Claims that should not count, or (`back`) count again; the newest row of a claim holds.
number: as that of a decision."""

drafts = Table(
    "drafts",
    metadata,
    Column("page", Text, primary_key=True),
    Column("claim_id", Text, primary_key=True),
    Column("author", Text, primary_key=True),
    Column("fields", JSON, nullable=False),
    _at("saved_at"),
)
"""What somebody has typed on a claim and not recorded yet. page: where, as `meeting 3`."""

people = Table(
    "people",
    metadata,
    Column("email", Text, primary_key=True),
    _text("name", required=True),
    _at("first_seen_at"),
    UniqueConstraint("name"),
)
"""The name under which a signed-in person's work is recorded."""
