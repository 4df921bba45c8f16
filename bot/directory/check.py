"""`relais directory check`: form, doubles, coverage and age of the directory, as a dated report."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.directory.contact import (
    LASTING_SCOPES,
    LINKS,
    Entry,
    is_short_number,
    months_between,
)
from bot.directory.form import problem_of
from bot.directory.gazetteer import fold, gazetteer
from bot.directory.importer import ATTRIBUTES, FACTS
from bot.directory.lookup import Directory
from bot.directory.needs import SECTORS, STATUSES, needed_types
from bot.directory.wording import types

MONTHS_BEFORE_WARNING = 12
"""Age at which a line that is never hidden (15, 3114) is to be checked again."""


@dataclass(frozen=True)
class Problem:
    """Something to correct (`error`), to look at (`warning`), or kept and not shown to people (`hidden`), in French."""

    severity: str
    organism_id: str
    field: str
    message: str


def check(directory: Directory, on: dt.date) -> list[Problem]:
    """Every problem of the directory at a date, errors first."""
    entries = directory.entries()
    problems = [problem for entry in entries for problem in (*_form(entry), *_age(entry, on))]
    problems += [*_doubles(entries), *_coverage(directory, on)]
    return sorted(problems, key=lambda p: (p.severity, p.organism_id, p.field))


def _form(entry: Entry) -> Iterable[Problem]:
    if entry.type not in types():
        yield Problem("error", entry.id, "type", f"type inconnu : {entry.type}")
    if not entry.text("name"):
        yield Problem("error", entry.id, "name", "nom absent")
    for name, value in entry.fields.items():
        if name not in (*FACTS, *ATTRIBUTES):
            yield Problem("error", entry.id, name, "champ inconnu")
        problem = problem_of(name, value.value)
        if problem:
            yield Problem("error", entry.id, name, problem)
        if name in FACTS and value.value and problem_of("website", value.source_url):
            yield Problem("error", entry.id, name, f"source absente ou mal formée : {value.source_url!r}")


def _age(entry: Entry, on: dt.date) -> Iterable[Problem]:
    for name in entry.fields.keys() & set(FACTS):
        value = entry.fields[name]
        if value.date and value.date > on:
            yield Problem("error", entry.id, name, f"date à venir : {value.date}")
        elif entry.scope & LASTING_SCOPES or (name == "phone" and is_short_number(value.value)):
            if value.date is None or months_between(value.date, on) >= MONTHS_BEFORE_WARNING:
                yield Problem(
                    "warning",
                    entry.id,
                    name,
                    f"toujours affiché, à revérifier (vu : {value.date or 'date inconnue'})",
                )
        elif value.value and entry.fresh(name, on) is None:
            yield Problem("hidden", entry.id, name, str(value.date or "date inconnue"))


def _doubles(entries: Sequence[Entry]) -> Iterable[Problem]:
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for entry in entries:
        key = (entry.type, fold(entry.text("name")), entry.departments)
        if key in seen:
            yield Problem("error", entry.id, "name", f"en double avec {seen[key]}")
        seen[key] = entry.id


def _coverage(directory: Directory, on: dt.date) -> Iterable[Problem]:
    """A département, status and sector for which a needed type cannot be reached."""
    holes: Counter[tuple[str, str]] = Counter()
    for department in gazetteer().departments:
        for status in STATUSES:
            for sector in SECTORS:
                for needed in needed_types(status, sector):
                    found = directory.contacts(
                        department, types=[needed], status=status, sector=sector, on=on
                    )
                    if not any(contact.source_url for contact in found):
                        holes[department, needed] += 1
    for (department, needed), count in holes.items():
        yield Problem("error", f"département {department}", needed, f"aucun moyen de joindre : {count} cas")


@dataclass(frozen=True)
class TypeCount:
    """How well a type is known: organisms, those with a fresh phone or mail of their own, those reached by a
    link of
    their own, those for which only a finder or the national line answers; the age of what is shown, in
    months."""

    type: str
    organisms: int
    direct: int
    own_link: int
    finder_only: int
    median_age: int | None


def counts(entries: Iterable[Entry], on: dt.date) -> list[TypeCount]:
    """One line per type, in the order of data/directory/types.yml."""
    entries = [entry for entry in entries if entry.departments]
    return [_count(type_, [e for e in entries if e.type == type_], on) for type_ in types()]


def _count(type_: str, entries: Sequence[Entry], on: dt.date) -> TypeCount:
    direct = [e for e in entries if e.fresh("phone", on) or e.fresh("email", on)]
    linked = [e for e in entries if e not in direct and any(e.text(name) for name in LINKS)]
    ages = sorted(
        months_between(value.date, on)
        for entry in entries
        for name, value in entry.fields.items()
        if name in FACTS and value.date and value.date_of != "copy" and entry.fresh(name, on)
    )
    rest = len(entries) - len(direct) - len(linked)
    return TypeCount(
        type_, len(entries), len(direct), len(linked), rest, ages[len(ages) // 2] if ages else None
    )


def counts_table(lines: Iterable[TypeCount]) -> str:
    """The same as a Markdown table, for the README and the report."""
    rows = [
        "| type | organismes | téléphone ou courriel récent | lien propre seulement "
        "| annuaire ou ligne nationale | âge médian (mois) |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for line in lines:
        age = "inconnu" if line.median_age is None else str(line.median_age)
        cells = (line.type, line.organisms, line.direct, line.own_link, line.finder_only, age)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows)


def without_service(entries: Iterable[Entry]) -> str:
    """Départements of which no general occupational-health service is known: the finder answers there."""
    known = {code for entry in entries if entry.type == "spsti" for code in entry.departments}
    missing = [code for code in gazetteer().departments if code not in known]
    codes = ", ".join(missing)
    return f"Départements sans service de santé au travail général connu ({len(missing)}) : {codes}."


def _by_field(hidden: Sequence[Problem]) -> Iterable[str]:
    """« téléphone : 214, du plus ancien au plus récent » : what a refresh would bring back, field by field."""
    for name in sorted({problem.field for problem in hidden}):
        days = sorted(problem.message for problem in hidden if problem.field == name)
        yield f"- {name} : {len(days)} (de {days[0]} à {days[-1]})"


def report(problems: Sequence[Problem], lines: Sequence[TypeCount], on: dt.date) -> str:
    """The dated report, in Markdown."""
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    hidden = [problem for problem in problems if problem.severity == "hidden"]
    parts = [f"# Annuaire : contrôle du {on.isoformat()}", counts_table(lines)]
    for title, group in (("Erreurs", errors), ("À revoir", warnings)):
        parts.append(f"## {title} : {len(group)}")
        parts.append("\n".join(f"- `{p.organism_id}` {p.field} : {p.message}" for p in group) or "Aucune.")
    parts.append(f"## Gardés et jamais montrés, trop anciens ou sans date : {len(hidden)}")
    parts.append("\n".join(_by_field(hidden)) or "Aucun.")
    return "\n\n".join(parts) + "\n"
