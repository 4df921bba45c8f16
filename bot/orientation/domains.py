"""The values worth trying for each fact: one or two on each side of every boundary that a rule can see."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.orientation.facts import FACTS, Value
from bot.orientation.law import Law, add_months, law_on
from bot.orientation.profiles import OVERSEAS


@dataclass(frozen=True)
class Domain:
    """Representative values of a fact, and which of them stands for any given value."""

    values: tuple[Value, ...]
    starts: tuple[int, ...] = ()
    """For numbers and dates: the first number of each class, ascending; dates count in days from the plan's."""
    origin: date | None = None
    classes: tuple[frozenset[Value], ...] = ()
    """For places: the values of each class but the first, which has all the others."""

    def position(self, value: Value) -> int:
        """Which class the value belongs to."""
        if self.classes:
            return next((index for index, known in enumerate(self.classes, 1) if value in known), 0)
        if not self.starts:
            return self.values.index(value)
        number = (value - self.origin).days if isinstance(value, date) and self.origin else value
        assert isinstance(number, int)
        return max(bisect_right(self.starts, number) - 1, 0)

    def bounds(self, position: int) -> tuple[int, int]:
        """The first and the last number of a class; the last class goes on far away."""
        after = position + 1
        return self.starts[position], self.starts[after] - 1 if after < len(self.starts) else _FAR


_FAR = 100_000
"""More days than any date of a situation is away."""


def _numbers(boundaries: Sequence[int], lowest: int) -> Domain:
    starts = tuple(sorted({lowest, *(b for b in boundaries if b > lowest)}))
    return Domain(starts, starts)


def _days(boundaries: Sequence[int], lowest: int, on: date) -> Domain:
    starts = tuple(sorted({lowest, *boundaries}))
    return Domain(tuple(on + timedelta(days=day) for day in starts), starts, on)


def _ages(law: Law) -> list[int]:
    """First year of each class of age that a rule tells apart."""
    mid_career = law.number("mid_career_age")
    return [
        law.number("rqth_equivalence_age_min"),
        law.number("supported_employment_age"),
        law.number("minor_visit_before_assignment_age"),
        law.number("rqth_equivalence_age_max") + 1,
        law.number("mission_locale_age"),
        mid_career - 1,
        mid_career + 1,
    ]


@lru_cache(maxsize=256)
def domains(on: date) -> Mapping[str, Domain]:
    """The domain of each fact that a rule may read, on that day."""
    law = law_on(on)
    starts = [
        -days + 1
        for days in (
            0,
            law.number("work_accident_short_leave_notice_days"),
            law.number("prereprise_leave_days") + 1,
            law.number("reprise_illness_absence_days"),
            31 * law.number("ptp_absence_months"),
        )
    ]
    month = (add_months(on, -1) - on).days
    appeal = -law.number("medical_opinion_appeal_days")
    found = {
        name: Domain(tuple(fact.values) if fact.kind == "choice" else (True, False))
        for name, fact in FACTS.items()
        if fact.kind in ("choice", "boolean")
    }
    found["department"] = Domain(("52", "974"), classes=(OVERSEAS,))
    found["leave_start"] = _days(starts, -4000, on)
    found["return_date"] = _days([-law.number("reprise_deadline_days"), 0, 1, 31, 61], -400, on)
    found["unfit_date"] = _days([month + 1, appeal, 1], -400, on)
    found["age"] = _numbers(_ages(law), 14)
    found["company_size"] = _numbers(
        [
            law.number(name)
            for name in (
                "works_council_headcount",
                "oeth_headcount",
                "prevention_programme_headcount",
                "disability_officer_headcount",
            )
        ],
        0,
    )
    return found


@lru_cache(maxsize=1024)
def absence(on: date, start: int, back: int, length: int) -> tuple[date, date]:
    """The earliest start of a leave, and a return, that stand for all those of these classes: each day's, and theirs.

    Some such days exist: the classes are those of a situation.
    """
    earliest, _ = domains(on)["leave_start"].bounds(start)
    earliest_back, _ = domains(on)["return_date"].bounds(back)
    shortest, longest = absences(on).bounds(length)
    first = max(earliest, earliest_back - longest)
    return on + timedelta(days=first), on + timedelta(days=max(earliest_back, first + shortest))


@lru_cache(maxsize=256)
def absences(on: date) -> Domain:
    """The classes of an absence, in days from the start of a leave to the return, that a visit tells apart."""
    law = law_on(on)
    durations = (
        law.number("reprise_work_accident_absence_days"),
        law.number("prereprise_leave_days") + 1,
        law.number("liaison_leave_days") + 1,
        law.number("reprise_illness_absence_days"),
    )
    return _numbers((0, *durations), lowest=-_FAR)


def question_of(fact: str) -> str:
    """The fact's name in a question: the start of a leave is asked as its duration."""
    return "leave_days" if fact == "leave_start" else fact


def fact_read(fact: str) -> str:
    """The reverse of `question_of`: the name under which rules read the fact."""
    return "leave_start" if fact == "leave_days" else fact
