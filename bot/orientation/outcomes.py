"""What a rule answers: whether a device is available, what to do at a step, or why a step is not concerned.

Outcomes hold keys of the wording (`data/orientation/steps/*.yml`, `devices/*.yml`), never sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

Availability = Literal["open", "later", "closed"]
When = Literal["now", "next", "if_needed"]
Informed = Literal["no", "yes", "with_consent"]
T = TypeVar("T")

_WHEN_ORDER: tuple[When, ...] = ("now", "next", "if_needed")


@dataclass(frozen=True)
class DeviceOutcome:
    """A device's availability, the key of the sentence that says why, and the day it opens when it has one."""

    status: Availability
    reason: str
    opens_on: date | None = None


def open_(reason: str = "open") -> DeviceOutcome:
    """The person can use the device today."""
    return DeviceOutcome("open", reason)


def later(reason: str, opens_on: date | None = None) -> DeviceOutcome:
    """The device may open: on that day, or when the reason says."""
    return DeviceOutcome("later", reason, opens_on)


def closed(reason: str) -> DeviceOutcome:
    """The device is not for this person, for that reason."""
    return DeviceOutcome("closed", reason)


@dataclass(frozen=True)
class Deadline:
    """A day to come that counts, with the key of its label and source in `deadlines.yml`."""

    label: str
    day: date


@dataclass(frozen=True)
class Advice:
    """A step that concerns the person: when, in what order, why, with what words, and whom to contact."""

    when: When
    rank: int
    why: tuple[str, ...]
    say: str
    contacts: tuple[str, ...]
    """Organism types, in order of preference."""
    bring: str = "default"
    title: str = "default"
    informed: Informed = "no"


@dataclass(frozen=True)
class NotConcerned:
    """A step of the path that is not for this person, with the key of the reason."""

    why: str


@dataclass(frozen=True)
class Absent:
    """A step outside the five that has nothing to do in this plan: not listed at all."""


StepOutcome = Advice | NotConcerned | Absent


def coming(on: date, *deadlines: Deadline | None) -> tuple[Deadline, ...]:
    """The deadlines that are still to come on that day, soonest first."""
    return tuple(sorted((found for found in deadlines if found and found.day >= on), key=lambda d: d.day))


def merged_device(outcomes: Iterable[DeviceOutcome]) -> DeviceOutcome:
    """One outcome for a device that unknown facts leave undecided.

    What all possibilities share is kept. A device that could be open, and could not be, is announced for later,
    with the sentence « cela dépend d'une réponse que je n'ai pas ».
    """
    found = _distinct(outcomes)
    if len(found) == 1:
        return found[0]
    statuses = {outcome.status for outcome in found}
    if len(statuses) > 1:
        return later("undecided")
    reasons = {outcome.reason for outcome in found}
    days = {outcome.opens_on for outcome in found}
    return DeviceOutcome(
        found[0].status,
        found[0].reason if len(reasons) == 1 else "undecided",
        days.pop() if len(days) == 1 else None,
    )


def merged_step(outcomes: Iterable[StepOutcome]) -> StepOutcome:
    """One outcome for a step that unknown facts leave undecided: at most « if needed » unless all agree."""
    found = _distinct(outcomes)
    if len(found) == 1:
        return found[0]
    advices = [outcome for outcome in found if isinstance(outcome, Advice)]
    if not advices:
        reasons = [outcome for outcome in found if isinstance(outcome, NotConcerned)]
        return NotConcerned("undecided") if reasons else Absent()
    if any(isinstance(outcome, Absent) for outcome in found):
        return Absent()
    first = min(advices, key=lambda advice: (_WHEN_ORDER.index(advice.when), advice.rank))
    agreed = len(advices) == len(found) and len({advice.when for advice in advices}) == 1
    shared = [key for key in first.why if all(key in advice.why for advice in advices)]
    return Advice(
        when=first.when if agreed else "if_needed",
        rank=first.rank,
        why=tuple(shared) if agreed and shared else ("undecided",),
        say=first.say if len({advice.say for advice in advices}) == 1 else "undecided",
        bring=first.bring if len({advice.bring for advice in advices}) == 1 else "default",
        title=first.title if len({advice.title for advice in advices}) == 1 else "default",
        contacts=tuple(dict.fromkeys(kind for advice in advices for kind in advice.contacts)),
        informed=first.informed if len({advice.informed for advice in advices}) == 1 else "with_consent",
    )


def merged_lines(outcomes: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """The reasons or the deadlines that all possibilities share."""
    found = _distinct(outcomes)
    return tuple(line for line in found[0] if all(line in other for other in found))


def _distinct(outcomes: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(outcomes))
