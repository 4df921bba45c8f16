"""The question inside a longer message: « il est en arrêt, je peux le virer ? » asks « je peux le virer ? »."""

import re

from bot.language.facts.reading import Reading, read

LONGEST_READ = 1500
"""Characters: a question is looked for in so much of a message."""
_TOO_SHORT = 2
"""Words: « c'est possible ? » asks nothing by itself, « quoi ? » neither."""


def asks(text: str) -> bool:
    """Whether something in the message is asked."""
    return any(clause.asked_from is not None or clause.closes_question for clause in _read(text).clauses)


def question_in(text: str) -> str | None:
    """The words of the last question of a message that also says something else, or None."""
    reading = _read(text)
    spans = [
        (clause.start if clause.asked_from is None else clause.asked_from, clause.end)
        for clause in reading.clauses
        if clause.asked_from is not None or clause.closes_question
    ]
    if not spans:
        return None
    start, end = spans[-1]
    for earlier_start, earlier_end in reversed(spans[:-1]):
        if start - earlier_end > len(" , ") or re.search(r"[.?]", reading.plain[earlier_end:start]):
            break
        start = earlier_start  # « est-ce que mon patron peut | me virer »: one question in several clauses
    words = reading.plain[start:end].split()
    if len(words) <= _TOO_SHORT or not re.search(r"\w", reading.plain[:start] + reading.plain[end:]):
        return None
    a, b = reading.span(start, end)
    return reading.original[a:b] + " ?"


def _read(text: str) -> Reading:
    return read(text[:LONGEST_READ])
