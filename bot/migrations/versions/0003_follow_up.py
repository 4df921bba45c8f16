"""Coming back: resume codes, steps done, the plan as last seen (bot/conversation/models.py).

Revision: 0003, after 0002.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _of_conversation() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "resume_code",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
        sa.UniqueConstraint("digest"),
        _of_conversation(),
    )
    op.create_table(
        "step_progress",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("appointment", sa.Date()),
        sa.PrimaryKeyConstraint("conversation_id", "step"),
        _of_conversation(),
    )
    op.create_table(
        "plan_seen",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("outline", _json(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
        _of_conversation(),
    )


def downgrade() -> None:
    """Undo: codes, ticks and appointments are lost."""
    for table in ("plan_seen", "step_progress", "resume_code"):
        op.drop_table(table)
