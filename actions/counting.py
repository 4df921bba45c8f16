"""« Question 3 sur 7 environ »: where the person is among the questions, as honestly as the rules can say."""

from collections.abc import Callable

from actions import slots
from actions.talk import Talk
from bot.orientation import about_left


def count(talk: Talk, question: str, missing: Callable[[], tuple[str, ...]]) -> None:
    """Note the rank of a question and about how many there are. `missing` gives the facts that could be asked for.

    The same question put again keeps its rank. A question that was answered before, and that the person changes, has
    none. The total moves only when it was wrong by more than one: a number that wavers says less than one that holds.
    """
    before = talk.get(slots.PROGRESS) or {}
    answered = dict.fromkeys(talk.get(slots.HISTORY) or ())
    if question in answered or before.get("fact") == question:
        return
    asked = len(answered) + 1
    about = len(answered) + about_left((question, *(name for name in missing() if name != question)))
    held = before.get("about", about)
    if asked <= held and abs(about - held) <= 1:
        about = held
    talk.set(slots.PROGRESS, {"fact": question, "asked": asked, "about": about})
