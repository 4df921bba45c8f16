"""Size of the company, and whether an employer speaks of one person or of prevention in general."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.durations import _TENS, TENS
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules
from bot.language.facts.people import EMPLOYEE

_RULES = rules("company")

_PEOPLE = _RULES["people"]
_ABOUT = (
    r"(?P<about>(?:plus de |moins de |environ |a peu pres |une petite |une bonne |a peine "
    r"|au moins |presque |pres de |pas plus de |maximum |entre )?)"
)
_COUNT = rf"(?P<n>\d+(?! (?:ans|mois|jours|semaines))|(?:une |la )?(?P<tens>{TENS})|une?(?! autre))"
_SIZE = re.compile(
    rf"\b(?:(?P<on>on est|nous sommes|on doit etre|sommes|effectif(?: de| :| est de)?"
    rf"|nombre de salaries ?:?|taille :?) {_ABOUT}{_COUNT}(?! (?:ans|mois|jours|en |a le"
    rf"|sur))(?: (?:de |a )?(?P<unit>{_PEOPLE}))?"
    rf"|{_ABOUT.replace('about', 'about2')}{_COUNT.replace('<n>', '<n2>').replace('<tens>', '<tens2>')} "
    rf"(?:de )?(?P<unit2>{_PEOPLE}|dans la (?:boite|entreprise|societe)|a travailler))\b"
)
_HAVE = re.compile(rf"\b{_RULES['have']}\b[^,.]*$")
_SOME_OF_THEM = re.compile(
    r"^ (?:\w+ ){0,2}?(?:en arret|malades?|absente?s?|inaptes?|arretee?s?|qui (?:est|sont|ont|a"
    r"|se)|concerne|en at|blesse|handicape|sont|ont|est|a)\b"
)
_TINY = re.compile(r"\b(?:tpe|tres petite entreprise|toute petite (?:boite|entreprise|structure))\b")
_ALONE = re.compile(rf"\b{_RULES['alone']}\b")
_POLICY = re.compile(rf"\b{_RULES['policy']}\b")


def _number(match: "re.Match[str]") -> tuple[int, bool]:
    words = match["n"] or match["n2"]
    tens = match["tens"] or match["tens2"]
    about = match["about"] or match["about2"] or ""
    number = _TENS[tens] if tens else 1 if words.startswith("un") else int(words)
    if about.startswith("plus"):
        return number + 1, True
    if about.startswith("moins"):
        return number - 1, True
    return number, bool(tens or about)


def _size(context: Context) -> Iterator[Fact]:
    for match in _SIZE.finditer(context.plain):
        frame = context.frame(match)
        unit = match["unit"] or match["unit2"]
        if (
            frame.unreal
            or frame.denied
            or _SOME_OF_THEM.search(frame.after)
            or re.search(r"\b(?:un|une|chaque|des) $", frame.before)
        ):
            continue
        if match["unit2"] and (
            not _HAVE.search(frame.before) or ((match["n2"] or "").startswith("un") and not match["tens2"])
        ):
            continue
        if (
            match["on"] in ("sommes", "on est", "nous sommes")
            and not unit
            and re.match(r" (?:h|heures|\d|/|a \d)", frame.after)
        ):
            continue
        number, rough = _number(match)
        if 0 <= number <= 400000:
            yield context.fact("company_size", number, *match.span(), approximate=rough)
            return
    for match in _ALONE.finditer(context.plain):
        yield context.fact("company_size", 1, *match.span())
        return
    for match in _TINY.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and not frame.denied:
            # A TPE has fewer than ten employees (loi LME 2008-776, décret 2008-1354): the class is what matters.
            yield context.fact("company_size", 9, *match.span(), deduced=True, approximate=True)
            return


def find(context: Context) -> Iterator[Fact]:
    """`company_size`, and `concern` in an employer's message."""
    yield from _size(context)
    if context.people.audience != "employer":
        return
    for match in _POLICY.finditer(context.plain):
        if not context.frame(match).denied:
            yield context.fact("concern", "prevention_policy", *match.span())
            return
    one = EMPLOYEE.search(context.plain)
    if one and not re.search(r"\b(?:mes|nos) ", one.group().split(" ")[0] + " "):
        yield context.fact("concern", "one_person", *one.span(), deduced=True)
