"""The sentences that people read, from `data/orientation`, with what a territory adds or replaces.

Rules give keys; here are the words. A key that has no sentence raises KeyError: a test walks through every
outcome of every rule, so that no key can be missing when a person asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.orientation.facts import DATA, load_yaml

OVERSEAS_FUND = {"971": "CGSS", "972": "CGSS", "973": "CGSS", "974": "CGSS", "976": "CSSM"}
PARIS_REGION = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})


@dataclass(frozen=True)
class Said:
    """A sentence and the id of its source."""

    text: str
    source: str


@cache
def territories(department: str | None) -> tuple[Mapping[str, Any], ...]:
    """The files of `data/orientation/territories` that name that department, by file name."""
    found = (load_yaml(f"territories/{path.name}") for path in sorted((DATA / "territories").glob("*.yml")))
    return tuple(territory for territory in found if department in territory["departments"])


@cache
def step_words(step: str, department: str | None = None) -> Mapping[str, Mapping[str, Any]]:
    """All the wording of a step: title, why, say, bring, not_concerned, each by key.

    A territory's own words, under `words`, take the place of those of the same key.
    """
    found: dict[str, Mapping[str, Any]] = dict(load_yaml(f"steps/{step}.yml"))
    for territory in territories(department):
        for part, entries in territory.get("words", {}).get(step, {}).items():
            found[part] = {**found[part], **entries}
    return found


@cache
def device_words() -> Mapping[str, Mapping[str, Any]]:
    """The wording of every device, by slug, from all files of `data/orientation/devices`."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted((DATA / "devices").glob("*.yml")):
        entries = load_yaml(f"devices/{path.name}")
        twice = found.keys() & entries.keys()
        if twice:
            raise ValueError(f"{path.name}: declared twice: {', '.join(sorted(twice))}")
        found.update(entries)
    return found


def social_service(department: str | None) -> str:
    """The fund that runs the social service there: Carsat, Cramif in the Paris region, CGSS or CSSM overseas."""
    if department in OVERSEAS_FUND:
        return OVERSEAS_FUND[department]
    if department in PARIS_REGION:
        return "Cramif"
    return "Carsat" if department else "Carsat, Cramif ou CGSS"


def title(step: str, key: str, department: str | None, audience: str | None) -> str:
    """A step's title; its default one is in other words for an employer."""
    titles = step_words(step, department)["title"]
    if key == "default" and audience == "employer":
        key = "employer"
    return str(titles.get(key, titles["default"])).format(service_social=social_service(department))


def why(step: str, key: str, department: str | None = None) -> Said:
    """One reason of a step, with its source."""
    entry = step_words(step, department)["why"][key]
    return Said(entry["text"], entry["source"])


def say(step: str, key: str, department: str | None = None) -> str:
    """The sentence to say to the contact."""
    return str(step_words(step, department)["say"][key])


def bring(step: str, key: str, department: str | None = None) -> tuple[str, ...]:
    """The documents to bring."""
    return tuple(step_words(step, department)["bring"][key])


def not_concerned(step: str, key: str, department: str | None = None) -> str:
    """Why a step is not for this person."""
    return str(step_words(step, department)["not_concerned"][key])


def deadline(label: str) -> Said:
    """The label of a deadline, with its source."""
    entry = load_yaml("deadlines.yml")[label]
    return Said(entry["label"], entry["source"])


def undecided_summary() -> str:
    """What is said of a device that unknown facts leave undecided."""
    return str(load_yaml("sentences.yml")["device_undecided"])


def presumed_status() -> Said:
    """What an employer reads who has not told the status of the person."""
    entry = load_yaml("sentences.yml")["presumed_status"]
    return Said(entry["text"], entry["source"])


def device_reason(name: str, key: str, audience: str | None) -> Said:
    """Why a device is open, later or closed, with the source of that reason (the device's own by default).

    For an employer, the sentence under « employer_… » is used where there is one.
    """
    words = device_words()[name]
    if key == "undecided":
        return Said(undecided_summary(), words["source"])
    shared = load_yaml("sentences.yml")["device_reasons"]
    keys = (f"employer_{key}", key) if audience == "employer" else (key,)
    entry = next(texts[found] for found in keys for texts in (words["reasons"], shared) if found in texts)
    if isinstance(entry, str):
        return Said(entry, words["source"])
    return Said(entry["text"], entry.get("source", words["source"]))


def device_details(name: str, status: str, audience: str | None) -> dict[str, Any]:
    """What else is known of the device, for that audience: who asks whom, documents, duration, what to say.

    An open device names all its sources (`also`); a closed one has nothing more than its reason.
    """
    if status == "closed":
        return {}
    words = device_words()[name]
    own = words.get("employer", {}) if audience == "employer" else {}
    found = {
        field: own.get(field, words.get(field))
        for field in ("who_asks", "whom_to_ask", "bring", "employer_informed", "duration", "say", "warning")
    }
    kept = {field: value for field, value in found.items() if value is not None}
    return {**kept, "also": list(words.get("also", ()))} if status == "open" else kept


def device_rank(name: str) -> int:
    """Where the device comes among those of the same status: what helps most people first."""
    return int(device_words()[name].get("rank", 50))
