"""The first version: meetings, agenda, decisions, comments, answers and replies."""

import sqlalchemy as sa
from alembic import op

from sourcing.reviews.migrations.guards import refuse_changes

revision = "0001"
down_revision = None

APPEND_ONLY = (
    "meetings meeting_versions agenda_items visits decisions comments answers skips replies"
).split()


def upgrade() -> None:
    """Create the tables and make the database refuse to change or delete a row."""
    op.create_table(
        "answers",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("attribution_kind", sa.Text(), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=True),
        sa.Column("contested_kind", sa.Text(), nullable=True),
        sa.Column("contested_by", sa.Text(), nullable=True),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("needs_source", sa.Text(), nullable=True),
        sa.Column("suggestion_seen", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.Text(), nullable=True),
        sa.Column("codebook_version", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "attribution IN ('sourced', 'self_cited', 'unsourced')",
            name=op.f("answers_attribution_legal"),
        ),
        sa.CheckConstraint(
            "label IN ('sourced', 'self_cited', 'unsourced', 'contested', 'not_a_claim', "
            "'cannot_say')",
            name=op.f("answers_label_legal"),
        ),
        sa.CheckConstraint(
            "round IN ('independent', 'after_discussion')", name=op.f("answers_round_legal")
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("answers_pk")),
        sa.UniqueConstraint(
            "claim_id",
            "annotator",
            "answered_at",
            name=op.f("answers_claim_id_annotator_answered_at_once"),
        ),
    )
    op.create_table(
        "database_identity",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name=op.f("database_identity_pk")),
    )
    op.create_table(
        "meetings",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Text(), nullable=False),
        sa.Column("codebook_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("meetings_pk")),
    )
    op.create_table(
        "replies",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["replies.reply_id"], name=op.f("replies_supersedes_exists")
        ),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("replies_pk")),
        sa.UniqueConstraint("supersedes", name=op.f("replies_supersedes_once")),
    )
    op.create_table(
        "skips",
        sa.Column("skip_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("skip_id", name=op.f("skips_pk")),
    )
    op.create_table(
        "agenda_items",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("movable", sa.Float(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("agenda_items_meeting_id_exists")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("agenda_items_pk")),
        sa.UniqueConstraint(
            "meeting_id", "claim_id", name=op.f("agenda_items_meeting_id_claim_id_once")
        ),
    )
    op.create_table(
        "comments",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("comments_meeting_id_exists")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("comments_pk")),
    )
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("needs_source", sa.Text(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.Text(), nullable=True),
        sa.Column("contested_by", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("guideline_gap", sa.Boolean(), nullable=False),
        sa.Column("guideline_note", sa.Text(), nullable=False),
        sa.Column("codebook_version", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "attribution IN ('sourced', 'self_cited', 'unsourced')",
            name=op.f("decisions_attribution_legal"),
        ),
        sa.CheckConstraint(
            "cause IN ('ambiguous_text', 'codebook_gap', 'slip', 'hard_case', 'other')",
            name=op.f("decisions_cause_legal"),
        ),
        sa.CheckConstraint(
            "label IN ('sourced', 'self_cited', 'unsourced', 'contested', 'not_a_claim', "
            "'cannot_say')",
            name=op.f("decisions_label_legal"),
        ),
        sa.CheckConstraint(
            "needs_source IN ('yes', 'no', 'unsure')", name=op.f("decisions_needs_source_legal")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("decisions_meeting_id_exists")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["decisions.decision_id"], name=op.f("decisions_supersedes_exists")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("decisions_pk")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("decisions_claim_id_number_once")),
        sa.UniqueConstraint("supersedes", name=op.f("decisions_supersedes_once")),
    )
    op.create_table(
        "meeting_versions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Text(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("meeting_versions_meeting_id_exists")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("meeting_versions_pk")),
    )
    op.create_table(
        "visits",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visited_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shown', 'skipped', 'removed', 'restored')", name=op.f("visits_kind_legal")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.meeting_id"], name=op.f("visits_meeting_id_exists")
        ),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("visits_pk")),
    )
    for table in APPEND_ONLY:
        refuse_changes(table)
