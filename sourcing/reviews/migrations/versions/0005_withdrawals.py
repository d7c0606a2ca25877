"""Withdrawals of claims."""

import sqlalchemy as sa
from alembic import op

from sourcing.reviews.migrations.guards import refuse_changes, refuse_replacing

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, whose rows are only ever added."""
    op.create_table(
        "withdrawals",
        sa.Column("withdrawal_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("withdrawal_id", name=op.f("withdrawals_pk")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("withdrawals_claim_id_number_once")),
    )
    refuse_changes("withdrawals")
    refuse_replacing("withdrawals", "withdrawal_id", "claim_id, number")
