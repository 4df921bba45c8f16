"""Alembic's entry: the database of the settings, or the one given by `bot.conversation.migrate`."""

from alembic import context

from bot.conversation.migrate import tables
from bot.database import one_at_a_time, sync_engine
from bot.settings import Settings


def run() -> None:
    """Run the migrations in one transaction."""
    url = context.config.attributes.get("database_url") or Settings.from_environment().database_url
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=tables().metadata,
                render_as_batch=True,
                compare_type=True,
            )
            with context.begin_transaction():
                one_at_a_time(connection, "migrations")
                context.run_migrations()
    finally:
        engine.dispose()


run()
