"""Why the plan says what it says: for each line, the facts that decided it."""

from dataclasses import dataclass
from datetime import date

from bot.orientation.diagram import diagram
from bot.orientation.domains import question_of
from bot.orientation.findings import findings
from bot.orientation.law import epoch
from bot.orientation.outcomes import Absent, Advice, DeviceOutcome, NotConcerned
from bot.orientation.registry import RULES, Outcome
from bot.orientation.situation import Situation


@dataclass(frozen=True)
class Explanation:
    """One line of the plan."""

    line: str
    """« step:pdp_cell », « device:iti », « reasons:cep », « deadlines:msa »."""
    answer: str
    """now, next, if_needed, not_concerned, absent, open, later, closed; or how many reasons or deadlines."""
    facts: tuple[str, ...]
    """Known facts that decided it: with another value of one of them, the line could be different."""
    rule: str
    """The rule, with its articles, in its own words (its docstring's first line)."""


def explain(
    situation: Situation, on: date, *, declined: frozenset[str] = frozenset()
) -> tuple[Explanation, ...]:
    """Explain the plan of a situation on a day, line by line."""
    found = findings(situation, on, declined)
    return tuple(
        Explanation(
            line=rule,
            answer=_answer(found.outcomes[rule]),
            facts=tuple(question_of(fact) for fact in diagram(rule, epoch(on)).decisive(found.states)),
            rule=(RULES[rule].decide.__doc__ or "").split("\n")[0],
        )
        for rule in RULES
    )


def _answer(outcome: Outcome) -> str:
    if isinstance(outcome, DeviceOutcome):
        return outcome.status
    if isinstance(outcome, Advice):
        return outcome.when
    if isinstance(outcome, NotConcerned):
        return "not_concerned"
    return "absent" if isinstance(outcome, Absent) else str(len(outcome))
