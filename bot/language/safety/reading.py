"""What a message says, letter mistakes set aside: the words of the closed vocabulary of the cues.

People write « jé envi de mourrir », « jveu en finir », « m'endormire ». Each word of a message is brought
back to a word that the cues know, when it is that word badly written, and to nothing else: a list of ordinary
words (« prendre », « nourrir ») keeps what only looks like one.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA

_TOKEN = re.compile(r"[^\W_](?:[*@€$]?[^\W_])*|[.!?;:\n…]+|[,()«»\"/]")
_SPELLED_OUT = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*+][^\W\d_]){3,}(?![^\W_])")
_RUN = re.compile(r"([a-z])\1{2,}")
_DOUBLE = re.compile(r"([a-z])\1+")
_ELISION = re.compile(r"(j|m|t|s|l|n|d|c|qu|k)([aeiouyh]\w+)")
_ACCENTS = {ord(c): unicodedata.normalize("NFD", c)[0] for c in "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ"}
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "€": "e", "$": "s", "*": ""}
)
_SOUNDS = (
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"qu|q|ck"), "k"),
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"c(?!h)"), "k"),
    (re.compile(r"ge(?=[ao])|g(?=[eiy])"), "j"),
    (re.compile(r"gu(?=[eiy])"), "g"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"y"), "i"),
    (re.compile(r"[ae]i"), "e"),
    (re.compile(r"em(?=[bp])|am(?=[bp])|en(?![aeiou])"), "an"),
    (re.compile(r"im(?=[bp])|um(?=[bp])"), "in"),
    (re.compile(r"om(?=[bp])"), "on"),
    (_DOUBLE, r"\1"),
    (re.compile(r"(?<=.)(?:er|ez|e?[estdxp]+|e)$"), ""),
)
ANY_SHORT_WORD = "~"
"""A word of one or two letters that is nothing known: what is left of « me », « de », « vie » after a slip."""
_MOST_ALTERNATIVES = 5
_MOST_DOUBTS = 24
STOP = "."
"""The word that stands for the end of a sentence in a reading."""


def plain(text: str) -> str:
    """Lower case, without accents or ligatures. « Œil » becomes « oeil »."""
    lowered = text.lower().translate(_ACCENTS).replace("œ", "oe").replace("æ", "ae")
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def sound(word: str) -> str:
    """A key that French words of the same sound, or nearly, have in common (silent endings dropped)."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


@dataclass(frozen=True)
class Reading:
    """A message as words. `text` joins them with one space after each, so that expressions can run over it.

    `spans[i]` is where word `i` stands in the original message; `commas` are the indexes of the words
    that follow a comma or the like; `offsets[i]` is where word `i` begins in `text`; `written[i]` is word `i`
    as it was written, plain.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    commas: frozenset[int]
    offsets: tuple[int, ...]
    written: tuple[str, ...]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """First and last words that hold characters `start` to `end` (not included) of `text`."""
        return bisect_right(self.offsets, start) - 1, bisect_left(self.offsets, end) - 1

    def with_word(self, index: int, word: str) -> "Reading":
        """The same reading, word `index` read otherwise."""
        words = [*self.words[:index], word, *self.words[index + 1 :]]
        return _reading(words, self.spans, self.commas, self.written)


class Speller:
    """Brings the words of a message back to a closed vocabulary.

    `vocabulary`: the French words of the cues, plain. `common`: ordinary words, never to be corrected. `rare`:
    words that are read as they are, but may well be a slip (« pendre » for « prendre » is not one, « orde » for
    « corde » is). `shortcuts`: SMS spellings (accents kept or not) and the words they stand for.
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        common: Collection[str],
        rare: Collection[str],
        shortcuts: Mapping[str, str],
    ) -> None:
        words = sorted(set(vocabulary))
        self._sure = frozenset(words) | frozenset(common)
        self._known = self._sure | frozenset(rare)
        self._words = frozenset(words)
        self._shortcuts = {key: tuple(value.split()) for key, value in shortcuts.items()}
        self._undoubled: dict[str, list[str]] = {}
        self._sounds: dict[str, list[str]] = {}
        self._deletions: dict[str, list[str]] = {}
        for word in words:
            self._undoubled.setdefault(_DOUBLE.sub(r"\1", word), []).append(word)
            self._sounds.setdefault(sound(word), []).append(word)
            for variant in _deletions(word):
                self._deletions.setdefault(variant, []).append(word)

    def read(self, text: str) -> Reading:
        """The words of a message. Never raises; what is not known stays as it was written, plain."""
        text = _SPELLED_OUT.sub(_respelled, text) if _SPELLED_OUT.search(text) else text
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        written: list[str] = []
        commas: set[int] = set()
        for match in _TOKEN.finditer(text):
            raw, (start, end) = match.group(), match.span()
            if not raw[0].isalnum():
                if raw[0] in ',()«»"/':
                    commas.add(len(words))
                elif words and words[-1] != STOP:
                    words.append(STOP)
                    written.append(STOP)
                    spans.append((start, end))
                continue
            apostrophe = end < len(text) and text[end] in "'’ʼ`´‘"
            for word in self._spell(raw.lower(), apostrophe):
                words.append(word)
                written.append(plain(raw))
                spans.append((start, end))
        return _reading(words, spans, frozenset(commas), written)

    def doubts(self, reading: Reading) -> Iterator[tuple[int, str]]:
        """Other words that a doubtful word of a reading may be: its index, and the word. A few at most."""
        left = _MOST_DOUBTS
        for index, (word, written) in enumerate(zip(reading.words, reading.written)):  # noqa: B905
            if written in self._sure or written in self._shortcuts or not written.isalpha():
                continue
            others = {
                other
                for other in self._near(written) | self._homophones(written)
                if other != word and len(other) > 2 and not _substituted(written, other)
            }
            if len(written) <= 2 and written.isascii() and word != ANY_SHORT_WORD:
                others.add(ANY_SHORT_WORD)
            for other in sorted(others, key=lambda other: _slips(written, other))[:_MOST_ALTERNATIVES]:
                left -= 1
                if left < 0:
                    return
                yield index, other

    def _spell(self, raw: str, apostrophe: bool) -> tuple[str, ...]:
        if not apostrophe and raw in self._shortcuts:
            return self._shortcuts[raw]
        word = plain(raw)
        if word in self._known:
            return (word,)
        if not word.isalpha():
            letters = word.translate(_LEET)
            if not letters.isalpha() or word.isdecimal():
                return (word,)
            word = letters
        word = _RUN.sub(r"\1\1", word)
        if word in self._known:
            return (word,)
        for shorter in (word, _DOUBLE.sub(r"\1", word)):
            if not apostrophe and shorter in self._shortcuts:
                return self._shortcuts[shorter]
        return self._correct(word)

    def _correct(self, word: str) -> tuple[str, ...]:
        undoubled = _DOUBLE.sub(r"\1", word)
        same = [*self._undoubled.get(undoubled, ()), *({undoubled} & self._known)]
        if same:
            return (_closest(word, same),)
        for form in (word, undoubled):
            elided = _ELISION.fullmatch(form)
            if elided and elided.group(2) in self._words and _can_elide(*elided.groups()):
                return (elided.group(1), elided.group(2))
        near = self._near(word) | self._homophones(word)
        if near:
            return (_closest(word, near),)
        if elided and len(elided.group(2)) >= 5:
            near = self._near(elided.group(2))
            if near:
                return (elided.group(1), _closest(elided.group(2), near))
        return (word,) if len(word) > 2 or not word.isascii() else (ANY_SHORT_WORD,)

    def _homophones(self, word: str) -> set[str]:
        """The words of the vocabulary that sound the same and are about as long."""
        key = sound(word)
        if len(key) < 3 or len(word) < 4:
            return set()
        return {other for other in self._sounds.get(key, ()) if abs(len(other) - len(word)) <= 2}

    def _near(self, word: str) -> set[str]:
        """The words of the vocabulary a slip away: a letter dropped, doubled, swapped or replaced."""
        return {
            candidate
            for variant in _deletions(word)
            for candidate in self._deletions.get(variant, ())
            if OSA.distance(word, candidate) <= _slips_allowed(candidate, word)
        }


def _closest(word: str, candidates: Iterable[str]) -> str:
    return min(candidates, key=lambda other: _slips(word, other))


def _slips(word: str, other: str) -> tuple[int, bool, bool, str]:
    """How far a word is from another: fewest slips, less one if they sound the same; then the same letters."""
    distance = OSA.distance(word, other) - (sound(word) == sound(other))
    return (distance, sorted(other) != sorted(word), other[0] != word[0], other)


def _substituted(word: str, other: str) -> bool:
    """Whether a letter was replaced by another, which makes another word more often than a slip."""
    return len(word) == len(other) and sorted(word) != sorted(other)


def _can_elide(article: str, rest: str) -> bool:
    """Whether an apostrophe may have been lost there: « jen », « mendormir », not « tou »."""
    return len(rest) > 2 or (article != "t" and rest in ("ai", "en", "il", "on", "un", "as"))


def _slips_allowed(candidate: str, word: str) -> int:
    if len(candidate) <= 3:
        return 1 if sorted(candidate) == sorted(word) else 0
    return 2 if min(len(candidate), len(word)) >= 8 else 1


def _deletions(word: str) -> set[str]:
    """The word without any one of its letters (any two for a long word), and the word itself."""
    variants = {word}
    if 2 <= len(word) <= 16:
        variants.update(word[:i] + word[i + 1 :] for i in range(len(word)))
    if 9 <= len(word) <= 14:
        variants.update(
            word[:i] + word[i + 1 : j] + word[j + 1 :] for i, j in combinations(range(len(word)), 2)
        )
    return variants


def _respelled(match: re.Match[str]) -> str:
    """« s u i c i d e » as one word, padded so that positions in the message do not move."""
    return re.sub(r"[ .\-_*+]", "", match.group()).ljust(len(match.group()))


def _reading(
    words: Sequence[str], spans: Sequence[tuple[int, int]], commas: frozenset[int], written: Sequence[str]
) -> Reading:
    offsets, position = [], 0
    for word in words:
        offsets.append(position)
        position += len(word) + 1
    text = " ".join(words) + " " if words else ""
    return Reading(text, tuple(words), tuple(spans), commas, tuple(offsets), tuple(written))
