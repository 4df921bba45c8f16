"""The clauses of a message, and what in them is asked or supposed rather than said.

« Je suis en CDD, est-ce que j'ai droit à la visite ? Et si je suis inapte ? » says that the person is on a
fixed-term contract, and says nothing about unfitness.
"""

import re
from dataclasses import dataclass

from bot.language.facts.lexicon import rules

_RULES = rules("clauses")

_SUBJECT = _RULES["subject"]
_VERB = _RULES["verb"]
# A subject starts a new clause, except after these words: « quand je suis », « et je suis ».
_NOT_AFTER = "".join(
    rf"(?<!\b{word})"
    for word in [
        "que",
        "et",
        "si",
        "ou",
        "quand",
        "dont",
        "qui",
        "lorsque",
        "comme",
        "mais",
        "donc",
        "car",
        "fois",
        "puis",
        "maintenant",
        "jamais",
    ]
)
_BOUNDARY = re.compile(
    r"(?: (?P<mark>[.?,])(?= |$))"
    rf"|(?: (?={_RULES['linking']} ))"
    rf"|(?: (?=et (?:{_SUBJECT}|{_RULES['after_and']}) ))"
    rf"|{_NOT_AFTER} (?={_SUBJECT} {_VERB}\b)"
)
_INVERTED = re.compile(
    r"\b(?:peut|peuvent|doit|doivent|a t|ont|est|sont|va t|faut|existe t) (?:il|elle|on|ils|elles)\b"
)
"""« un apprenti a-t-il droit… »: the whole clause is asked, its subject included."""
_QUESTION = re.compile(rf"\b{_RULES['question']}\b")
_WHEN = re.compile(r"^quand\b")
_SUPPOSED = re.compile(rf"\b{_RULES['supposed']}")
_ASSERTS_AGAIN = re.compile(
    r"^(?:alors que|sachant que|vu que|puisque|parce que|car|mais|comme|et )|"
    r"^(?:je suis|je ai|je travaille|je touche|mon mari|ma femme|il est|elle est|on me)\b"
)


@dataclass(frozen=True)
class Clause:
    """A clause, as a span of the plain form. Positions are those of the plain form, or None.

    `asked_from`: from there on, the words belong to a question. `supposed_from`: to a hypothesis.
    `closes_question`: the clause is the last before a question mark and has no interrogative word.
    """

    start: int
    end: int
    text: str
    asked_from: int | None
    supposed_from: int | None
    closes_question: bool


def _raw(plain: str) -> list[tuple[int, int, str]]:
    """Start, end and closing mark of each clause."""
    out, start = [], 0
    for match in _BOUNDARY.finditer(plain):
        if match.start() > start:
            out.append((start, match.start(), match.group("mark") or ""))
        elif out and match.group("mark"):
            out[-1] = (out[-1][0], out[-1][1], match.group("mark"))
        start = match.end() + (plain[match.end() : match.end() + 1] == " ")
    if start < len(plain):
        out.append((start, len(plain), ""))
    return out


def _end_mark(raw: list[tuple[int, int, str]], index: int) -> tuple[str, bool]:
    """Mark that closes the sentence of a clause, and whether the clause is the last of its sentence."""
    for i in range(index, len(raw)):
        if raw[i][2] in (".", "?"):
            return raw[i][2], i == index
    return "", index == len(raw) - 1


def split(plain: str) -> tuple[Clause, ...]:
    """Clauses of a plain form, in order; at least one, so that a position always has a clause."""
    raw = _raw(plain)
    clauses: list[Clause] = []
    in_question = in_supposition = False
    for index, (start, end, mark) in enumerate(raw):
        text = plain[start:end]
        fresh = index == 0 or raw[index - 1][2] in (".", "?") or bool(_ASSERTS_AGAIN.search(text))
        in_question = in_question and not fresh
        in_supposition = in_supposition and not fresh and mark != ","
        asked = _QUESTION.search(text)
        supposed = _SUPPOSED.search(text)
        closing, last = _end_mark(raw, index)
        inverted = _INVERTED.search(text) is not None and not _ASSERTS_AGAIN.search(text)
        asked_from = start if in_question or inverted else (start + asked.start() if asked else None)
        supposed_from = start + supposed.start() if supposed else None
        closes = closing == "?" and last and asked_from is None
        if asked_from is None and closing == "?" and _WHEN.search(text):
            asked_from = start
        clauses.append(Clause(start, end, text, asked_from, supposed_from, closes))
        in_question = asked_from is not None
    return tuple(clauses) or (Clause(0, len(plain), plain, None, None, False),)
