"""How a rule reads a situation: reading an unknown fact is what makes it a question.

Two ways of reading, and the rule chooses by writing one or the other:

- `s.on_leave`: the rule needs the fact. While it is unknown, `Unknown` is raised, the rule is undecided and the
  fact becomes a question.
- `s.told.repeated_leaves`: the rule uses the fact if the person said it, and gets None otherwise. The fact is
  never asked for by that rule; `bot.orientation.findings.refinements` lists it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.orientation.facts import FACTS, Value


class Unknown(Exception):  # noqa: N818 - a signal, not an error
    """A rule read a fact that is not known. Carries the fact's name and whether it was read through `told`."""

    def __init__(self, fact: str, told: bool) -> None:
        super().__init__(fact)
        self.fact = fact
        self.told = told


class _Attributes:
    """Typed names of the facts. Known ones are instance attributes, so reading them costs nothing more."""

    def __init__(self, facts: Mapping[str, Value | None]) -> None:
        self.__dict__.update(facts)


class Told(_Attributes):
    """Facts as the person told them: None for what they did not say."""

    audience: str | None
    concern: str | None
    department: str | None
    status: str | None
    sector: str | None
    health_problem: bool | None
    on_leave: bool | None
    leave_start: date | None
    repeated_leaves: bool | None
    return_date: date | None
    same_job_possible: str | None
    cause: str | None
    unfit: str | None
    unfit_date: date | None
    therapeutic_part_time: bool | None
    disability_pension: bool | None
    boeth: str | None
    medical_recommendations: bool | None
    contract: str | None
    contract_ended: bool | None
    company_size: int | None
    age: int | None
    danger: bool | None

    def __getattr__(self, name: str) -> None:
        if name in FACTS:
            raise Unknown(name, told=True)
        raise AttributeError(name)


class Facts(_Attributes):
    """Facts that a rule needs. Reading one that is unknown raises Unknown."""

    on: date
    told: Told
    audience: str
    concern: str
    status: str
    sector: str
    health_problem: bool
    on_leave: bool
    leave_start: date
    return_date: date | None
    cause: str
    unfit: str
    unfit_date: date
    boeth: str
    medical_recommendations: bool
    company_size: int

    def __init__(
        self, needed: Mapping[str, Value | None], told: Mapping[str, Value | None], on: date
    ) -> None:
        super().__init__(needed)
        self.on = on
        self.told = Told(told)

    def assuming(self, assumed: Mapping[str, Value]) -> "Facts":
        """These facts and some more, as if they had been told."""
        if not assumed:
            return self
        needed = {name: value for name, value in vars(self).items() if name in FACTS}
        return Facts({**needed, **assumed}, {**vars(self.told), **assumed}, self.on)

    def __getattr__(self, name: str) -> None:
        if name in FACTS:
            raise Unknown(name, told=False)
        raise AttributeError(name)

    @property
    def leave_days(self) -> int:
        """Calendar days since the leave began, on the day of the plan; never negative."""
        return max(0, (self.on - self.leave_start).days)


def completed(facts: Mapping[str, Value], on: date) -> dict[str, Value]:
    """The facts, with those that others imply by their meaning; nothing that was said is ever replaced.

    A leave that has a duration or a return date is a leave; a leave, an unfitness, a pension are about health;
    an apprentice has an apprenticeship contract; farming is the farm sector.
    """
    known = dict(facts)
    days = known.pop("leave_days", None)
    if "leave_start" not in known and isinstance(days, int):
        known["leave_start"] = on - timedelta(days=days)
    back = known.get("return_date")
    if isinstance(back, date) and back > on:  # a return that is past says nothing of today
        known.setdefault("on_leave", True)
    for told, implied in _IMPLICATIONS:
        name, value = told
        if name in known and (value is None or known[name] == value):
            known.setdefault(*implied)
    return known


_IMPLICATIONS: tuple[tuple[tuple[str, Value | None], tuple[str, Value]], ...] = (
    (("therapeutic_part_time", True), ("on_leave", False)),
    (("leave_start", None), ("on_leave", True)),
    (("health_problem", False), ("on_leave", False)),
    (("on_leave", True), ("health_problem", True)),
    (("unfit", "feared"), ("health_problem", True)),
    (("unfit", "declared"), ("health_problem", True)),
    (("unfit_date", None), ("unfit", "declared")),
    (("unfit_date", None), ("health_problem", True)),
    (("therapeutic_part_time", True), ("health_problem", True)),
    (("disability_pension", True), ("health_problem", True)),
    (("medical_recommendations", True), ("health_problem", True)),
    (("cause", "work_accident"), ("health_problem", True)),
    (("cause", "occupational_disease"), ("health_problem", True)),
    (("same_job_possible", "no"), ("health_problem", True)),
    (("contract", "interim"), ("status", "interimaire")),
    (("contract", "apprentissage"), ("status", "apprenti")),
    (("status", "salarie_agricole"), ("sector", "agricole")),
    (("status", "exploitant_agricole"), ("sector", "agricole")),
    (("concern", "prevention_policy"), ("audience", "employer")),
)
"""(fact, value or None for any value) → (implied fact, its value), applied in order."""

_ALSO_IMPLIED = {"on_leave": frozenset({"return_date"})}
IMPLIED_BY: Mapping[str, frozenset[str]] = {
    name: frozenset(told[0] for told, implied in _IMPLICATIONS if implied[0] == name)
    | _ALSO_IMPLIED.get(name, frozenset())
    for name in FACTS
}
"""For each fact, the facts whose value can imply it."""


def overruling(facts: Mapping[str, Value], known: Mapping[str, Value]) -> set[str]:
    """Facts not told whose meaning is against what others imply: a part-time return, against a leave in progress."""
    implications = (*_IMPLICATIONS, (("return_date", None), ("on_leave", True)))
    return {
        told[0]
        for told, (name, value) in implications
        if told[0] not in known and name in known and name not in facts and known[name] != value
    }
