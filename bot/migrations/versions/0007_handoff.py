"""A person instead of the bot: requests, messages to carry, call-backs, who is on duty.

Revision: 0007, after 0006.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('waiting', 'taken')")


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _of_conversation() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE")


def upgrade() -> None:
    """Apply."""
    op.add_column("conversation", sa.Column("handoff", sa.String(8)))
    op.create_table(
        "handoff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("department", sa.String(3)),
        sa.Column("adviser", sa.String(64)),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.Column("adviser_at", sa.DateTime(timezone=True)),
        sa.Column("noticed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        _of_conversation(),
    )
    op.create_index("ix_handoff_status", "handoff", ["status", "department"])
    op.create_index(
        "uq_handoff_open",
        "handoff",
        ["conversation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "pushed_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("message", _json(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        _of_conversation(),
    )
    op.create_index("ix_pushed_message_conversation_id", "pushed_message", ["conversation_id"])
    op.create_table(
        "call_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32)),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        _of_conversation(),
    )
    for column in ("conversation_id", "created_at"):
        op.create_index(f"ix_call_back_{column}", "call_back", [column])
    op.create_table(
        "adviser_presence",
        sa.Column("adviser", sa.String(64), nullable=False),
        sa.Column("departments", _json()),
        sa.Column("on_duty_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.PrimaryKeyConstraint("adviser"),
    )


def downgrade() -> None:
    """Undo: requests and call-backs are lost."""
    for table in ("adviser_presence", "call_back", "pushed_message", "handoff"):
        op.drop_table(table)
    op.drop_column("conversation", "handoff")
