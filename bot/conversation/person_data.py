"""Everything that is kept about one conversation, for its person (GDPR, article 15): found from the tables themselves.

What advisers noted about a person is theirs to read too. A table that comes later is in the copy at once.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.conversation.migrate import tables

_LEFT_OUT = {
    "review_word": "the same words again, for the search",
    "figure_counted": "what the anonymous figures have counted so far",
}
"""Tables that say nothing more, with the reason."""
_NEVER = frozenset({"digest"})
"""Columns that open something, and say nothing of the person."""


def person_data(
    connection: Connection, conversation_id: str, show: Callable[[str], Any]
) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows about this conversation, what hangs on them included. `show` reads the call-back request."""
    every = tables().metadata.tables
    conversation = every["conversation"]
    found: dict[str, list[dict[str, Any]]] = {
        "conversation": _rows(connection, conversation, conversation.c.id == conversation_id)
    }
    for table in tables().metadata.sorted_tables:
        for key in table.foreign_keys:
            parents = found.get(key.column.table.name, [])
            if table is conversation or table.name in found or not parents:
                continue
            values = [row[key.column.name] for row in parents]
            found[table.name] = _rows(connection, table, key.parent.in_(values))
    for row in found.get("call_back", []):
        row["details"] = show(row["details"])
    return {
        name: [_plain(row) for row in rows] for name, rows in found.items() if rows and name not in _LEFT_OUT
    }


def _rows(connection: Connection, table: Table, condition: Any) -> list[dict[str, Any]]:
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name not in _NEVER and value is not None
    }
