"""A message read once for all topics: a plain form, the way back to the original words, and its clauses.

The plain form is lower case, without accents, apostrophes or hyphens, elisions written in full (« j'ai » →
« je ai »), common misspellings corrected and numbers in words written in digits, every word one space apart,
so that the topics' rules can be short regular expressions. Each of its characters leads back to the message.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from text_to_num import text2num

from bot.language.facts.clauses import Clause, split
from bot.language.facts.lexicon import unaccented
from bot.language.facts.spelling import corrected

_TOKEN = re.compile(
    r"""
    \d{4}-\d{1,2}-\d{1,2}(?!\d)
  | \d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)
  | \d{1,2}/\d{1,2}(?![\d/])
  | \d{1,3}(?:[  ]\d{3})+(?!\d)
  | \d+[.,]\d+(?!\d)
  | \d+(?:ers?|[èe]re?s?|e|[èe]me?s?|i[èe]me|nde?)(?![^\W\d_])
  | \d+
  | aujourd[ ]?['’]?[ ]?hui
  | (?:[A-Za-z]\.){2,}(?:[A-Za-z](?![^\W\d_]))?
  | [^\W\d_]+
  | \.{2,}|…|[.!?;:,\n()/&+=%]|[-–—](?=\s)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = {
    "…": ".",
    "!": ".",
    ";": ".",
    "\n": ".",
    "(": ",",
    ")": ",",
    "-": ",",
    "–": ",",
    "—": ",",
    "&": "et",
    "+": "plus",
}
_ABBREVIATIONS = frozenset(
    [
        "cat",
        "dept",
        "dpt",
        "dép",
        "ex",
        "env",
        "max",
        "min",
        "art",
        "tel",
        "réf",
        "ref",
        "mme",
        "mr",
        "m",
        "dr",
        "sem",
        "janv",
        "fév",
        "fev",
        "avr",
        "juil",
        "sept",
        "oct",
        "nov",
        "déc",
        "dec",
    ]
)
_NUMBER_WORDS = frozenset(
    [
        "zero",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "vingts",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "septante",
        "huitante",
        "octante",
        "nonante",
        "cent",
        "cents",
        "mille",
    ]
)
_DONE_TO_ME = re.compile(
    r"arret(?:e|ee|er|ez)|mis|dit|donne|prescrit|fait|propose|licenciee?|viree?|declaree?"
    r"|convoquee?|envoyee?|conseille|"
    r"prolongee?|operee?|prevenue?|appelee?|reconnue?"
)
_MONTHS_OF_NUMBER = re.compile(r"\d+(?:\.\d+)?|un|quelques|plusieurs|demi")
_SHORT_UNITS = {"je": "jours", "jr": "jours", "jrs": "jours", "js": "jours", "se": "semaines", "me": "mois"}
_LONGEST_UNIT = {"jr": 3, "jrs": 3, "js": 3}
"""Units after a number, as elisions were already written in full: « 75 j », « 6 s », « 3 m »."""


@lru_cache(maxsize=4096)
def _number(words: str) -> str | None:
    """Digits of a number in words (« quatre vingt dix » → « 90 »), None when it is not one number."""
    try:
        return str(text2num(words, "fr"))
    except ValueError:
        return None


@dataclass(frozen=True)
class Reading:
    """A message and its plain form. Build one with `read`."""

    original: str
    plain: str
    starts: tuple[int, ...]
    """Position in `plain` of each plain word."""
    spans: tuple[tuple[int, int], ...]
    """Span in `original` of each plain word."""
    clauses: tuple[Clause, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span in the original message of `plain[start:end]`."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        return self.spans[first][0], self.spans[last][1]

    def clause_at(self, position: int) -> Clause:
        """The clause that holds a position of `plain`."""
        for clause in self.clauses:
            if position < clause.end:
                return clause
        return self.clauses[-1]


def _plain_token(token: str) -> str:
    """The plain form of one token that is not a word to be corrected, or of a word."""
    if token[0].isdigit():
        digits = re.sub(r"[\s ]", "", token)
        if re.fullmatch(r"\d+[a-zA-ZèÈéÉ]+", digits):
            return re.sub(r"\D+", "", digits) + "e"
        return digits.replace(",", ".")
    if token[0] in _MARKS:
        return _MARKS[token[0]]
    if not token[0].isalpha():
        return token[0]
    if "." in token:
        return unaccented(token.replace(".", ""))
    if unaccented(token).startswith("aujourd") and len(token) > 8:
        return "aujourdhui"
    return corrected(token)


def _in_context(words: list[tuple[str, tuple[int, int]]]) -> list[tuple[str, tuple[int, int]]]:
    """Words whose reading depends on their neighbours: « 4 moi », « 75 j », « s'il », « 3 sept »."""
    out: list[tuple[str, tuple[int, int]]] = []
    for i, (word, span) in enumerate(words):
        before = out[-1][0] if out else ""
        after = words[i + 1][0] if i + 1 < len(words) else ""
        numeric = bool(_MONTHS_OF_NUMBER.fullmatch(before))
        if (word in ("moi", "moie", "mo") and numeric) or (
            word == "moi"
            and before in ("le", "du", "ce", "au")
            and (after in ("de", "dernier", "prochain") or after[:1] == "d")
        ):
            word = "mois"
        elif before.isdigit() and word in _SHORT_UNITS and span[1] - span[0] <= _LONGEST_UNIT.get(word, 1):
            word = _SHORT_UNITS[word]
        elif word in ("ma", "mon") and _DONE_TO_ME.fullmatch(after):
            word = "me a" if word == "ma" else "me ont"
        elif word == "an" and after.startswith("arret"):
            word = "en"
        elif word in ("arrete", "arretee") and before == "en":
            word = "arret"
        elif word == "trop" and after in ("moi", "mois"):
            word = "3"
        elif word == "ce" and before == "je":
            word = "sais"
        elif word == "do" and before in ("mon", "le", "au", "mal", "son"):
            word = "dos"
        elif word == "travaille" and before in ("de", "du", "mon", "le", "au", "son"):
            word = "travail"
        elif word == "sa" and after in ("fait", "va", "fera", "faisait"):
            word = "ca"
        elif word == "se" and after in ("il", "ils"):
            word = "si"
        out.extend((part, span) for part in word.split())
    return out


def _tokens(text: str) -> list[tuple[str, tuple[int, int]]]:
    words: list[tuple[str, tuple[int, int]]] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        plain = _plain_token(token)
        if (
            plain == "."
            and match.group() == "."
            and words
            and text[slice(*words[-1][1])].lower() in _ABBREVIATIONS
        ):
            continue
        words.extend((part, match.span()) for part in plain.split())
    return words


def _with_digits(words: list[tuple[str, tuple[int, int]]]) -> list[tuple[str, tuple[int, int]]]:
    """Runs of number words written in digits; « sept » after a day stays a month."""
    out: list[tuple[str, tuple[int, int]]] = []
    i = 0
    while i < len(words):
        word, span = words[i]
        if word not in _NUMBER_WORDS:
            out.append((word, span))
            i += 1
            continue
        if word == "sept" and out and out[-1][0].rstrip("e").isdigit():
            out.append(("septembre", span))
            i += 1
            continue
        end = i + 1
        while end < len(words) and (
            words[end][0] in _NUMBER_WORDS
            or (words[end][0] == "un" and words[end - 1][0] not in ("et",))
            or (words[end][0] == "et" and end + 1 < len(words) and words[end + 1][0] in ("un", "une", "onze"))
            or (words[end][0] in ("un", "une") and words[end - 1][0] == "et")
        ):
            end += 1
        for stop in range(end, i, -1):
            digits = _number(" ".join(w for w, _ in words[i:stop]).replace("une", "un"))
            if digits is not None:
                out.append((digits, (span[0], words[stop - 1][1][1])))
                i = stop
                break
        else:
            out.append((word, span))
            i += 1
    return out


def read(text: str) -> Reading:
    """Read a message of any length. Never raises; a message without words has an empty plain form."""
    words = _in_context(_with_digits(_tokens(text)))
    starts, position = [], 0
    for word, _ in words:
        starts.append(position)
        position += len(word) + 1
    plain = " ".join(word for word, _ in words)
    return Reading(text, plain, tuple(starts), tuple(span for _, span in words), split(plain))
