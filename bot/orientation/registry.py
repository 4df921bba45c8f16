"""The rules, collected by decorators as their modules are imported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.orientation.law import Law
from bot.orientation.outcomes import Deadline, DeviceOutcome, StepOutcome
from bot.orientation.reading import Facts

DeviceRule = Callable[[Facts, Law], DeviceOutcome]
T = TypeVar("T")
StepRule = Callable[[Facts, Law], StepOutcome]
ReasonsRule = Callable[[Facts, Law], tuple[str, ...]]
DeadlinesRule = Callable[[Facts, Law], tuple[Deadline, ...]]
Outcome = StepOutcome | DeviceOutcome | tuple[str, ...] | tuple[Deadline, ...]


@dataclass(frozen=True)
class Rule:
    """One line of the plan: a step, its further reasons, its deadlines, or a device; and what decides it."""

    kind: Literal["step", "reasons", "deadlines", "device"]
    id: str
    decide: Callable[[Facts, Law], Outcome]


RULES: dict[str, Rule] = {}
"""Every rule, by « kind:id », in the order in which the modules declare them."""


def device(name: str) -> Callable[[DeviceRule], DeviceRule]:
    """Declare the rule of a device. Its name is the device's slug; its docstring cites the article."""

    def declare(rule: DeviceRule) -> DeviceRule:
        return _declared(Rule("device", name, rule), rule)

    return declare


def step(name: str) -> Callable[[StepRule], StepRule]:
    """Declare the rule of a step of the path."""

    def declare(rule: StepRule) -> StepRule:
        return _declared(Rule("step", name, rule), rule)

    return declare


def reasons(name: str) -> Callable[[ReasonsRule], ReasonsRule]:
    """Declare what a step adds to its reasons. Apart from the step itself, so that neither waits for the other."""

    def declare(rule: ReasonsRule) -> ReasonsRule:
        return _declared(Rule("reasons", name, rule), rule)

    return declare


def deadlines(name: str) -> Callable[[DeadlinesRule], DeadlinesRule]:
    """Declare the deadlines that go with a step."""

    def declare(rule: DeadlinesRule) -> DeadlinesRule:
        return _declared(Rule("deadlines", name, rule), rule)

    return declare


def _declared(rule: Rule, function: T) -> T:
    key = f"{rule.kind}:{rule.id}"
    if key in RULES:
        raise ValueError(f"{key} is declared twice")
    RULES[key] = rule
    return function
