"""The console: advisers, their sessions and links, failed sign-ins, access log (bot/console/models.py).

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "adviser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("departments", sa.JSON()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("totp", sa.Text()),
        sa.Column("totp_step", sa.Integer()),
        sa.Column("recovery", sa.JSON(), nullable=False),
        sa.Column("issuer", sa.String(255)),
        sa.Column("subject", sa.String(255)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("issuer", "subject", name="uq_adviser_subject"),
    )
    op.create_table(
        "adviser_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["adviser_id"], ["adviser.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_adviser_session_adviser_id", "adviser_session", ["adviser_id"])
    op.create_index("ix_adviser_session_seen_at", "adviser_session", ["seen_at"])
    op.create_table(
        "adviser_link",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["adviser_id"], ["adviser.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
        sa.UniqueConstraint("adviser_id"),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "console_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("adviser_id", sa.Integer()),
        sa.Column("adviser", sa.String(254), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("conversation_id", sa.String(32)),
        sa.Column("about", sa.String(254), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_console_access_at", "console_access", ["at"])
    op.create_index("ix_console_access_conversation_id", "console_access", ["conversation_id"])


def downgrade() -> None:
    """Undo: drops the accounts."""
    for table in ("console_access", "sign_in_try", "adviser_link", "adviser_session", "adviser"):
        op.drop_table(table)
