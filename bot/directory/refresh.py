"""`relais directory refresh`: what open data says today, against what we hold → a diff that a person reviews.

Nothing is changed by itself in our own data, and nothing is ever removed: the diff is a CSV that
`relais directory import` takes once read. Only the ODbL files, a copy of the source, are written.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from bot.directory import dila
from bot.directory.contact import Entry
from bot.directory.dila import Listed
from bot.directory.form import problem_of
from bot.directory.gazetteer import fold

DIFF_COLUMNS = (
    "action",
    "organism_id",
    "field",
    "value",
    "source_url",
    "source_date",
    "current_value",
    "current_date",
    "name",
    "remark",
)
UPDATED = ("phone", "email", "website", "address", "hours", "contact", "relay")
SERVICES = frozenset({"spsti", "spst_btp"})
"""Types of which a département has several, whatever we know of it: only the name tells which one is listed."""
COMMON_WORDS = frozenset(
    [
        "a",
        "association",
        "au",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "inter",
        "interentreprises",
        "interprofessionnel",
        "l",
        "la",
        "le",
        "les",
        "medecine",
        "prevention",
        "sante",
        "service",
        "services",
        "travail",
    ]
)
MAIN_OFFICE = 60
"""Likeness of two names (0 to 100) under which a listed organism is not held to be ours."""


@dataclass(frozen=True)
class Line:
    """One line of the diff. `action`: modifier, confirmer (same value, newer date), examiner (a person must
    decide)."""

    action: str
    organism_id: str
    field: str
    value: str
    source_url: str
    source_date: str
    current_value: str
    current_date: str
    name: str
    remark: str = ""


def compare(entries: Iterable[Entry], found: Sequence[Listed]) -> list[Line]:
    """Lines of the diff, from our organisms and the listed ones of the same types."""
    ours = [entry for entry in entries if entry.type in dila.TYPES and entry.departments != ("FR",)]
    lines: list[Line] = []
    matched: dict[str, Listed] = {}
    for listed in found:
        entry = _ours(ours, listed)
        if entry is None or (entry.id in matched and not _better(entry, listed, matched[entry.id])):
            lines.append(_to_examine(listed, "autre site, ou organisme que nous n'avons pas"))
            continue
        if entry.id in matched:
            lines.append(_to_examine(matched[entry.id], "autre site du même organisme"))
        matched[entry.id] = listed
    by_id = {entry.id: entry for entry in ours}
    for id_, listed in matched.items():
        lines.extend(_lines(by_id[id_], listed))
    seen = {listed.type for listed in found}
    for entry in ours:
        if entry.type in seen and entry.id not in matched:
            lines.append(_absent(entry))
    return sorted(lines, key=lambda line: (line.action, line.organism_id, line.field))


def _ours(ours: Sequence[Entry], listed: Listed) -> Entry | None:
    """Our organism of that type and département whose name is nearest, if near enough."""
    types = SERVICES if listed.type in SERVICES else {listed.type}
    same = [e for e in ours if e.type in types and set(e.departments) & listed.departments]
    if not same:
        return None
    best = max(same, key=lambda entry: _likeness(entry, listed))
    alone = len(same) == 1 and not _is_branch(listed) and listed.type not in SERVICES
    return best if alone or _likeness(best, listed) >= MAIN_OFFICE else None


def _likeness(entry: Entry, listed: Listed) -> float:
    ours, theirs = fold(entry.text("name")), fold(listed.name)
    if listed.type in SERVICES:
        ours, theirs = _proper(ours), _proper(theirs)
    return fuzz.token_set_ratio(ours, theirs) if ours and theirs else 0.0


def _proper(name: str) -> str:
    """What tells a service from another: its name without the words that all of them bear."""
    return " ".join(word for word in name.split(" ") if word not in COMMON_WORDS)


def _is_branch(listed: Listed) -> bool:
    return any(word in fold(listed.name) for word in ("antenne", "permanence", "agence", "accueil", "point"))


def _better(entry: Entry, new: Listed, old: Listed) -> bool:
    def quality(listed: Listed) -> tuple[bool, float, int]:
        return (not _is_branch(listed), _likeness(entry, listed), len(listed.facts))

    return quality(new) > quality(old)


def _lines(entry: Entry, listed: Listed) -> Iterable[Line]:
    for name in UPDATED:
        value = listed.facts.get(name, "")
        current = entry.fields.get(name)
        old = current.value if current else ""
        day = current.date if current and current.date_of != "copy" else None
        problem = problem_of(name, value) or (
            "" if listed.date else "sans date : à vérifier avant de le reprendre"
        )
        if not value or (day and listed.date and listed.date < day):
            continue
        same = _same(name, old, value)
        if same and current and listed.date == current.date:
            continue
        action = "examiner" if problem else "confirmer" if same else "modifier"
        yield Line(
            action,
            entry.id,
            name,
            value,
            listed.page,
            listed.date.isoformat() if listed.date else "",
            old,
            day.isoformat() if day else "",
            entry.text("name"),
            problem,
        )


def _same(name: str, old: str, new: str) -> bool:
    if name == "phone":
        return "".join(filter(str.isdigit, old)) == "".join(filter(str.isdigit, new)) != ""
    return fold(old).rstrip("/") == fold(new).rstrip("/") != ""


def _to_examine(listed: Listed, why: str) -> Line:
    date = listed.date.isoformat() if listed.date else ""
    where = " ".join(sorted(listed.departments))
    facts = " | ".join(f"{name} : {value}" for name, value in listed.facts.items())
    return Line(
        "examiner", "", listed.type, facts, listed.page, date, "", "", listed.name, f"{why} ; {where}"
    )


def _absent(entry: Entry) -> Line:
    why = "absent de la source : vérifier s'il existe encore ; rien n'est retiré"
    return Line("examiner", entry.id, "", "", "", "", "", "", entry.text("name"), why)


def write_diff(lines: Sequence[Line], path: Path) -> None:
    """Write the diff, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(DIFF_COLUMNS)
        writer.writerows([getattr(line, column) for column in DIFF_COLUMNS] for line in lines)
    partial.replace(path)


def diff_path(folder: Path, day: dt.date) -> Path:
    """Where the diff of a day is written."""
    return folder / f"annuaire-{day.isoformat()}.csv"
