"""Size of the company, and whether an employer speaks of one person or of prevention in general."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.durations import TENS, TENS_VALUES
from bot.language.facts.fact import Fact
from bot.language.facts.frame import Frame
from bot.language.facts.lexicon import rules
from bot.language.facts.people import AN_EMPLOYEE, EMPLOYEE

_RULES = rules("company")
_ABOUT = (
    r"(?P<about>(?:plus de |moins de |environ |a peu pres |une bonne |a peine |au moins "
    r"|presque |pres de |maximum )?)"
)
_NUMBER = rf"(?P<n>\d+|(?:une |la )?(?P<tens>{TENS}))"
_NOT_PEOPLE = (
    r"(?! (?:ans|mois|jours|semaines|heures|h|sur \d|a \d|/|en (?:arret|cdd|cdi|interim|maladie)"
    r"|km|%|enfants|freres))"
)
_OF_PEOPLE = rf"(?: (?:de |a )?{_RULES['people']})"
SIZE = [
    # « on est 8 », « effectif : 40 »
    re.compile(rf"\b{_RULES['we_are']} {_ABOUT}{_NUMBER}\b{_NOT_PEOPLE}{_OF_PEOPLE}?"),
    # « une boîte de 40 », « une équipe de quatre personnes »
    re.compile(
        rf"\b{_RULES['company']} (?:\w+ ){{0,2}}?(?:de|a|avec) {_ABOUT}{_NUMBER}\b{_NOT_PEOPLE}{_OF_PEOPLE}?"
    ),
    # « nous ne sommes pas 12 mais 21 »
    re.compile(
        rf"\b(?:sommes|est|compt\w+|emploi\w+|avons|ai) pas \d+(?: {_RULES['people']})?(?: ,)? mais {_ABOUT}{_NUMBER}\b"
        rf"{_NOT_PEOPLE}{_OF_PEOPLE}?"
    ),
    # « j'ai 12 gars », « 250 salariés »
    re.compile(rf"\b{_ABOUT}{_NUMBER}{_OF_PEOPLE}\b"),
]
"""Ways to say how many people work there; the last one needs a word that says whose people they are."""
_WHOSE = len(SIZE) - 1
_HAVE = re.compile(rf"\b{_RULES['have']}\b[^,.]*$")
_SOME_OF_THEM = re.compile(
    r"^ (?:\w+ ){0,2}?(?:en arret|malades?|absente?s?|inaptes?|arretee?s?|qui (?:est|sont|ont|a"
    r"|se)|concerne|en at"
    r"|blesse|handicape|sont|ont|est|a (?:le|la|un|une|des|mal|ete|eu|fait|repris|demande|du|plus|toujours))\b"
)
_AND_OTHERS = re.compile(r"\d \w+ et #|^[^#]*# et \d")
"""« 2 apprentis et 4 compagnons »: no one number is that of the company."""
_ALONE = re.compile(rf"\b{_RULES['alone']}\b")
_TINY = re.compile(rf"\b{_RULES['tiny']}\b")
_POLICY = re.compile(rf"\b{_RULES['policy']}\b")
_ONE = re.compile(rf"\b{_RULES['one_person']}\b")
_LARGEST = 400_000
"""The largest private employers in France have fewer people; beyond is another number."""


def number(match: "re.Match[str]") -> tuple[int, bool]:
    """How many, and whether it is approximate; « plus de 250 » is 251, « moins de 11 » is 10."""
    value = TENS_VALUES[match["tens"]] if match["tens"] else int(match["n"])
    if match["about"].startswith("plus"):
        return value + 1, True
    if match["about"].startswith("moins"):
        return value - 1, True
    return value, bool(match["tens"] or match["about"])


def _counts(index: int, frame: Frame, *, alone: bool) -> bool:
    """Whether a number of people is that of the whole company; `alone`: it is one, or none."""
    if frame.unreal or frame.denied or _SOME_OF_THEM.search(frame.after):
        return False
    if index == _WHOSE and alone and not _HAVE.search(frame.before):
        return False  # « 1 personne »: the one they ask about
    if index == _WHOSE and _AND_OTHERS.search(frame.before + "#" + frame.after):
        return False
    return index < _WHOSE or not frame.before.strip() or bool(_HAVE.search(frame.before))


def _size(context: Context) -> Iterator[Fact]:
    for index, pattern in enumerate(SIZE):
        for match in pattern.finditer(context.plain):
            value, rough = number(match)
            if _counts(index, context.frame(match), alone=value <= 1) and 0 <= value <= _LARGEST:
                yield context.fact("company_size", value, *match.span(), approximate=rough)
                return
    alone = _ALONE.search(context.plain)
    if alone and not _ONE.search(context.plain):
        yield context.fact("company_size", 1, *alone.span())
        return
    for match in _TINY.finditer(context.plain):
        frame = context.frame(match)
        if not (frame.unreal or frame.denied):
            # A TPE has fewer than ten people (décret 2008-1354, art. 3): its class is what matters.
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
    for match in _ONE.finditer(context.plain):
        if not context.frame(match).denied:
            yield context.fact("concern", "one_person", *match.span())
            return
    one = EMPLOYEE.search(context.plain) or AN_EMPLOYEE.search(context.plain)
    if one and not one.group().startswith(("mes ", "nos ")):
        yield context.fact("concern", "one_person", *one.span(), deduced=True)
