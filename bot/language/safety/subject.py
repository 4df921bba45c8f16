"""Who is in danger: the person who writes, or somebody else."""

from collections.abc import Iterable, Mapping

from bot.language.safety.reading import STOP, Reading

_REACH = 14
"""Words read backwards in search of a subject."""
_NEAR = 8
"""Words read before a violence in search of its victim."""
_TELLS = frozenset(["dit", "confie", "raconte", "avoue", "explique", "ecrit", "annonce", "envoie", "envoye"])
"""« Elle m'a dit… »: the writer is told, and is not the subject."""
_OBJECTS = frozenset(["pour", "a", "avec", "sans", "sur", "contre", "comme", "rejoindre", "retrouver"])
"""« Une lettre pour mes enfants »: the person named is not the subject."""


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

    def is_other_victim(self, reading: Reading, first: int, last: int) -> bool:
        """Whether a violence is done to somebody else: no mark of the writer near, and one of somebody else."""
        marks: list[bool | None] = []
        for index in range(max(first - _NEAR, 0), last + 1):
            if reading.words[index] == STOP:
                marks.clear()
            marks.append(self._mark(reading.words, index))
        return False not in marks and True in marks

    def _any_introduces(self, words: Iterable[str]) -> bool:
        return any(word in self._introduces for word in words)

    def _mark(self, words: tuple[str, ...], index: int) -> bool | None:
        """True when a word marks somebody else, False when it marks the writer, None when it marks no one."""
        word = words[index]
        if word in self._self:
            return None if word in ("m", "me") and _TELLS & set(words[index + 1 : index + 3]) else False
        if word in self._other:
            return None if _impersonal(words, index) else True
        if word not in self._persons or not index or words[index - 1] not in self._determiners:
            return None
        return None if index > 1 and words[index - 2] in _OBJECTS else True


def _impersonal(words: tuple[str, ...], index: int) -> bool:
    """« il y a », « il faut », « s'il vous plaît »: an « il » that is nobody."""
    after = words[index + 1 : index + 2]
    if words[index] == "il":
        return after in (("y",), ("faut",), ("n",), ("vous",), ("me",), ("reste",), ("parait",))
    return words[index] in ("s", "se") and after in (("il",), ("ils",))
