"""Who is in danger: the person who writes, or somebody else."""

from collections.abc import Iterable, Mapping

from bot.language.safety.reading import STOP, Reading

_REACH = 14
"""Words read backwards in search of a subject."""


class Subject:
    """Tells who a cue is about, from word lists: `self`, `other`, `persons`, `determiners`, `introduces`."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._self, self._other, self._persons, self._determiners, self._introduces = (
            frozenset(words[name].split())
            for name in ("self", "other", "persons", "determiners", "introduces")
        )

    def is_other(self, reading: Reading, first: int, last: int) -> bool:
        """Whether words `first` to `last` of a reading are about somebody else than the writer.

        The nearest mark of a person counts, from the last word of the cue back to the beginning of the
        sentence: « ma femme dit que je veux mourir » is about the writer, « un salarié qui veut mourir » is
        not. Without any, what follows may tell (« idées noires chez un salarié »); else it is the writer.
        """
        for index in range(last, max(first - _REACH, -1), -1):
            if reading.words[index] == STOP and index < first:
                break
            mark = self._mark(reading.words, index)
            if mark is not None:
                return mark
        following = range(last + 1, min(last + 6, len(reading.words)))
        return any(
            reading.words[index] in self._persons and self._any_introduces(reading.words[index - 2 : index])
            for index in following
        )

    def _any_introduces(self, words: Iterable[str]) -> bool:
        return any(word in self._introduces for word in words)

    def _mark(self, words: tuple[str, ...], index: int) -> bool | None:
        """True when a word marks somebody else, False when it marks the writer, None when it marks no one."""
        word = words[index]
        if word in self._self:
            return False
        if word in self._other:
            return None if _impersonal(words, index) else True
        before = words[index - 1] if index else ""
        return True if word in self._persons and before in self._determiners else None


def _impersonal(words: tuple[str, ...], index: int) -> bool:
    """« il y a », « il faut », « s'il vous plaît »: an « il » that is nobody."""
    after = words[index + 1 : index + 2]
    if words[index] == "il":
        return after in (("y",), ("faut",), ("n",), ("vous",), ("me",), ("reste",), ("parait",))
    return words[index] in ("s", "se") and after in (("il",), ("ils",))
