"""Two models on the turns that advisers reviewed: what each gets right, what changes between them.

The texts are masked turns that stay where they are: a comparison keeps intents and confidences, and names turns by
their number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding import Understanding


@dataclass(frozen=True)
class Reviewed:
    """A message and the intent that it has, by an adviser."""

    key: tuple[str, int]
    """Conversation and turn."""
    text: str
    intent: str


@dataclass(frozen=True)
class Answer:
    """What a model says of a message."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Compared:
    """One message, what is right, what each model says."""

    key: tuple[str, int]
    right: str
    first: Answer
    second: Answer

    @property
    def outcome(self) -> str:
        """gained, lost, both_right, or both_wrong."""
        before, after = self.first.intent == self.right, self.second.intent == self.right
        if before and after:
            return "both_right"
        return "lost" if before else "gained" if after else "both_wrong"


@dataclass(frozen=True)
class Comparison:
    """Two models, by name, and every message."""

    names: tuple[str, str]
    rows: tuple[Compared, ...]

    def count(self, outcome: str) -> int:
        """Messages of an outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    def right(self, rank: int) -> int:
        """Messages that the first (0) or second (1) model understands."""
        return self.count("both_right") + self.count("lost" if rank == 0 else "gained")

    def confidence(self, rank: int) -> float | None:
        """Mean confidence of a model; None without a message."""
        answers = [row.first if rank == 0 else row.second for row in self.rows]
        return sum(answer.confidence for answer in answers) / len(answers) if answers else None

    @property
    def told_apart(self) -> list[Compared]:
        """What a reader looks at: lost first, then gained, both wrong; both right left out."""
        order = ("lost", "gained", "both_wrong")
        return sorted(
            (row for row in self.rows if row.outcome in order), key=lambda row: order.index(row.outcome)
        )


def understood_by(model: Path, texts: Sequence[str]) -> list[Answer]:
    """What a model says of each text, in a process of its own. Raises UnderstandingError."""
    with Understanding(model) as understanding:
        said = [understanding.of(text) for text in texts]
    return [Answer(each["intent"], float(each["confidence"])) for each in said]


def compare(
    first: Path,
    second: Path,
    reviewed: Sequence[Reviewed],
    read: Callable[[Path, Sequence[str]], list[Answer]] = understood_by,
) -> Comparison:
    """One model after the other, so that only one is in memory. Takes about twenty seconds a model."""
    texts = [each.text for each in reviewed]
    answers = [read(model, texts) for model in (first, second)]
    rows = tuple(
        Compared(each.key, each.intent, before, after)
        for each, before, after in zip(reviewed, *answers, strict=True)
    )
    return Comparison((name_of(first), name_of(second)), rows)


def name_of(model: Path) -> str:
    """How a model is named to people."""
    return model.name.removesuffix(".tar.gz")
