"""Age of the person, said in years or by the year of birth."""

import re
from collections.abc import Iterator
from itertools import chain

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import alternation, load, rules

_RULES = rules("age")
_AGE = re.compile(
    rf"(?:\b{_RULES['cue']} (?:environ |bientot |deja |presque |juste |maintenant )?|^|(?<=[,:.] ))"
    rf"(?P<n>1[4-9]|[2-7]\d) (?:ans?|balais|piges|printemps)\b(?:(?= {_RULES['to_come']})|(?! {_RULES['not_of']}))"
)
_WHO = alternation(
    [
        *(w for group in load("employment")["occupations"] for w in group["words"]),
        *load("people")["relatives"],
    ]
)
_OF_AGE = re.compile(
    rf"\b(?:{_WHO}|{_RULES['person']})s? (?:de|a) (?P<n>1[4-9]|[2-7]\d) (?:ans?|balais|piges)\b"
)
"""« cadre de 48 ans au Havre »: a person of that age, whatever follows."""
_NOT_AGE = re.compile(rf"\b{_RULES['not_age']}(?: (?:deja|environ|presque|bientot|mes|ses))* $")
_TO_COME = re.compile(rf" {_RULES['to_come']}\b")
_BORN = re.compile(
    r"\bnee? (?:le (?:\d+ \w+ |\d{1,2}[/.-]\d{1,2}[/.-])|en )(?P<year>19[5-9]\d|200\d|201[0-2])\b"
)


def find(context: Context) -> Iterator[Fact]:
    """`age`, in years."""
    for match in chain(_OF_AGE.finditer(context.plain), _AGE.finditer(context.plain)):
        frame = context.frame(match)
        if _NOT_AGE.search(context.plain[: match.start("n")]) or frame.unreal or frame.denied:
            continue
        if frame.subject != "other" and context.concerned(frame.subject):
            not_yet = bool(_TO_COME.match(context.plain, match.end()))
            yield context.fact("age", int(match["n"]) - not_yet, match.start(), match.end())
            return
    born = _BORN.search(context.plain)
    if born and context.concerned(context.frame(born).subject):
        years = context.today.year - int(born["year"])
        yield context.fact("age", years, *born.span(), deduced=True, approximate=True)
