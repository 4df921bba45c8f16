"""What the day of each fact of the directory is the day of (bot/directory/models.py).

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
    op.add_column("directory_field", sa.Column("date_of", sa.String(6), server_default="", nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("directory_field") as table:
        table.drop_column("date_of")
