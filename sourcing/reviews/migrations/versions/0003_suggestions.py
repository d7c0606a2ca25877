"""Model suggestions that annotators have seen."""

import sqlalchemy as sa
from alembic import op

from sourcing.reviews.migrations.guards import refuse_changes, refuse_replacing

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table, whose rows are only ever added."""
    op.create_table(
        "suggestions",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("suggestions_pk")),
    )
    refuse_changes("suggestions")
    refuse_replacing("suggestions", "suggestion_id")
