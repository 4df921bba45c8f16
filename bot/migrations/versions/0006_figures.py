"""Figures that outlive conversations, and what people say of their job (bot/conversation/models.py).

Revision: 0006, after 0005.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _of_conversation() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "employment_answer",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
        _of_conversation(),
    )
    op.create_table(
        "figure_counted",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True)),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("marks", _json(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
        _of_conversation(),
    )
    op.create_table(
        "figure",
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "month", "key", "department", "audience", "channel"),
    )


def downgrade() -> None:
    """Undo: the figures of erased conversations are lost."""
    for table in ("figure", "figure_counted", "employment_answer"):
        op.drop_table(table)
