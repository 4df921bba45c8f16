"""Law watch: compares every article cited with the official data, and lists what to read again.

The data are those of the npm package `@socialgouv/legi-data` (Apache-2.0, from Légifrance), read from a folder:
nothing is fetched here. Its own date is told with the result, because a package may be older than our citations.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, Literal

from bot.orientation.facts import load_yaml
from bot.orientation.law import PARAMETERS, SOURCES

CODES = {
    "ct": "LEGITEXT000006072050.json",
    "css": "LEGITEXT000006073189.json",
    "rural": "LEGITEXT000022197698.json",
}
"""File of each code, by the prefix of our source ids. The CGFP is not in the package."""

Finding = Literal["current", "changed", "scheduled", "gone", "data_older", "not_covered", "stale"]


@dataclass(frozen=True)
class Line:
    """What the watch says of one source."""

    source: str
    finding: Finding
    detail: str
    """Identifiers and dates, for the person who reads the text again."""


@dataclass(frozen=True)
class Version:
    """One version of an article in the official data."""

    id: str
    since: date
    until: date
    """First day on which it is no longer in force."""


@dataclass(frozen=True)
class Code:
    """One code as the package has it."""

    modified: date
    articles: Mapping[str, tuple[Version, ...]]
    """Known versions of each article, by number, oldest first."""


def read_code(path: Path) -> Code:
    """Read one code of the package. Raises OSError or ValueError when the file is not what it should be."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, list[Version]] = {}
    for article in _articles(tree):
        number = _number(str(article["num"]))
        found.setdefault(number, []).extend(_versions(article))
    return Code(
        modified=date.fromisoformat(tree["data"]["dateModif"]),
        articles={
            number: tuple(sorted(dict.fromkeys(versions), key=lambda v: v.since))
            for number, versions in found.items()
            if versions
        },
    )


def _articles(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here.get("type") == "article" and here["data"].get("num"):
            yield here["data"]
        waiting.extend(here.get("children", ()))


def _versions(article: Mapping[str, Any]) -> Iterator[Version]:
    for version in (article, *(article.get("articleVersions") or ())):
        if version.get("etat") not in ("ABROGE", "MODIFIE_MORT_NE", "ANNULE"):
            yield Version(version["id"], _day(version["dateDebut"]), _day(version["dateFin"]))


def _day(value: Any) -> date:
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value / 1000, tz=timezone.utc).date()
    return date.fromisoformat(str(value)[:10])


def _number(text: str) -> str:
    """The article's number as we write it: « L. 4624-1 » and « L4624-1 » are one."""
    return text.replace(".", "").replace("*", "").replace(" ", "").upper()


def watch(data: Path, on: date) -> Iterator[Line]:
    """One line per article cited and per page, in the order of the data files.

    `data` is the `data` folder of the package. Raises OSError or ValueError when a code cannot be read.
    """
    codes = {prefix: read_code(data / file) for prefix, file in CODES.items()}
    for name, entry in load_yaml("articles.yml").items():
        code = codes.get(name.split("-")[0])
        if code is None:
            yield Line(name, "not_covered", f"{entry['article']} : ce code n'est pas dans les données")
        else:
            yield _compared(name, entry, code, on)


def _compared(name: str, entry: Mapping[str, Any], code: Code, on: date) -> Line:
    article = entry["article"]
    versions = code.articles.get(
        _number(article.split()[-1] if not article.endswith(" A") else article.split()[-2] + "A")
    )
    if not versions:
        return Line(name, "gone", f"{article} : introuvable dans le code du {code.modified:%d/%m/%Y}")
    current = _in_force(versions, code.modified)
    if current is None:
        return Line(name, "gone", f"{article} : plus en vigueur au {code.modified:%d/%m/%Y}")
    if entry["version"] not in {version.id for version in versions}:
        newer = entry.get("version_read", current.id) == current.id
        known = f"version citée {entry['version']}, absente des données du {code.modified:%d/%m/%Y}"
        return Line(name, "data_older" if newer else "changed", f"{article} : {known} ({current.id})")
    if current.id != entry["version"]:
        detail = f"{entry['version']} remplacée par {current.id} le {current.since:%d/%m/%Y}"
        return Line(name, "changed", f"{article} : {detail}")
    coming = next((version for version in versions if version.since > code.modified), None)
    if coming:
        moment = "déjà en vigueur" if coming.since <= on else "à venir"
        return Line(name, "scheduled", f"{article} : {coming.id} au {coming.since:%d/%m/%Y} ({moment})")
    return Line(name, "current", f"{article} : {current.id}")


def _in_force(versions: tuple[Version, ...], on: date) -> Version | None:
    return next((version for version in reversed(versions) if version.since <= on < version.until), None)


def stale(on: date) -> Iterator[Line]:
    """Sources and parameters whose last check is older than a year: shown to people with « à vérifier »."""
    for source in SOURCES.values():
        if source.is_stale(on):
            yield Line(source.id, "stale", f"{source.article} : vérifié le {source.last_checked:%d/%m/%Y}")
    for parameter in PARAMETERS.values():
        if on - parameter.last_checked > date.resolution * 365:
            yield Line(
                parameter.id, "stale", f"{parameter.article} : vérifié le {parameter.last_checked:%d/%m/%Y}"
            )
