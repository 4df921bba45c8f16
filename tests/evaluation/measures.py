"""What an understanding of the messages is worth: intents, refusals, calibration, facts, safety."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.evaluation.dataset import ANY, CRISES, KINDS, OUT_OF_SCOPE, Message, Value, canonical

ACTS_FROM = 0.45
"""Confidence from which the dialogue acts without « Vouliez-vous dire… » (actions.expected.SURE)."""
SURE_FROM = 0.7
"""Confidence from which an error is one that nobody would doubt."""
ACCEPTED_IN_SCOPE = 0.88
BINS = 10
HARMLESS: Mapping[str, Value] = {"audience": "worker", "concern": "one_person", "sector": "general"}
"""Deductions that any message allows: they are what Relais supposes of whoever says nothing else."""


@dataclass(frozen=True)
class Understood:
    """One line of `relais understand`."""

    intent: str
    confidence: float
    facts: Mapping[str, Value]
    safety: str | None

    @classmethod
    def from_json(cls, line: Mapping[str, Any], intents: frozenset[str]) -> "Understood":
        """Read a line; a finer intent becomes the one of `intents` that it starts with."""
        given = line.get("facts") or {}
        if isinstance(given, list):
            given = {fact["name"]: fact["value"] for fact in given}
        facts = dict(canonical(name, value) for name, value in given.items())
        return cls(
            _coarse(line["intent"] or OUT_OF_SCOPE, intents), float(line["confidence"]), facts, line["safety"]
        )


@dataclass(frozen=True)
class Pair:
    """A message and what was understood of it."""

    message: Message
    understood: Understood

    @property
    def right(self) -> bool:
        """The intent is one of those expected."""
        return self.understood.intent in self.message.intents

    @property
    def confidence(self) -> float:
        """Of the intent."""
        return self.understood.confidence

    def acts(self, threshold: float) -> bool:
        """Relais would answer as the intent says, rather than ask to say it otherwise."""
        return self.understood.intent != OUT_OF_SCOPE and self.confidence >= threshold


@dataclass(frozen=True)
class Share:
    """`count` out of `total`."""

    count: int
    total: int

    @property
    def rate(self) -> float:
        """Between 0 and 1. ZeroDivisionError: nothing to count, and no gate may pass for lack of messages."""
        return self.count / self.total


@dataclass
class FactCount:
    """Right, wrongly read and missed values of one fact. A wrong value counts as both of the last."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was read, the part that is right; 1 when nothing was read."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what was stated, the part that was read; 1 when nothing was stated."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


@dataclass(frozen=True)
class Bin:
    """Messages of about the same confidence."""

    count: int
    confidence: float
    right: float


@dataclass
class FactErrors:
    """What differs in one message."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def share(pairs: Iterable[Pair], test: Callable[[Pair], bool]) -> Share:
    """How many of the pairs pass the test."""
    results = [test(pair) for pair in pairs]
    return Share(sum(results), len(results))


def intents_right(pairs: Sequence[Pair]) -> Share:
    """Right intents in the ordinary messages in scope."""
    return share((pair for pair in pairs if pair.message.in_scope), lambda pair: pair.right)


def threshold_accepting(pairs: Sequence[Pair], rate: float = ACCEPTED_IN_SCOPE) -> float:
    """The highest threshold that accepts at least `rate` of the messages in scope; 0 if none does."""
    inside = [pair for pair in pairs if pair.message.in_scope]
    scores = {pair.confidence for pair in inside if pair.understood.intent != OUT_OF_SCOPE}
    reaching = [score for score in scores if share(inside, lambda pair, s=score: pair.acts(s)).rate >= rate]  # type: ignore[misc]
    return max(reaching, default=0.0)


def accepted(pairs: Sequence[Pair], threshold: float) -> Share:
    """Messages in scope that would be acted upon, rightly or not."""
    return share((pair for pair in pairs if pair.message.in_scope), lambda pair: pair.acts(threshold))


def refused(pairs: Sequence[Pair], threshold: float) -> Share:
    """Messages out of scope that would not be acted upon."""
    return share((pair for pair in pairs if pair.message.out_of_scope), lambda pair: not pair.acts(threshold))


def wrong_and_sure(pairs: Sequence[Pair]) -> Share:
    """Wrong at `SURE_FROM` or more, among the ordinary messages acted upon without confirmation."""
    acting = (pair for pair in pairs if pair.message.ordinary and pair.acts(ACTS_FROM))
    return share(acting, lambda pair: not pair.right and pair.confidence >= SURE_FROM)


def calibration(pairs: Sequence[Pair]) -> list[Bin]:
    """Confidence against rightness of the ordinary messages, in ten equal bins; empty ones are left out."""
    bins: dict[int, list[Pair]] = {}
    for pair in pairs:
        if pair.message.ordinary:
            bins.setdefault(min(int(pair.confidence * BINS), BINS - 1), []).append(pair)
    return [
        Bin(
            len(inside),
            sum(pair.confidence for pair in inside) / len(inside),
            sum(pair.right for pair in inside) / len(inside),
        )
        for _, inside in sorted(bins.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean gap between confidence and rightness, weighted by the messages."""
    return sum(bin_.count * abs(bin_.confidence - bin_.right) for bin_ in bins) / sum(
        bin_.count for bin_ in bins
    )


def fact_errors(pair: Pair) -> FactErrors:
    """Compare what a judged message states with what was read in it."""
    expected = pair.message.facts or {}
    result = FactErrors()
    for name, values in expected.items():
        if name not in pair.understood.facts:
            result.missed.append(name)
        elif _matches(pair.understood.facts[name], values):
            result.right.append(name)
        else:
            result.wrong.append(name)
            result.missed.append(name)
    for name, value in pair.understood.facts.items():
        if name in expected or HARMLESS.get(name) == value:
            continue
        if not _matches(value, pair.message.may.get(name, ())):
            result.wrong.append(name)
    return result


def facts_read(pairs: Sequence[Pair]) -> tuple[dict[str, FactCount], FactCount, Share]:
    """Counts per fact, all facts together, and the messages of which everything was read exactly."""
    per_fact: dict[str, FactCount] = {}
    total, exact, judged = FactCount(), 0, 0
    for pair in pairs:
        if pair.message.facts is None:
            continue
        judged += 1
        errors = fact_errors(pair)
        exact += not errors.wrong and not errors.missed
        for kind in ("right", "wrong", "missed"):
            for name in getattr(errors, kind):
                for count in (total, per_fact.setdefault(name, FactCount())):
                    setattr(count, kind, getattr(count, kind) + 1)
    return dict(sorted(per_fact.items())), total, Share(exact, judged)


def alarms(pairs: Sequence[Pair]) -> dict[str, tuple[Share, Share]]:
    """Kind → messages of that kind met with any alarm, even soft; and with one of the right kinds."""
    result = {}
    for kind in KINDS:
        due = [pair for pair in pairs if _kind(pair.message) == kind]
        caught = share(due, lambda pair: pair.understood.safety is not None)
        result[kind] = (caught, share(due, lambda pair: pair.understood.safety in pair.message.safety))
    return result


def crises_caught(pairs: Sequence[Pair]) -> Share:
    """Crisis messages met with any alarm, even soft."""
    return share(
        (pair for pair in pairs if pair.message.crisis), lambda pair: pair.understood.safety is not None
    )


def false_alarms(pairs: Sequence[Pair], kinds: tuple[str, ...] = CRISES) -> Share:
    """Ordinary messages met with an alarm of these kinds that they do not allow."""
    ordinary = (pair for pair in pairs if pair.message.ordinary)
    return share(
        ordinary,
        lambda pair: pair.understood.safety in kinds and pair.understood.safety not in pair.message.safety,
    )


def confusions(pairs: Sequence[Pair]) -> list[tuple[str, str, int]]:
    """(expected, understood, how often) of the ordinary messages, most frequent first."""
    counts = Counter(
        (" / ".join(sorted(pair.message.intents)), pair.understood.intent)
        for pair in pairs
        if pair.message.ordinary and not pair.right
    )
    return [(expected, understood, count) for (expected, understood), count in counts.most_common()]


def _kind(message: Message) -> str | None:
    """The one kind a message counts under: the first that is right, soft words apart."""
    if message.soft:
        return "soft"
    return next((kind for kind in CRISES if kind in message.safety), None) if message.crisis else None


def _coarse(intent: str, intents: frozenset[str]) -> str:
    if intent in intents:
        return intent
    starts = [name for name in intents if intent.startswith((f"{name}_", f"{name}/"))]
    return max(starts, key=len, default=intent)


def _matches(value: Value, values: tuple[Value, ...]) -> bool:
    return ANY in values or _plain(value) in {_plain(right) for right in values}


def _plain(value: Value) -> str:
    """Case and accents do not count (communes), nor the writing of a number; yes and true stay apart."""
    letters = unicodedata.normalize("NFD", str(value).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
