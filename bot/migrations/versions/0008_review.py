"""Review of conversations: the inbox's index, notes, tags, saved views (bot/console/review/models.py).

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _of_review() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["review_id"], ["review.id"], ondelete="CASCADE")


def upgrade() -> None:
    """Apply. The rows are computed by the console at its next start."""
    _review()
    op.create_table(
        "review_event",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", "name"),
        _of_review(),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_event_name", "review_event", ["name", "review_id", "first", "last"])
    _search()
    _what_advisers_add()


def _review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("department", sa.String(3)),
        sa.Column("audience", sa.String(16)),
        sa.Column("profile", sa.String(16)),
        sa.Column("step", sa.String(16)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("waiting_on", sa.String(32)),
        sa.Column("confidence", sa.Float()),
        sa.Column("queues", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("assigned_to", sa.Integer()),
        sa.Column("second_reader", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("conversation_id"),
    )
    listed = ["department", "status", "queues", "channel", "audience", "profile", "step", "outcome", "turns"]
    listed += ["confidence", "assigned_to", "second_reader"]
    op.create_index("ix_review_list", "review", ["active_at", "id", *listed])
    op.create_index("ix_review_counts", "review", ["queues", "status", "department"])
    op.create_index("ix_review_assigned_to", "review", ["assigned_to", "status"])
    op.create_index("ix_review_second_reader", "review", ["second_reader", "status"])


def _search() -> None:
    word = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
    op.create_table(
        "review_word",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("review_id", "word"),
        _of_review(),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_word_word", "review_word", ["word", "review_id"])


def _what_advisers_add() -> None:
    op.create_table(
        "review_tag",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("review_id", "tag"),
        _of_review(),
    )
    op.create_index("ix_review_tag_tag", "review_tag", ["tag", "review_id"])
    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        _of_review(),
    )
    op.create_index("ix_review_note_review_id", "review_note", ["review_id"])
    op.create_table(
        "review_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("owner", "name"),
    )


def downgrade() -> None:
    """Undo: notes, tags, statuses and saved views are lost."""
    for table in ("review_view", "review_note", "review_tag", "review_word", "review_event", "review"):
        op.drop_table(table)
