"""Occupations and names of employers: the status and the sector they let us suppose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.language.facts.context import Context
from bot.language.facts.frame import Frame
from bot.language.facts.lexicon import alternation, load, plain_words, rules

_DATA: dict[str, Any] = load("employment")
_RULES = rules("employment")


def _meanings(groups: list[dict[str, Any]]) -> dict[str, tuple[str | None, str]]:
    """Word → status supposed (None when several are common) and sector."""
    return {plain_words(word): (g.get("status"), g["sector"]) for g in groups for word in g["words"]}


_OCCUPATIONS = _meanings(_DATA["occupations"])
_PLACES = _meanings(_DATA["places"])
_OCCUPATION = re.compile(rf"\b(?P<word>{alternation(_OCCUPATIONS)})s?\b")
_PLACE = re.compile(rf"\b(?P<cue>{_RULES['at']})(?P<word>{alternation(_PLACES)})s?\b")
_IS = re.compile(rf"\b{_RULES['is']}{_RULES['between']}* ?$")
_OPENING = re.compile(rf"^{_RULES['opening']}* ?$")
_AFTER_OPENING = re.compile(rf"^(?:$|{_RULES['after_opening']}\b|(?: \w+)? ,| \w+$)")
_BY_TRADE = re.compile(rf"^ {_RULES['by_trade']}\b")
_OTHERS = re.compile(r"\b(?:le|la|les|mon|ma|mes|des|un|une|ce|cette|avec une?|du|au|son|sa|notre) $")
_NOT_OTHERS = re.compile(
    r"\b(?:metier|profession|suis|est|comme|moi|tant que) (?:le|la|un|une) $|\bfai[st] (?:des|du|le|la) $"
)
_OF_EMPLOYEE = re.compile(rf"(?:\b{_RULES['of_employee']}|,)(?: jeune| ancien| vieux| meilleur)? $")
_WORKS = re.compile(rf"\b{_RULES['works']}\b")
_PAST = re.compile(rf"\b{_RULES['past_status']}\b(?! (?:de|que) \d)[^,.]*$")
_FUTURE = re.compile(rf"\b{_RULES['future']}\b[^,.]*$")
_HEAD = re.compile(rf"\b{_RULES['head_of_company']}\b")


@dataclass(frozen=True)
class Supposed:
    """What a word lets us suppose, and its span in the plain form."""

    status: str | None
    sector: str
    start: int
    end: int


def holds(context: Context, frame: Frame) -> bool:
    """Whether words about work are true now, of the person concerned."""
    return (
        not (frame.unreal or frame.denied or frame.past)
        and not _PAST.search(frame.before)
        and not to_come(frame)
        and frame.subject != "other"
        and context.concerned(frame.subject)
    )


def to_come(frame: Frame) -> bool:
    """« je voudrais devenir infirmière », « peur de finir au chômage »."""
    return bool(_FUTURE.search(frame.before))


def said_of_others(context: Context, start: int) -> bool:
    """An occupation said of somebody else: « l'infirmière m'a dit », « mon comptable »."""
    if context.people.focus == "employee":
        return False
    before = context.plain[max(0, start - 24) : start]
    return bool(_OTHERS.search(before)) and not _NOT_OTHERS.search(before)


def stands_alone(frame: Frame) -> bool:
    """Words that open a clause as people present themselves: « maçon, 52 ans », « caissière en arrêt »."""
    return bool(_OPENING.match(frame.before) and _AFTER_OPENING.match(frame.after))


def is_identity(frame: Frame) -> bool:
    """« je suis … », « comme … », « … de métier », or words that stand alone."""
    return bool(_IS.search(frame.before) or _BY_TRADE.match(frame.after)) or stands_alone(frame)


def follows(context: Context, end: int) -> bool:
    """Whether an occupation comes next: « apprenti plombier »."""
    return bool(_OCCUPATION.match(context.plain, end + 1))


def of_employee(context: Context, start: int) -> bool:
    """For an employer: « mon maçon », « un de nos caristes », « il est plombier », « maçon, RQTH »."""
    if context.people.at(start) == "self":
        return False
    return start == 0 or bool(_OF_EMPLOYEE.search(context.plain[max(0, start - 30) : start]))


def _occupations(context: Context) -> Iterator[Supposed]:
    for match in _OCCUPATION.finditer(context.plain):
        start, end = match.span("word")
        frame = context.frame(match)
        if not holds(context, frame):
            continue
        if context.people.focus == "employee":
            mine = of_employee(context, start)
        else:
            mine = is_identity(frame) and not said_of_others(context, start)
        if mine:
            yield Supposed(*_OCCUPATIONS[match["word"]], start, end)


def _employers(context: Context, with_occupation: bool) -> Iterator[Supposed]:
    for match in _PLACE.finditer(context.plain):
        frame = context.frame(match)
        works = (
            with_occupation
            or _WORKS.search(frame.before + " " + match["cue"])
            or frame.before.endswith("suis ")
        )
        if (works or context.asked == "status") and holds(context, frame):
            yield Supposed(*_PLACES[match["word"]], *match.span("word"))


def statuses_named(plain: str) -> set[str]:
    """Statuses that the occupations and employers of a plain form let us suppose, whoever they are about."""
    meanings = [_OCCUPATIONS[match["word"]] for match in _OCCUPATION.finditer(plain)]
    meanings += [_PLACES[match["word"]] for match in _PLACE.finditer(plain)]
    return {status for status, _ in meanings if status}


def find(context: Context) -> list[Supposed]:
    """Everything that occupations, then names of employers, let us suppose; the shop one keeps comes last."""
    found = list(_occupations(context))
    found += _employers(context, bool(found))
    head = _HEAD.search(context.plain)
    if head and context.people.focus == "self" and holds(context, context.frame(head)):
        found.append(Supposed("independant", "general", *head.span()))
    return found
