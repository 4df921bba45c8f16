"""What hangs on a conversation: found from the tables themselves, so that a new one cannot escape an erasure."""

from functools import cache

from sqlalchemy import Column, Connection, delete

from bot.conversation.migrate import tables


@cache
def hanging() -> tuple[Column[str], ...]:
    """Every column, in any table of Relais, that is a foreign key to a conversation; dependents first."""
    return tuple(
        key.parent
        for table in reversed(tables().metadata.sorted_tables)
        for key in table.foreign_keys
        if key.target_fullname == "conversation.id"
    )


def empty(connection: Connection, ids: list[str]) -> None:
    """Delete all that hangs on these conversations, in the caller's transaction."""
    for column in hanging():
        connection.execute(delete(column.table).where(column.in_(ids)))
