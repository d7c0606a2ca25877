"""Names of signed-in people; SQLite refuses to replace rows."""

import sqlalchemy as sa
from alembic import op

from sourcing.reviews.migrations.guards import refuse_replacing

revision = "0002"
down_revision = "0001"

ONCE = {
    "meetings": ("meeting_id",),
    "meeting_versions": ("version_id",),
    "agenda_items": ("item_id", "meeting_id, claim_id"),
    "visits": ("visit_id",),
    "decisions": ("decision_id", "claim_id, number", "supersedes"),
    "comments": ("comment_id",),
    "answers": ("answer_id", "claim_id, annotator, answered_at"),
    "skips": ("skip_id",),
    "replies": ("reply_id", "supersedes"),
}
"""The unique keys of the tables whose rows are only ever added."""


def upgrade() -> None:
    """Create the table of people; refuse rows that would replace others (`INSERT OR REPLACE`)."""
    op.create_table(
        "people",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("people_pk")),
        sa.UniqueConstraint("name", name=op.f("people_name_once")),
    )
    for table, keys in ONCE.items():
        refuse_replacing(table, *keys)
