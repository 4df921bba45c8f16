"""What the topics know beside the message: the day, the question just asked, who the facts are about."""

from dataclasses import dataclass, field
from datetime import date
from re import Match

from bot.language.facts.fact import Fact, Value
from bot.language.facts.frame import Frame, frame
from bot.language.facts.people import People
from bot.language.facts.reading import Reading


@dataclass(frozen=True)
class Context:
    """One message being read. `today`: the day durations count from; `asked`: the fact last asked."""

    reading: Reading
    today: date
    asked: str | None
    people: People
    on_leave: bool = field(default=False)
    """The message itself says that the person is on leave."""

    @property
    def plain(self) -> str:
        return self.reading.plain

    def subject_at(self, position: int) -> str | None:
        """Whom the words at `position` are about."""
        return self.people.at(position)

    def frame(self, match: "Match[str]", group: int | str = 0) -> Frame:
        """How a matched expression is meant."""
        return frame(self.reading, match.start(group), match.end(group), self)

    def concerned(self, subject: str | None) -> bool:
        """Whether this person is the one the facts describe."""
        if subject is None or subject == self.people.focus:
            return True
        # « mon médecin dit que mon arrêt… », « mon patron me garde »: others act, the person is concerned.
        return subject == "other"

    def fact(
        self,
        name: str,
        value: Value,
        start: int,
        end: int,
        *,
        deduced: bool = False,
        approximate: bool = False,
    ) -> Fact:
        """A fact read in `plain[start:end]`."""
        a, b = self.reading.span(start, end)
        return Fact(name, value, self.reading.original[a:b], a, b, deduced, approximate)
