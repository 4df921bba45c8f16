"""From a message to an alarm: cues set aside first, then alarms in order of gravity, then the soft ones."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from bot.language.cleaning import clean
from bot.language.safety.alarm import Alarm, Kind
from bot.language.safety.cues import Cue, Grammar, Index, InvalidCueError
from bot.language.safety.reading import ANY_SHORT_WORD, STOP, Reading, Speller
from bot.language.safety.subject import Subject

DATA = Path(__file__).resolve().parents[3] / "data" / "language" / "safety"
_FRENCH = ("aside", "suicide", "emergency", "violence", "child", "soft")
_FOREIGN = ("other_languages",)
_ABOUT = ("self", "other", "subject", "victim")
_KINDS = ("soft", "suicide", "emergency", "violence", "child", "none")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST = 6000
"""Characters read of a message: the gateway accepts less."""


@dataclass(frozen=True)
class Family:
    """Cues of one meaning.

    `rank`: the lowest wins when several are found. `about`: "self", "other", "subject" when the subject of the
    sentence tells, "victim" when it is the object (« mon mari me frappe »). `past`: the kind that a mark of the
    past makes of it, if it changes anything. `now_only`: counts only when the sentence says that it is now.
    `aside`: the words matched are put aside, so that no other cue sees them (« je tue le temps »).
    """

    name: str
    kind: str
    rank: int
    about: str
    immediate: bool
    past: str | None
    now_only: bool
    aside: bool
    cues: tuple[Cue, ...]

    @classmethod
    def from_yaml(cls, entry: Mapping[str, Any], grammar: Grammar) -> "Family":
        """Read one entry of `data/language/safety/*.yml`. Raises InvalidCueError on an unknown value."""
        if entry["kind"] not in _KINDS or entry.get("about", "subject") not in _ABOUT:
            raise InvalidCueError(f"{entry['name']}: kind {entry['kind']!r}, about {entry.get('about')!r}")
        return cls(
            name=entry["name"],
            kind=entry["kind"],
            rank=entry.get("rank", 0),
            about=entry.get("about", "subject"),
            immediate=entry.get("immediate", False),
            past=entry.get("past"),
            now_only=entry.get("now_only", False),
            aside=entry.get("aside", False),
            cues=tuple(grammar.cue(source) for source in entry["cues"]),
        )


class Detector:
    """Searches messages for the cues of `data/language/safety/`. Build one with `Detector.load()`."""

    def __init__(
        self,
        families: Sequence[Family],
        tenses: Mapping[str, Sequence[Cue]],
        speller: Speller,
        subject: Subject,
    ) -> None:
        self._families = sorted(families, key=lambda family: family.rank)
        self._speller = speller
        self._subject = subject
        self._past, self._care, self._now = (_unranked(tenses[name]) for name in ("past", "care", "now"))
        self._aside = self._index(aside=True)
        self._alarms = self._index(aside=False)

    @classmethod
    def load(cls, directory: Path = DATA) -> "Detector":
        """Read the cues. Raises OSError, yaml.YAMLError or InvalidCueError: a broken installation."""
        words = _yaml(directory / "words.yml")
        exact = Grammar(words["classes"], words["frequent"].split())
        lenient = Grammar(words["classes"], words["frequent"].split(), words["slight"].split())
        tenses = {name: [exact.cue(source) for source in words[name]] for name in ("past", "care", "now")}
        french, foreign = (_families(directory, names, exact, lenient) for names in (_FRENCH, _FOREIGN))
        common, rare = _word_lists(directory / "ordinary_words.txt")
        spelling = _yaml(directory / "spelling.yml")
        speller = Speller(
            _vocabulary(french) | _words(chain(*tenses.values())) | _long(_vocabulary(foreign)),
            common,
            rare | _vocabulary(foreign),
            {written: meant for meant, forms in spelling.items() for written in str(forms).split()},
        )
        subject = Subject(words["subject"])
        return cls([*french, *foreign], tenses, speller, subject)

    def detect(self, text: str) -> Alarm | None:
        """See `bot.language.safety.detect`."""
        text = clean(text[:_LONGEST])
        reading = self._speller.read(text)
        remaining, softened = self._put_aside(reading, text)
        alarm = self._search(reading, remaining, text) or softened
        if alarm and alarm.kind != "soft":
            return alarm
        for index, word in self._speller.doubts(reading):
            other = reading.with_word(index, word)
            remaining, _ = self._put_aside(other, text)
            found = self._search(other, remaining, text, at=index)
            if found and (alarm is None or found.kind != "soft"):
                return found
        return alarm

    def _search(self, reading: Reading, remaining: str, text: str, *, at: int | None = None) -> Alarm | None:
        """The gravest alarm. `at`: only among the cues that hold the word of that index."""
        holding = None if at is None or reading.words[at] == ANY_SHORT_WORD else reading.words[at]
        for rank, _, match in self._alarms.search(remaining, reading.words, holding=holding):
            if at is not None and not match.start() <= reading.offsets[at] < match.end():
                continue
            family = self._families[rank]
            kind = self._kind(family, reading, match)
            if kind != "none":
                return self._alarm(family, kind, reading, match, text)
        return None

    def _put_aside(self, reading: Reading, text: str) -> tuple[str, Alarm | None]:
        """The text without what is ordinary or denied, and the soft alarm that a denial leaves."""
        remaining, softened = reading.text, None
        for rank, _, match in self._aside.search(reading.text, reading.words):
            first, last = reading.between(match.start(), match.end())
            if not reading.commas.isdisjoint(range(first + 1, last + 1)):
                continue  # « ce n'est pas grave, la mort serait une délivrance »
            family = self._families[rank]
            remaining = remaining[: match.start()] + _hidden(match) + remaining[match.end() :]
            if family.kind == "soft" and softened is None:
                softened = self._alarm(family, "soft", reading, match, text)
        return remaining, softened

    def _kind(self, family: Family, reading: Reading, match: re.Match[str]) -> str:
        """The kind of a match once its tense is considered."""
        if family.past is None and not family.now_only:
            return family.kind
        sentence = _sentence(reading.text, match)
        words = sentence.split()
        now = self._now.found(sentence, words)
        if family.now_only:
            past = self._past.found(reading.text, reading.words) or self._care.found(
                reading.text, reading.words
            )
            return family.kind if now and not past else "none"
        past = self._past.found(sentence, words) or (
            family.kind == "emergency" and self._care.found(sentence, words)
        )
        return family.past if past and not now and family.past else family.kind

    def _alarm(self, family: Family, kind: str, reading: Reading, match: re.Match[str], text: str) -> Alarm:
        first, last = reading.between(match.start(), match.end())
        other = family.about == "other"
        if family.about == "subject":
            other = self._subject.is_other(reading, first, last)
        elif family.about == "victim":
            other = self._subject.is_other_victim(reading, first, last)
        words = text[reading.spans[first][0] : reading.spans[last][1]]
        typed: Kind = kind  # type: ignore[assignment]  # checked by Family.from_yaml
        return Alarm(typed, other, words, immediate=family.immediate and kind == family.kind, cue=family.name)

    def _index(self, *, aside: bool) -> Index:
        return Index(
            (cue, rank)
            for rank, family in enumerate(self._families)
            if family.aside is aside
            for cue in family.cues
        )


@lru_cache(maxsize=1)
def detector() -> Detector:
    """The detector of the installed cues, read once."""
    return Detector.load()


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, in C if any


def _unranked(cues: Iterable[Cue]) -> Index:
    return Index((cue, 0) for cue in cues)


def _families(directory: Path, names: Sequence[str], exact: Grammar, lenient: Grammar) -> list[Family]:
    """Families of cues. What puts words aside is read exactly: a slip must not silence an alarm."""
    entries = [entry for name in names for entry in _yaml(directory / f"{name}.yml")]
    return [Family.from_yaml(entry, exact if entry.get("aside") else lenient) for entry in entries]


def _vocabulary(families: Iterable[Family]) -> frozenset[str]:
    return _words(cue for family in families for cue in family.cues)


def _words(cues: Iterable[Cue]) -> frozenset[str]:
    return frozenset().union(*(cue.words for cue in cues))


def _long(words: Iterable[str]) -> frozenset[str]:
    """Words of other languages that may be read through a slip; « morir » is not: it is « mourir » first."""
    return frozenset(word for word in words if len(word) > 5)


def _word_lists(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Common words, and the rare ones (marked by « ? ») that may be a slip."""
    lines = path.read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line and not line.startswith("#")]
    return (
        frozenset(word for word in words if not word.endswith("?")),
        frozenset(word[:-1] for word in words if word.endswith("?")),
    )


def _hidden(match: re.Match[str]) -> str:
    return re.sub(r"[^ ]", "_", match.group())


def _sentence(text: str, match: re.Match[str]) -> str:
    start = text.rfind(f"{STOP} ", 0, match.start())
    end = text.find(f"{STOP} ", max(match.end() - 2, 0))
    return text[0 if start < 0 else start + 2 : len(text) if end < 0 else end]
