"""Advisers as readers of conversations: who may be given one, and their names."""

from typing import cast

from sqlalchemy import Connection, Table, select

from bot.console.adviser import Adviser, in_scope
from bot.console.models import AdviserRow

_A = cast(Table, AdviserRow.__table__).c


def readers(connection: Connection, departments: set[str | None]) -> dict[int, str]:
    """Active advisers, by number, who may read conversations of all these departments; in order of names."""
    query = (
        select(_A.id, _A.email, _A.name, _A.role, _A.departments).where(_A.active).order_by(_A.name, _A.id)
    )
    found = {}
    for row in connection.execute(query):
        theirs = None if row.departments is None else frozenset(row.departments)
        adviser = Adviser(row.id, row.email, row.name, row.role, theirs)
        if all(in_scope(adviser, department) for department in departments):
            found[row.id] = row.name
    return found


def names(connection: Connection, numbers: set[int]) -> dict[int, str]:
    """Names of advisers, those who are no longer active included."""
    query = select(_A.id, _A.name).where(_A.id.in_(numbers))
    return {row.id: row.name for row in connection.execute(query)}
