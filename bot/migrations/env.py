"""Alembic's entry: the database of the settings, or the one given by `bot.conversation.migrate`."""

from alembic import context
from sqlalchemy import text

from bot.conversation.migrate import tables
from bot.database import sync_engine
from bot.settings import Settings

_ADVISORY_LOCK = 0x52656C61  # "Rela": any number, the same for every process that migrates


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
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
                context.run_migrations()
    finally:
        engine.dispose()


run()
