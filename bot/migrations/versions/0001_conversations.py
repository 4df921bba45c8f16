"""Conversations, turns, and the counters tied to none.

Revision: 0001, the first.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("consent", sa.String(3)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(3)),
        sa.Column("audience", sa.String(16)),
        sa.Column("step", sa.String(16)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("flags", _json(), nullable=False),
        sa.Column("asks", sa.String(32)),
        sa.Column("choices", _json(), nullable=False),
        sa.Column("question", _json()),
        sa.Column("situation", _json()),
        sa.Column("plan", _json()),
        sa.Column("rules_version", sa.String(64)),
        sa.Column("model_version", sa.String(128)),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("active_at", "created_at", "erased_at"):
        op.create_index(f"ix_conversation_{column}", "conversation", [column])
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("message", _json()),
        sa.Column("choice", sa.String(64)),
        sa.Column("intent", sa.String(64)),
        sa.Column("confidence", sa.Float()),
        sa.Column("margin", sa.Float()),
        sa.Column("ranking", _json()),
        sa.Column("facts", _json()),
        sa.Column("asked", sa.String(32)),
        sa.Column("flag", sa.String(16)),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("conversation_id", "seq"),
        sa.UniqueConstraint("conversation_id", "direction", "message_id", name="uq_turn_message"),
    )
    op.create_index("ix_turn_intent", "turn", ["intent"])
    op.create_table(
        "safety_event",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "channel"),
    )
    op.create_table(
        "feedback_event",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "answer", "channel", "audience", "department"),
    )


def downgrade() -> None:
    """Undo: drops what was kept."""
    for table in ("feedback_event", "safety_event", "turn", "conversation"):
        op.drop_table(table)
