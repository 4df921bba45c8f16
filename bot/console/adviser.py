"""Who an adviser is and which conversations are theirs."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Table, or_, true

from bot.conversation.models import Conversation

Role = Literal["adviser", "manager", "admin"]
ROLES: tuple[Role, ...] = ("adviser", "manager", "admin")
"""From the least to the most: each may do what those before may."""
_DEPARTMENT = cast(Table, Conversation.__table__).c.department


@dataclass(frozen=True, slots=True)
class Adviser:
    """Someone signed in to the console."""

    id: int
    email: str
    name: str
    role: Role
    departments: frozenset[str] | None = None
    """None: all of them."""

    def may(self, role: Role) -> bool:
        """Whether they hold this role or a higher one."""
        return ROLES.index(self.role) >= ROLES.index(role)


def sees_unplaced(adviser: Adviser) -> bool:
    """Whether they see the conversations that have no department (yet)."""
    return adviser.departments is None or adviser.may("manager")


def in_scope(adviser: Adviser, department: str | None) -> bool:
    """Whether a conversation of this department is one of theirs."""
    if adviser.departments is None:
        return True
    return sees_unplaced(adviser) if department is None else department in adviser.departments


def scope(adviser: Adviser, department: ColumnElement[Any] = _DEPARTMENT) -> ColumnElement[bool]:
    """`in_scope` as an SQL condition on a column of departments, `conversation.department` by default."""
    if adviser.departments is None:
        return true()
    theirs = department.in_(sorted(adviser.departments))
    return or_(theirs, department.is_(None)) if sees_unplaced(adviser) else theirs
