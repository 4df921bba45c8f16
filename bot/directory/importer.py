"""The project's files (data/directory/*.csv) → the tables, once for each version of the files."""

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select

from bot.database import one_at_a_time
from bot.directory.gazetteer import DATA
from bot.directory.models import DataImport, Field, Organism

ORGANISM_COLUMNS = ("id", "type", "name", "departments", "scope", "area", "remark")
FIELD_COLUMNS = (
    "organism_id",
    "field",
    "value",
    "label",
    "source_url",
    "source_date",
    "confidence",
)
ATTRIBUTES = ("name", "departments", "scope", "area", "remark")
"""Columns of organismes.csv that become fields like the others, so that a territory can edit them too."""
FACTS = (
    "phone",
    "email",
    "address",
    "hours",
    "accessible",
    "note",
    "website",
    "page",
    "contact",
    "booking",
    "visit",
    "pdp",
    "finder",
    "relay",
    "directory",
)
"""Fields of champs.csv."""


class DataError(ValueError):
    """A line of a data file cannot be used; the message says which file, which line, and what is expected."""


@dataclass(frozen=True)
class Files:
    """The two files of one origin: organisms, and the facts known of each."""

    origin: str
    organisms: Path
    facts: Path

    def sha256(self) -> str:
        """Hash of both files, and of the absence of one."""
        digest = hashlib.sha256()
        for path in (self.organisms, self.facts):
            digest.update(path.read_bytes() if path.exists() else b"absent")
        return digest.hexdigest()


def shipped(folder: Path = DATA) -> tuple[Files, ...]:
    """The files of the project: its own, and the ODbL data kept apart (made by `relais directory
    refresh`)."""
    return (
        Files("base", folder / "organismes.csv", folder / "champs.csv"),
        Files("odbl", folder / "odbl" / "organismes.csv", folder / "odbl" / "champs.csv"),
    )


def earliest_day(text: str) -> dt.date | None:
    """First day of « 2024 », « 2024-07 » or « 2024-07-05 »; None for an empty text. Raises ValueError
    otherwise."""
    if not text:
        return None
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError(f"date {text!r} : AAAA, AAAA-MM ou AAAA-MM-JJ attendu")
    return dt.date.fromisoformat((text + "-01-01")[:10])


def read_csv(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a data file. Raises DataError when its columns are not these."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise DataError(f"{path.name} : colonne absente : {', '.join(sorted(missing))}")
        return [{key: value or "" for key, value in row.items() if key} for row in reader]


def rows_of(files: Files) -> tuple[dict[str, str], list[dict[str, object]]]:
    """({organism id: type}, rows of directory_field). Raises DataError on the first line that cannot be
    used."""
    if not files.organisms.exists():
        return {}, []
    types: dict[str, str] = {}
    rows: list[dict[str, object]] = []
    for number, line in enumerate(read_csv(files.organisms, ORGANISM_COLUMNS), start=2):
        if line["id"] in types or not line["id"] or not line["type"]:
            raise DataError(
                f"{files.organisms.name}, ligne {number} : identifiant vide ou en double : {line['id']!r}"
            )
        types[line["id"]] = line["type"]
        rows.extend(
            _field(files.origin, {"organism_id": line["id"], "field": name, "value": line[name]})
            for name in ATTRIBUTES
            if line[name]
        )
    for number, line in enumerate(read_csv(files.facts, FIELD_COLUMNS), start=2):
        if line["field"] not in FACTS or (line["organism_id"] not in types and files.origin == "base"):
            raise DataError(
                f"{files.facts.name}, ligne {number} : champ ou organisme inconnu : {line['field']!r}"
            )
        try:
            rows.append(_field(files.origin, line))
        except ValueError as error:
            raise DataError(f"{files.facts.name}, ligne {number} : {error}") from None
    return types, rows


def _field(origin: str, line: Mapping[str, str]) -> dict[str, object]:
    return {
        "organism_id": line["organism_id"],
        "name": line["field"],
        "origin": origin,
        "value": line["value"],
        "label": line.get("label", ""),
        "source_url": line.get("source_url", ""),
        "source_date": earliest_day(line.get("source_date", "")),
        "date_of": line.get("date_of", ""),
        "confidence": line.get("confidence", ""),
    }


def import_files(engine: Engine, folder: Path = DATA) -> int:
    """Bring the tables to the files' state; edits of territories stay. Returns how many origins were read
    again.

    Nothing is done for an origin whose files have not changed. An organism that left the files keeps its row
    only when
    a territory edited it. Raises DataError on a file that cannot be used; the tables are then as before.
    """
    done = 0
    with engine.begin() as connection:
        one_at_a_time(connection, "directory")
        for files in shipped(folder):
            sha256 = files.sha256()
            known = connection.scalar(select(DataImport.sha256).where(DataImport.origin == files.origin))
            if known != sha256:
                _replace(connection, files, sha256)
                done += 1
    return done


def _replace(connection: Connection, files: Files, sha256: str) -> None:
    types, rows = rows_of(files)
    connection.execute(delete(Field).where(Field.origin == files.origin))
    present: dict[str, str] = dict(connection.execute(select(Organism.id, Organism.type)).all())
    new = [{"id": key, "type": type_} for key, type_ in types.items() if key not in present]
    for key, type_ in types.items():
        if present.get(key, type_) != type_:
            connection.execute(Organism.__table__.update().where(Organism.id == key).values(type=type_))  # type: ignore[attr-defined]
    if new:
        connection.execute(insert(Organism), new)
    if rows:
        connection.execute(insert(Field), rows)
    connection.execute(delete(Organism).where(Organism.id.not_in(select(Field.organism_id))))
    connection.execute(delete(DataImport).where(DataImport.origin == files.origin))
    now = dt.datetime.now(dt.timezone.utc)
    connection.execute(
        insert(DataImport), [{"origin": files.origin, "sha256": sha256, "organisms": len(types), "at": now}]
    )
