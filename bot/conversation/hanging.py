"""What hangs on a conversation: found from the tables themselves, so that a new one cannot escape an erasure."""

from functools import cache

from sqlalchemy import Column, Connection, delete, select

from bot.conversation.migrate import tables
from bot.conversation.models import Conversation


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
    """Delete all that hangs on these conversations, in the caller's transaction.

    Their rows are locked first: on PostgreSQL, what another transaction was adding to one (`Store.write_kept`, the
    console's index) is then either finished, and deleted here, or will find it erased.
    """
    rows = select(Conversation.id).where(Conversation.id.in_(ids)).order_by(Conversation.id).with_for_update()
    connection.execute(rows).close()
    for column in hanging():
        connection.execute(delete(column.table).where(column.in_(ids)))
