"""Age of the person, said in years or by the year of birth."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules

_RULES = rules("age")

_AGE = re.compile(
    r"\b(?:(?P<cue>je ai(?: deja| bientot| presque| maintenant| eu| juste)?|il a|elle a|agee? de"
    r"|age ?:?|moi|a|de|ayant|ans ?:|du haut de mes|a mes|mes|qui a)(?: environ"
    r"| bientot)? )?(?P<n>1[4-9]|[2-7]\d) (?:ans?|balais|piges|printemps)\b(?! (?:de "
    r"|d )?(?:anciennete|metier|boite|maison|experience|carriere|service|travail|boulot"
    r"|cotisation|mariage|cdi|chantier|bons et loyaux|dans|chez|que|a le|au|en|pour))"
)
_NOT_AGE = re.compile(rf"\b{_RULES['not_age']}(?: (?:deja|environ|presque|bientot|mes|ses))* $")
_SINCE_AGE = re.compile(r"\b(?:depuis|des|a partir de)(?: le)? age de $")
_BORN = re.compile(r"\bnee? (?:le \S+ |en |le \d+ \w+ )(?P<year>19[5-9]\d|200\d|201[0-2])\b")
_BORN_DATE = re.compile(r"\bnee? le \d{1,2}[/.-]\d{1,2}[/.-](?P<year>19[5-9]\d|200\d|201[0-2])\b")


def find(context: Context) -> Iterator[Fact]:
    """`age`, in years."""
    for match in _AGE.finditer(context.plain):
        before = context.plain[max(0, match.start("n") - 22) : match.start("n")]
        frame = context.frame(match)
        if (
            _NOT_AGE.search(before)
            or _SINCE_AGE.search(context.plain[: match.start("n")])
            or frame.unreal
            or frame.denied
            or not context.concerned(frame.subject)
        ):
            continue
        if re.search(
            r"\b(?:fils|fille|enfants?|bebe|salaries|collegues)\b(?: \w+){0,2}? ?$",
            context.plain[max(0, match.start() - 20) : match.start()],
        ):
            continue
        yield context.fact("age", int(match["n"]), *match.span())
        return
    for match in (_BORN_DATE.search(context.plain), _BORN.search(context.plain)):
        if match and context.concerned(context.frame(match).subject):
            yield context.fact(
                "age", context.today.year - int(match["year"]), *match.span(), deduced=True, approximate=True
            )
            return
