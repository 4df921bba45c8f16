"""What became of the requests, and what of it is wrong."""

from collections import Counter
from dataclasses import dataclass, field

from tests.security.fuzz.client import Outcome
from tests.security.fuzz.requests import Request


@dataclass
class Report:
    """What was seen."""

    seed: str
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, number: int, request: Request, outcome: Outcome) -> None:
        """Count one; keep what it shows to be wrong."""
        self.statuses["closed" if outcome.status is None else str(outcome.status)] += 1
        if request.ends:
            self.seconds.append(outcome.seconds)
        wrong = []
        if outcome.status is not None and outcome.status >= 500:
            wrong.append(str(outcome.status))
        if outcome.hung:
            wrong.append(f"no answer in {outcome.seconds:.0f} s")
        if outcome.status is None and request.sound and not outcome.hung:
            wrong.append("closed without an answer")
        self.faults += [f"{each}: {request.route} (--seed {self.seed} --first {number})" for each in wrong]
