"""Answers to the question just asked: « 4 mois », « non », « dans le 52 », the words of a button."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.language.facts import place, timeline
from bot.language.facts.company import SIZE
from bot.language.facts.company import number as people_number
from bot.language.facts.context import Context
from bot.language.facts.durations import TENS_VALUES, Duration
from bot.language.facts.fact import Fact, Value
from bot.language.facts.lexicon import load, plain_words
from bot.language.facts.reading import Reading

_DATA: dict[str, Any] = load("answers")


def _table(values: dict[Any, list[str]]) -> dict[str, str]:
    return {plain_words(w): str(v) for v, words in values.items() for w in words}


_CHOICES = {name: _table(values) for name, values in _DATA["choices"].items()}
_YES = frozenset(plain_words(w) for w in _DATA["yes"])
_NO = frozenset(plain_words(w) for w in _DATA["no"])
_UNSURE = frozenset(plain_words(w) for w in _DATA["unsure"])
_BOOLEAN_WORDS = {name: _table(values) for name, values in _DATA["boolean_words"].items()}
BOOLEANS = frozenset(_DATA["booleans"])
_FILLER = re.compile(
    r"^(?:(?:euh|ben|bah|alors|bonjour|bonsoir|merci|ah|oh|he|eh|hum|mmm|donc|en fait"
    r"|pour le instant|pour le moment|je dirais"
    r"|je dirai|plutot|moi|ce est|en|un|une|le|la|de|dans le|dans la|dans|,|\.) )+|(?: (?:merci"
    r"|je crois|je pense|il me semble|quoi|hein|voila|monsieur|madame|malheureusement|helas|,"
    r"|\.))+$"
)
_NOT_KNOWN = re.compile(
    r"\b(?:(?:je )?(?:ne )?sais pas|aucune idee|pas de date|aucune date|pas encore (?:de date"
    r"|fixe)|sais plus|pas precisement)\b"
)

_FILE_SENT = re.compile(
    r"\b(?:dossier|demande|reponse)\b.*\b(?:cours|envoye|depose|attente)|\b(?:envoye|depose|fait"
    r"|rempli|attends?)\b.*\b(?:dossier|demande|reponse)\b"
)


_MATTERS = frozenset(
    ["unfit", "boeth", "same_job_possible", "cause", "therapeutic_part_time", "disability_pension"]
)
_SAID_ALONG = {"boeth": {"disability_pension"}, "health_problem": _MATTERS}
"""Facts that a yes or no to the question may well go on with."""
_OPENS_ANOTHER = re.compile(
    r"^(?:oui|ouais|non|nan|si) (?!,|\.|mais|et|par contre|sauf|pas|car|parce|jamais|aucun)"
)


def about_another(context: Context, stated: Iterable[Fact]) -> bool:
    """« oui papier inapte » after « Êtes-vous en arrêt ? »: the yes belongs to what follows, not to the question."""
    if not _OPENS_ANOTHER.match(context.plain):
        return False
    along = {context.asked, *_SAID_ALONG.get(context.asked or "", ())}
    return any(fact.name in _MATTERS and fact.name not in along for fact in stated)


def _short(reading: Reading) -> str:
    """The message without its fillers, dots and commas at the ends."""
    text = reading.plain.strip(" .,?")
    while True:
        shorter = _FILLER.sub("", text).strip(" .,?")
        if shorter == text or not shorter:
            return text
        text = shorter


def _whole(context: Context, name: str, value: Value, **marks: bool) -> Fact:
    return context.fact(name, value, 0, len(context.plain.rstrip(" .")), **marks)


def _yes_no(text: str, asked: str) -> bool | None:
    """True, False, or None when the words are neither yes nor no."""
    words = _BOOLEAN_WORDS.get(asked, {})
    if text in words:
        return words[text] == "yes"
    if text in _YES or text in _NO:
        return text in _YES
    if text in _UNSURE:
        return None
    opening = re.match(r"^(?:oui|ouais|non|nan) ?,? (?:je suis )?(.+)$", text)
    if opening and opening.group(1) in words:
        return words[opening.group(1)] == "yes"
    first = re.match(
        r"^(oui|ouais|si|exact|exactement|tout a fait|non|jamais|pas encore|pas du tout"
        r"|toujours pas)\b(?! plus)",
        text,
    )
    if first and not re.search(r"\boui et non|\bni oui\b", text):
        return first.group(1) in _YES
    return None


def _boolean(context: Context, asked: str) -> Iterator[Fact]:
    answer = _yes_no(_short(context.reading), asked)
    if answer is None:
        answer = _yes_no(context.plain.strip(" .,?"), asked)
    if answer is not None:
        yield _whole(context, asked, answer)


def _plainly(text: str) -> str | None:
    if text in _YES or text in _NO:
        return "yes" if text in _YES else "no"
    unsure = any(re.search(rf"\b{re.escape(words)}\b", text) for words in _UNSURE if len(words) > 6)
    return "unsure" if unsure and len(text.split()) <= 10 else None


def _choice(context: Context, asked: str) -> Iterator[Fact]:
    table = _CHOICES[asked]
    for text in (context.plain.strip(" .,?"), _short(context.reading)):
        value = table.get(text) or (_plainly(text) if asked == "same_job_possible" else None)
        if value:
            yield _whole(context, asked, value)
            return
    if asked == "boeth" and _FILE_SENT.search(context.plain):
        yield _whole(context, asked, "pending")
        return
    text = context.plain.strip(" .,?")
    opening = re.match(r"^(oui|ouais|non)\b ?,?(.*)$", text)
    if opening and asked in ("boeth", "same_job_possible", "unfit", "sector"):
        rest = opening.group(2).strip()
        said = table.get("oui" if opening.group(1) != "non" else "non")
        value = table.get(rest) or said
        if value:
            yield _whole(context, asked, value)
        return
    if len(text.split()) > 8:
        return
    found = [
        (len(w), w, v) for w, v in table.items() if len(w) > 3 and re.search(rf"\b{re.escape(w)}\b", text)
    ]
    denied = re.search(r"\b(?:pas|ni|non|plus)\b", text)
    if found and not denied and not text.endswith("?") and len({v for _, _, v in found}) == 1:
        yield _whole(context, asked, max(found)[2])


def _leave_days(context: Context) -> Iterator[Fact]:
    time = timeline.bare_time(context)
    if time is not None:
        yield from timeline.start_facts(context, time)
        return
    number = re.fullmatch(
        r"(?:environ |a peu pres |plus de |bientot )?(\d{1,4})(?: environ)?", _short(context.reading)
    )
    if number and 0 < int(number.group(1)) <= 3000:
        yield _whole(context, "leave_days", int(number.group(1)))


def _return_date(context: Context) -> Iterator[Fact]:
    if _NOT_KNOWN.search(context.plain):
        return
    time = timeline.bare_time(context)
    if time is None or (
        isinstance(time, Duration) and re.search(r"\b(?:depuis|il y a|fait) ", context.plain[: time.start])
    ):
        return
    end = re.search(
        r"\bjusque|\bfin de (?:mon )?arret|\barret (?:se|va|finit|prend)", context.plain[: time.start]
    )
    yield from timeline.return_fact(context, time, end_of_leave=bool(end))


def _company_size(context: Context) -> Iterator[Fact]:
    text = _short(context.reading)
    found = next((m for pattern in SIZE if (m := pattern.search(context.plain))), None)
    if found:
        value, rough = people_number(found)
        yield context.fact("company_size", value, *found.span(), approximate=rough)
        return
    tens = re.search(r"\b(?:une )?(" + "|".join(TENS_VALUES) + r")\b", text)
    number_match = re.search(
        r"(?P<about>plus de|moins de|au moins|environ|a peu pres|entre|de|on est"
        r"|nous sommes)? ?\b(?P<n>\d{1,6})\b(?P<more> (?:et plus|ou plus))?",
        text,
    )
    if tens:
        yield _whole(context, "company_size", TENS_VALUES[tens.group(1)], approximate=True)
    elif number_match and len(text.split()) <= 8:
        n, about = int(number_match["n"]), number_match["about"] or ""
        n += 1 if about == "plus de" else -1 if about == "moins de" else 0
        yield _whole(
            context, "company_size", n, approximate=bool(about) and about not in ("on est", "nous sommes")
        )
    elif re.search(r"\b(?:seule?|personne|aucun|zero|0|pas de salarie)\b", text) and len(text.split()) <= 6:
        yield _whole(context, "company_size", 1 if re.search(r"seule?\b", text) else 0)


def _age(context: Context) -> Iterator[Fact]:
    tens = re.search(
        r"\b(?:la |une )?(trentaine|quarantaine|cinquantaine|soixantaine|vingtaine)\b", context.plain
    )
    if tens:
        yield _whole(context, "age", TENS_VALUES[tens.group(1)], approximate=True)
        return
    match = re.search(r"\b(1[4-9]|[2-7]\d)\b", _short(context.reading))
    if match and len(context.plain.split()) <= 6:
        yield _whole(context, "age", int(match.group(1)))


def _day(context: Context, name: str) -> Iterator[Fact]:
    time = timeline.bare_time(context)
    day = timeline.day_of(time, context.today, "past") if time else None
    if time and day:
        yield context.fact(name, day.isoformat(), time.start, time.end)


def find(context: Context) -> Iterator[Fact]:
    """The fact that the last question asked, when the message answers it in its own way."""
    asked = context.asked
    if not context.plain or asked is None:
        return
    if asked in ("leave_days", "leave_start"):
        yield from _leave_days(context)
    elif asked == "return_date":
        yield from _return_date(context)
    elif asked == "unfit_date":
        yield from _day(context, asked)
    elif asked in ("department", "commune"):
        yield from place.answer(context.reading.original)
    elif asked == "company_size":
        yield from _company_size(context)
    elif asked == "age":
        yield from _age(context)
    elif (
        asked == "unfit"
        and (dated := list(_day(context, "unfit_date")))
        and not re.search(r"\bnon\b", context.plain)
    ):
        yield from [*dated, replace(dated[0], name="unfit", value="declared")]
    elif asked in BOOLEANS:
        yield from _boolean(context, asked)
    elif asked in _CHOICES:
        yield from _choice(context, asked)
