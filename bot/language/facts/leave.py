"""On leave or not, and leaves that come again and again."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules

_RULES = rules("leave")

_KIND = _RULES["kind"]
ARRETE = _RULES["arrete"]
ON_LEAVE = _RULES["on_leave"]
"""Words for being on leave: general scheme, public service (CLM, CLD, CMO, CITIS), « en AT »."""
STOPPED = _RULES["stopped"]
_OUR_LEAVE = _RULES["our_leave"]

LEAVE_CUE = re.compile(rf"\b{_RULES['leave_cue']}\b")
"""Any mention of a leave that a duration or a date may go with."""
_NOT_LEAVE = re.compile(rf"\b{_RULES['not_leave']}")
_PRESENT = re.compile(rf"\b{_RULES['present']}\b")
_FRAGMENT = re.compile(
    rf"(?:^|[.,] |^\W*(?:moi|bonjour|bonsoir|salut|oui|non|et|toujours|actuellement|encore"
    rf"|moi meme|donc) ,? ?)(?P<cue>(?:actuellement |toujours |encore )?(?:{ARRETE}(?= (?:depuis"
    rf"|le \d|a la|\d|suite|pour|en|a cause)|$)|arrets?{_KIND}(?= (?:depuis|de \d|\d|suite|pour)"
    rf"| [.,]|$)))"
)
_WORKED = re.compile(rf"\b{_RULES['worked']}\b")
_NEVER = re.compile(rf"\b{_RULES['never']}\b")
_REPEATED = re.compile(rf"\b{_RULES['repeated']}\b")
_THIS_ONE = re.compile(rf"\b{_RULES['this_one']}\b")
NOBODY = re.compile(rf"\b{_RULES['nobody']}\b")
"""« aucun salarié en arrêt »: of nobody in particular."""
_SINGLE = re.compile(rf"\b{_RULES['single']}\b")
_EPISODE = re.compile(
    r" (?:pendant |durant )?(?:\d+|une?) |(?: pendant| durant)\b| en (?!mai?rs|accident)\w+"
)
"""« j'ai été arrêtée dix jours en mai »: a leave of the past."""
_OF_THE_PAST = re.compile(r" de \d+ \w+ (?:et demie? )?(?:en |le an dernier|il y a|fin |debut )")
_TO_COME = re.compile(rf"\b{_RULES['to_come']}\b(?! que)")


def _is_leave(context: Context, start: int) -> bool:
    """False for the look-alikes: « j'ai arrêté de fumer », « sans arrêt », « arrêt de bus »."""
    window = context.plain[max(0, start - 14) : start + 24]
    return not any(m.start() <= start - max(0, start - 14) <= m.end() for m in _NOT_LEAVE.finditer(window))


def _to_come(before: str, words: str) -> bool:
    """« mon médecin veut m'arrêter »; what precedes « que » belongs to another verb."""
    return bool(_TO_COME.search(re.split(r"\b(?:que|qui)\b", before)[-1].rstrip() + " " + words.split()[0]))


def _positive(context: Context) -> Iterator[Fact]:
    for pattern, group in ((_PRESENT, 0), (_FRAGMENT, "cue")):
        for match in pattern.finditer(context.plain):
            start, end = match.span(group)
            if not _is_leave(context, start):
                continue
            frame = context.frame(match, group)
            if frame.unreal or not context.concerned(frame.subject):
                continue
            if re.search(
                r"\b(?:souvent|regulierement|parfois|frequemment|tout le temps)(?: \w+)? ?$", frame.before
            ):
                continue
            if "ete arret" in match.group(group) and _EPISODE.match(frame.after):
                continue
            if "eu un arret" in match.group(group) and _OF_THE_PAST.match(frame.after):
                continue
            if frame.denied and (NOBODY.search(frame.before) or _THIS_ONE.search(context.plain)):
                continue
            if frame.denied:
                yield context.fact("on_leave", False, frame.clause.start, end)
            elif not frame.past and not _to_come(frame.before, match.group(group)):
                yield context.fact("on_leave", True, start, end)


def _negative(context: Context) -> Iterator[Fact]:
    for match in _WORKED.finditer(context.plain):
        frame = context.frame(match)
        stopped_again = re.search(
            r"\b(?:rechute|re ?arrete|de nouveau|a nouveau)\b", context.plain[match.end() :]
        )
        if not frame.unreal and not frame.denied and context.concerned(frame.subject) and not stopped_again:
            yield context.fact("on_leave", False, *match.span())
    for match in _NEVER.finditer(context.plain):
        frame = context.frame(match)
        later = context.plain[match.end() : match.end() + 2]
        of_a_thing = frame.before.endswith("se est ")
        if not (frame.unreal or of_a_thing) and context.concerned(frame.subject) and later != " ?":
            yield context.fact("on_leave", False, *match.span())


def find(context: Context) -> Iterator[Fact]:
    """`on_leave` and `repeated_leaves`."""
    negative = list(_negative(context))
    yield from negative
    yield from (
        f
        for f in _positive(context)
        if not any(n.start <= f.start and f.end <= n.end for n in negative if n.value is False)
    )
    if this_one := _THIS_ONE.search(context.plain):
        yield context.fact("on_leave", True, *this_one.span())
    for match in _SINGLE.finditer(context.plain):
        if context.frame(match).unreal:
            continue
        yield context.fact("repeated_leaves", False, *match.span())
        return
    for match in _REPEATED.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and not frame.denied and context.concerned(frame.subject):
            yield context.fact("repeated_leaves", True, *match.span())
