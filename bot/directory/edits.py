"""Changes made by people: by CSV, by the console, by a reviewed refresh. Each is kept with who, when and why.

An edit never touches the project's own values: it is laid over them, and can be taken off again (`restore`).
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.directory.form import problem_of
from bot.directory.importer import ATTRIBUTES, FACTS, DataError, earliest_day, read_csv
from bot.directory.models import Change, Field, Organism
from bot.directory.wording import types

COLUMNS = ("organism_id", "field", "value", "source_url", "source_date")


@dataclass(frozen=True)
class Edit:
    """A value that a person gives. An empty value says that there is no such thing (a phone that is dead)."""

    organism_id: str
    field: str
    value: str
    label: str = ""
    source_url: str = ""
    source_date: dt.date | None = None
    type: str = ""
    """Only for an organism that does not exist yet: its type."""


@dataclass(frozen=True)
class Planned:
    """What an edit would do: the value in force before, and the edit. Shown by a dry run."""

    edit: Edit
    before: str


def read_edits(path: Path) -> list[Edit]:
    """Edits of a CSV file (columns COLUMNS; `label`, `type`, `action` if wanted; lines « examiner » are
    skipped).

    Raises DataError, with the line, on the first value that cannot be used.
    """
    edits = []
    for number, line in enumerate(read_csv(path, COLUMNS), start=2):
        if line.get("action", "") == "examiner":
            continue
        try:
            date = earliest_day(line["source_date"])
        except ValueError as error:
            raise DataError(f"{path.name}, ligne {number} : {error}") from None
        edit = Edit(
            line["organism_id"].strip(),
            line["field"].strip(),
            line["value"].strip(),
            line.get("label", "").strip(),
            line["source_url"].strip(),
            date,
            line.get("type", "").strip(),
        )
        problem = refusal(edit)
        if problem:
            raise DataError(f"{path.name}, ligne {number} : {problem}")
        edits.append(edit)
    return edits


def refusal(edit: Edit) -> str:
    """Why an edit cannot be taken, in French; empty when it can."""
    if not edit.organism_id:
        return "identifiant d'organisme absent"
    if edit.field not in (*FACTS, *ATTRIBUTES):
        return f"champ inconnu : {edit.field!r}"
    if edit.type and edit.type not in types():
        return f"type d'organisme inconnu : {edit.type!r}"
    if edit.field in FACTS and edit.value and not edit.source_url:
        return "source_url absente : dites où l'information a été lue"
    if edit.field in FACTS and edit.value and edit.source_date is None:
        return "source_date absente : un fait sans date ne serait montré à personne"
    return problem_of(edit.field, edit.value)


def plan(session: Session, edits: Iterable[Edit]) -> list[Planned]:
    """What these edits would change; those that change nothing are left out. Raises DataError on an unknown
    organism."""
    planned = []
    created: dict[str, str] = {}
    for edit in edits:
        if edit.type:
            created[edit.organism_id] = edit.type
        if edit.organism_id not in created and session.get(Organism, edit.organism_id) is None:
            raise DataError(
                f"organisme inconnu : {edit.organism_id!r} (pour en créer un, remplir la colonne type)"
            )
        before = _in_force(session, edit.organism_id, edit.field)
        if before is None or _content(before) != _content_of(edit):
            planned.append(Planned(edit, before.value if before else ""))
    return planned


def apply(session: Session, edits: Sequence[Edit], *, who: str, why: str) -> list[Change]:
    """Make these edits, each with its Change; the caller commits. Raises DataError, before anything is
    done."""
    if not who.strip() or not why.strip():
        raise DataError("dites qui fait la modification, et pourquoi")
    for edit in edits:
        problem = refusal(edit)
        if problem:
            raise DataError(problem)
    changes = []
    for planned in plan(session, edits):
        edit = planned.edit
        if session.get(Organism, edit.organism_id) is None:
            session.add(Organism(id=edit.organism_id, type=edit.type))
            session.flush()
        changes.append(_set(session, edit.organism_id, edit.field, _content_of(edit), who, why))
    return changes


def history(session: Session, organism_id: str) -> list[Change]:
    """Changes of an organism, the latest first."""
    query = select(Change).where(Change.organism_id == organism_id).order_by(Change.id.desc())
    return list(session.scalars(query))


def restore(session: Session, change_id: int, *, who: str, why: str) -> Change:
    """Put back what was in force before a change; the caller commits. Raises DataError when there is no such
    change."""
    change = session.get(Change, change_id)
    if change is None:
        raise DataError(f"modification inconnue : {change_id}")
    old = json.loads(change.old) if change.old else None
    restored = _set(session, change.organism_id, change.field, old, who, why)
    restored.restores = change.id
    return restored


def _in_force(session: Session, organism_id: str, field: str) -> Field | None:
    query = select(Field).where(Field.organism_id == organism_id, Field.name == field)
    found = {row.origin: row for row in session.scalars(query)}
    return found.get("edit") or found.get("base") or found.get("odbl")


def _content(row: Field) -> dict[str, Any]:
    date = row.source_date.isoformat() if row.source_date else ""
    return {"value": row.value, "label": row.label, "source_url": row.source_url, "source_date": date}


def _content_of(edit: Edit) -> dict[str, Any]:
    content = asdict(edit)
    date = edit.source_date.isoformat() if edit.source_date else ""
    return {
        "value": content["value"],
        "label": edit.label,
        "source_url": edit.source_url,
        "source_date": date,
    }


def _set(
    session: Session, organism_id: str, field: str, content: dict[str, Any] | None, who: str, why: str
) -> Change:
    """Lay a value over the project's, or take the one there off (`content` None), and write the Change."""
    query = select(Field).where(Field.organism_id == organism_id, Field.name == field, Field.origin == "edit")
    row = session.scalars(query).one_or_none()
    change = Change(
        organism_id=organism_id,
        field=field,
        old=json.dumps(_content(row), ensure_ascii=False) if row else None,
        new=json.dumps(content, ensure_ascii=False) if content else None,
        who=who.strip(),
        why=why.strip(),
        at=dt.datetime.now(dt.timezone.utc),
    )
    if content is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or Field(organism_id=organism_id, name=field, origin="edit")
        row.value, row.label, row.source_url = content["value"], content["label"], content["source_url"]
        row.source_date = earliest_day(content["source_date"])
        row.confidence = "territory"
        session.add(row)
    session.add(change)
    session.flush()
    return change
