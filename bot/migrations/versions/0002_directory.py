"""The directory: organisms, their fields by origin, changes, imports (bot/directory/models.py).

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "directory_organism",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_directory_organism_type", "directory_organism", ["type"])
    op.create_table(
        "directory_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organism_id", sa.String(120), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date()),
        sa.Column("confidence", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["organism_id"], ["directory_organism.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("organism_id", "name", "origin"),
    )
    op.create_table(
        "directory_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organism_id", sa.String(120), nullable=False),
        sa.Column("field", sa.String(30), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restores", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["restores"], ["directory_change.id"]),
    )
    op.create_index("ix_directory_change_organism_id", "directory_change", ["organism_id", "at"])
    op.create_table(
        "directory_import",
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("organisms", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
    )


def downgrade() -> None:
    """Undo: drops the directory with its edits."""
    for table in ("directory_import", "directory_change", "directory_field", "directory_organism"):
        op.drop_table(table)
