"""When each piece of nightly upkeep was last done (bot/conversation/models.py).

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "upkeep",
        sa.Column("task", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("upkeep")
