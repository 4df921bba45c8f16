"""The plan: the contract's shape, built from outcomes and wording. Contacts are filled by `bot.path`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.orientation.law import SOURCES, Source
from bot.orientation.wording import Said


@dataclass(frozen=True)
class DatedDeadline:
    """A day to come, what it is, and its source."""

    label: str
    day: date
    source: str

    def to_json(self) -> dict[str, str]:
        """The contract's shape."""
        return {"label": self.label, "date": self.day.isoformat(), "source": self.source}


@dataclass(frozen=True)
class Step:
    """One step to take: when, why, what to say, what to bring, whom to contact."""

    id: str
    when: str
    """now, next or if_needed."""
    title: str
    why: tuple[Said, ...]
    say: str
    bring: tuple[str, ...]
    employer_informed: str
    """no, yes or with_consent."""
    deadlines: tuple[DatedDeadline, ...]
    devices: tuple[str, ...]
    """Slugs of the devices that this step can open, open ones first."""
    contact_types: tuple[str, ...]
    """Organism types, in order of preference."""

    def to_json(self) -> dict[str, Any]:
        """The contract's shape, with no contacts."""
        return {
            "id": self.id,
            "when": self.when,
            "title": self.title,
            "why": [{"text": said.text, "source": said.source} for said in self.why],
            "say": self.say,
            "bring": list(self.bring),
            "employer_informed": self.employer_informed,
            "deadlines": [deadline.to_json() for deadline in self.deadlines],
            "devices": list(self.devices),
            "contacts": [],
        }


@dataclass(frozen=True)
class Device:
    """One device: open, later or closed, and what a person needs to know of it."""

    id: str
    name: str
    status: str
    """open, later or closed."""
    opens_on: date | None
    summary: str
    source: str
    details: Mapping[str, Any]
    """who_asks, whom_to_ask, bring, employer_informed, duration, say, warning: those that are known;
    also: ids of the other sources."""

    def to_json(self) -> dict[str, Any]:
        """The contract's shape, then the details."""
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "opens_on": self.opens_on.isoformat() if self.opens_on else None,
            "summary": self.summary,
            "source": self.source,
            **self.details,
        }


@dataclass(frozen=True)
class NotForYou:
    """A step of the path that is not for this person, and why."""

    id: str
    why: str


@dataclass(frozen=True)
class Contradiction:
    """Facts that cannot hold together, and the sentence that says so."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A personal path, on one day."""

    as_of: date
    first_step: str
    """Id of the one step to take now."""
    steps: tuple[Step, ...]
    devices: tuple[Device, ...]
    not_concerned: tuple[NotForYou, ...]
    missing: tuple[str, ...]
    """Facts to ask for, most decisive first: each can change the plan."""
    contradictions: tuple[Contradiction, ...]

    def step(self, name: str) -> Step:
        """The step with that id. Raises KeyError when the plan has no such step."""
        for step in self.steps:
            if step.id == name:
                return step
        raise KeyError(name)

    def device(self, name: str) -> Device:
        """The device with that slug. Raises KeyError when there is none."""
        for device in self.devices:
            if device.id == name:
                return device
        raise KeyError(name)

    def source_of(self, device: str) -> Source:
        """The article or page that a device's availability rests on."""
        return SOURCES[self.device(device).source]

    def source_ids(self) -> tuple[str, ...]:
        """Every source that the plan cites, once, in the order of appearance."""
        cited = [said.source for step in self.steps for said in step.why]
        cited += [deadline.source for step in self.steps for deadline in step.deadlines]
        cited += [
            name for device in self.devices for name in (device.source, *device.details.get("also", ()))
        ]
        return tuple(dict.fromkeys(cited))

    def to_json(self) -> dict[str, Any]:
        """The contract's shape; `contradictions` comes on top of it."""
        return {
            "as_of": self.as_of.isoformat(),
            "first_step": self.first_step,
            "steps": [step.to_json() for step in self.steps],
            "devices": [device.to_json() for device in self.devices],
            "not_concerned": [{"id": step.id, "why": step.why} for step in self.not_concerned],
            "sources": {name: SOURCES[name].to_json(self.as_of) for name in self.source_ids()},
            "missing": list(self.missing),
            "contradictions": [
                {"text": found.text, "facts": list(found.facts)} for found in self.contradictions
            ],
        }
