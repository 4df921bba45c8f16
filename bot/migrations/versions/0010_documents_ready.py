"""Documents that a person has ready for a step of their plan (bot/conversation/models.py).

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.add_column("step_progress", sa.Column("ready", _JSON))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("step_progress") as table:
        table.drop_column("ready")
