"""What a territory adds to a step, or replaces in it, without touching a rule.

One file per territory in `data/orientation/territories`: its departments; under `steps`, by step, a title, more
reasons (each with its source, the audiences and the statuses it is for), organism types to contact first or
alone, another moment; under `words`, any sentence of a step in the territory's own words (`bot.orientation.wording`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from bot.orientation import wording
from bot.orientation.plan import Step
from bot.orientation.wording import Said


@dataclass(frozen=True)
class LocalReason:
    """A sentence of a territory, and whom it is for; no audience or no status named: for all."""

    said: Said
    audiences: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def concerns(self, audience: str | None, status: str | None) -> bool:
        """Whether it is said to that person; one who has not told is taken for a worker of any status."""
        heard = not self.audiences or (audience or "worker") in self.audiences
        return heard and (not self.statuses or status is None or status in self.statuses)


@dataclass(frozen=True)
class Addition:
    """What one territory says of one step."""

    title: str | None = None
    why: tuple[LocalReason, ...] = ()
    contacts: tuple[str, ...] = ()
    """Organism types to contact first."""
    only: tuple[str, ...] = ()
    """Organism types that take the place of the step's own."""
    when: str | None = None


def _addition(entry: Mapping[str, Any]) -> Addition:
    return Addition(
        title=entry.get("title"),
        why=tuple(
            LocalReason(
                Said(line["text"], line["source"]),
                tuple(line.get("audiences", ())),
                tuple(line.get("statuses", ())),
            )
            for line in entry.get("why", ())
        ),
        contacts=tuple(entry.get("contacts", ())),
        only=tuple(entry.get("contacts_only", ())),
        when=entry.get("when"),
    )


@cache
def additions(department: str) -> Mapping[str, tuple[Addition, ...]]:
    """The additions to each step, in that department."""
    found: dict[str, tuple[Addition, ...]] = {}
    for territory in wording.territories(department):
        for step, entry in territory.get("steps", {}).items():
            found[step] = (*found.get(step, ()), _addition(entry))
    return found


def localised(step: Step, department: str | None, audience: str | None, status: str | None) -> Step:
    """The step as it is in that department; unchanged where no territory speaks of it."""
    for addition in additions(department).get(step.id, ()) if department else ():
        step = replace(
            step,
            title=addition.title or step.title,
            why=(*step.why, *(line.said for line in addition.why if line.concerns(audience, status))),
            contact_types=tuple(dict.fromkeys((*addition.contacts, *(addition.only or step.contact_types)))),
            when=addition.when or step.when,
        )
    return step
