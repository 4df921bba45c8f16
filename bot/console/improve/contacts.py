"""Contacts reported wrong: an adviser says what is right and where they read it, a manager decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.orm import Session

from bot.console.adviser import Adviser
from bot.console.improve.models import ContactReport
from bot.directory import edits
from bot.directory.edits import Edit
from bot.directory.importer import FACTS
from bot.directory.models import Field, Organism
from bot.directory.wording import types

_REPORT = cast(Table, ContactReport.__table__)
_R, _F, _O = _REPORT.c, cast(Table, Field.__table__).c, cast(Table, Organism.__table__).c
_ORIGINS = ("odbl", "base", "edit")
"""From the weakest to the one in force."""
_MOST = 40


@dataclass(frozen=True)
class Listed:
    """An organism of the directory with the values in force."""

    id: str
    type: str
    values: dict[str, str]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.values.get("name") or types()[self.type].label

    @property
    def departments(self) -> frozenset[str]:
        """Departments served; empty for a national organism."""
        return frozenset(self.values.get("departments", "").split())


def organism(connection: Connection, organism_id: str) -> Listed | None:
    """An organism by its id."""
    found = _listed(connection, [organism_id])
    return found[0] if found else None


def of_department(connection: Connection, department: str) -> list[Listed]:
    """The organisms that serve a department, at most forty of them."""
    serving = select(_F.organism_id).where(_F.name == "departments", _F.value.contains(department)).distinct()
    ids = list(connection.execute(serving.order_by(_F.organism_id)).scalars())
    return [each for each in _listed(connection, ids) if department in each.departments][:_MOST]


def _listed(connection: Connection, ids: Sequence[str]) -> list[Listed]:
    query = select(_O.id, _O.type, _F.name, _F.value, _F.origin).join(Field, _F.organism_id == _O.id)
    found: dict[str, Listed] = {}
    rows = connection.execute(query.where(_O.id.in_(ids))).all()
    for row in sorted(rows, key=lambda row: _ORIGINS.index(row.origin)):
        found.setdefault(row.id, Listed(row.id, row.type, {})).values[row.name] = row.value
    return [found[id_] for id_ in ids if id_ in found]


def concerns(adviser: Adviser, reported: Listed | None) -> bool:
    """Whether this organism serves a department of theirs, or they have them all."""
    if adviser.departments is None:
        return True
    return reported is not None and bool(reported.departments & adviser.departments)


def may_decide(adviser: Adviser, reported: Listed | None) -> bool:
    """Whether a manager decides for this organism."""
    return adviser.may("manager") and concerns(adviser, reported)


def report(
    connection: Connection,
    reported: Listed,
    edit: Edit,
    *,
    comment: str,
    author: int,
    at: datetime,
    today: date,
) -> str:
    """Keep a report. Returns why it cannot be taken, in French; empty when it is."""
    if edit.field not in FACTS:
        return edits.refusal(Edit(edit.organism_id, "", edit.value))
    problem = edits.refusal(edit)
    if problem or edit.source_date is None or not edit.source_url or edit.source_date > today:
        return problem or "source"
    row = {
        "organism_id": edit.organism_id, "field": edit.field, "before": reported.values.get(edit.field, ""),
        "value": edit.value, "source_url": edit.source_url, "source_date": edit.source_date,
        "comment": comment, "author": author, "at": at, "state": "waiting",
    }  # fmt: skip
    connection.execute(insert(_REPORT), row)
    return ""


def reports(connection: Connection, state: str = "waiting") -> list[Row[Any]]:
    """Reports in a state, the oldest first."""
    return list(connection.execute(select(*_REPORT.c).where(_R.state == state).order_by(_R.at, _R.id)))


def one(connection: Connection, report_id: int) -> Row[Any] | None:
    """A report that waits."""
    return connection.execute(
        select(*_REPORT.c).where(_R.id == report_id, _R.state == "waiting")
    ).one_or_none()


def approve(connection: Connection, waiting: Row[Any], *, who: Adviser, at: datetime) -> None:
    """Make the edit in the directory, with who and why. Raises DataError when it refuses it now."""
    edit = Edit(
        waiting.organism_id, waiting.field, waiting.value, "", waiting.source_url, waiting.source_date
    )
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        edits.apply(session, [edit], who=who.email, why=waiting.comment)
        session.commit()
    _close(connection, waiting.id, "approved", who, at)


def refuse(connection: Connection, waiting: Row[Any], *, who: Adviser, at: datetime) -> None:
    """Close a report without changing anything."""
    _close(connection, waiting.id, "refused", who, at)


def _close(connection: Connection, report_id: int, state: str, who: Adviser, at: datetime) -> None:
    values = {"state": state, "decided_by": who.id, "decided_at": at}
    connection.execute(update(_REPORT).where(_R.id == report_id).values(values))
