"""What a territory adds to a step, or replaces in it, without touching a rule.

One file per territory in `data/orientation/territories`: its departments, then by step a title, more reasons
(each with its source, and the audiences it is for), organism types to contact first, another moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bot.orientation.facts import DATA, load_yaml
from bot.orientation.plan import Step
from bot.orientation.wording import Said

AUDIENCES = ("worker", "employer")


@dataclass(frozen=True)
class Addition:
    """What one territory says of one step."""

    title: str | None
    why: tuple[tuple[Said, tuple[str, ...]], ...]
    contacts: tuple[str, ...]
    when: str | None


def _addition(entry: Mapping[str, Any]) -> Addition:
    return Addition(
        title=entry.get("title"),
        why=tuple(
            (Said(line["text"], line["source"]), tuple(line.get("audiences", AUDIENCES)))
            for line in entry.get("why", ())
        ),
        contacts=tuple(entry.get("contacts", ())),
        when=entry.get("when"),
    )


@cache
def additions(department: str) -> Mapping[str, tuple[Addition, ...]]:
    """The additions to each step, in that department."""
    found: dict[str, tuple[Addition, ...]] = {}
    for path in sorted((DATA / "territories").glob("*.yml")):
        territory = load_yaml(f"territories/{path.name}")
        if department in territory["departments"]:
            for step, entry in territory["steps"].items():
                found[step] = (*found.get(step, ()), _addition(entry))
    return found


def localised(step: Step, department: str | None, audience: str | None) -> Step:
    """The step as it is in that department; unchanged where no territory speaks of it."""
    for addition in additions(department).get(step.id, ()) if department else ():
        step = replace(
            step,
            title=addition.title or step.title,
            why=step.why
            + tuple(said for said, audiences in addition.why if (audience or "worker") in audiences),
            contact_types=tuple(dict.fromkeys((*addition.contacts, *step.contact_types))),
            when=addition.when or step.when,
        )
    return step
