"""Titles to the employment obligation (RQTH and others), disability pension, therapeutic part-time."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.frame import Frame
from bot.language.facts.lexicon import rules

_RULES = rules("disability")

_TITLE = _RULES["title"]
_RECOGNISED = _RULES["recognised"]
_OTHER_TITLE = _RULES["other_title"]
_BOETH = re.compile(
    rf"\b(?P<title>{_TITLE})\b|\b(?P<recognised>{_RECOGNISED})\b|\b(?P<other>{_OTHER_TITLE})\b"
    rf"|\b(?P<mdph>(?:dossier|demande|formulaire)(?: \w+)?? (?:a la |de |de la "
    rf"|aupres de la )?(?:mdph|rqth|reconnaissance)|mdph)\b"
)
_PENDING = re.compile(rf"\b{_RULES['pending']}\b")
_NOT_STARTED = re.compile(rf"\b{_RULES['not_started']}\b")
_HOLDS = re.compile(rf"\b{_RULES['holds']}\b")
_GRANTED = re.compile(
    r"^ ?(?:: ?)?(?:(?:vient|viens) de (?:me |nous |lui )?etre |(?:me |lui )?(?:a|est) (?:ete )?)?"
    r"(?:oui|depuis|a \d|arrivee?|obtenue?|accordee?|acceptee?|valable|valide|jusque"
    r"|en cours de validite|en poche|a vie|definitive|permanente|reconnue)"
)
_ACCEPTED = re.compile(r"\b(?:obtenu\w*|accord\w*|accepte\w*)\b")
_JUST_GRANTED = re.compile(r"\b(?:viens?|vient) de (?:obtenir|avoir|recevoir|me voir accorder)\b")
_PENDING_AFTER = re.compile(
    r"^ ?:? ?(?:(?:est|a ete|toujours) ){0,2}(?:demandee|en cours(?! de validite)|en attente"
    r"|deposee?|en instruction|envoyee?|en renouvellement)\b"
)
_REFUSAL = re.compile(r"\b(?:refus|rejet)(?:e|ent|ee|er)? (?:de )?(?:ma |mon |la |le )?$")
_ASKED_TITLE = re.compile(r"\b(?:demande|dossier|reconnaissance|rqth|boeth|handicapee?)\b")
_REFUSED = re.compile(
    r"^ ?(?:: ?)?(?!se )(?:\w+ ){0,2}?(?:non|refusee?|rejetee?|expiree?|perimee?|terminee?|finie)\b"
)
_FILED = re.compile(rf"\b{_RULES['filed']}\b")
_NO_ANSWER = re.compile(rf"\b{_RULES['no_answer']}")
_NOTHING = re.compile(rf"\b{_RULES['nothing']}\b")
_UNKNOWN = re.compile(
    r"\b(?:sais|sait) pas (?:du tout )?si (?:je|il|elle) (?:suis|est|ai"
    r"|a) (?:\w+ ){0,3}?(?:reconnue?|rqth|la rqth|handicape)"
)
_PENSION = re.compile(rf"\b{_RULES['pension']}\b")
_PENSION_HELD = re.compile(rf"\b{_RULES['pension_held']}\b")
_PENSION_OPEN = re.compile(rf"\b{_RULES['pension_open']}\b")
_PART_TIME = re.compile(rf"\b{_RULES['part_time']}\b")
_PARTIAL = re.compile("temps|%")
_PART_TIME_CHOSEN = re.compile(rf"\b{_RULES['part_time_chosen']}\b")
_PART_TIME_NOW = re.compile(rf"\b{_RULES['part_time_now']}\b")
_PART_TIME_WISH = re.compile(rf"\b{_RULES['part_time_wish']}\b")


def _boeth_value(match: "re.Match[str]", frame: Frame) -> str | None:
    before, after = frame.before, frame.after
    if match["mdph"] and _NO_ANSWER.search(before):
        return None
    if frame.denied or _REFUSED.match(after) or _REFUSAL.search(before):
        return "no" if frame.denied or _ASKED_TITLE.search(match.group()) else None
    asked_for = bool(_PENDING.search(f"{before} {match.group()}") or _PENDING_AFTER.match(after))
    if match["other"]:
        held = _HOLDS.search(before) or _GRANTED.match(after) or not (before + after).strip()
        return "pending" if asked_for else "yes" if held else None
    if _GRANTED.match(after) and not match["mdph"]:
        return "yes"
    if _JUST_GRANTED.search(before):
        return "yes"
    if _NOT_STARTED.search(before):
        return None
    if asked_for:
        return "yes" if _ACCEPTED.search(f"{before} {after}") else "pending"
    if match["mdph"]:
        return None
    return "yes" if match["recognised"] or _HOLDS.search(before) or not before.strip() else None


def _boeth(context: Context) -> Iterator[Fact]:
    unknown = _UNKNOWN.search(context.plain)
    if unknown:
        yield context.fact("boeth", "unknown", *unknown.span())
        return
    for match in _BOETH.finditer(context.plain):
        frame = context.frame(match)
        if (
            frame.unreal
            or (frame.past and not re.search(r"\bai ete\b", frame.before))
            or not context.concerned(frame.subject)
        ):
            continue
        value = _boeth_value(match, frame)
        if value == "no" and frame.denied and _FILED.search(context.plain):
            value = "pending"
        if (
            value == "yes"
            and match["title"]
            and not frame.before.strip()
            and not frame.after.strip()
            and len(context.plain) > 6
            and context.asked != "boeth"
            and "," not in context.plain
        ):
            continue
        if value:
            yield context.fact("boeth", value, *match.span())
    for match in _NOTHING.finditer(context.plain):
        if not context.frame(match).unreal:
            yield context.fact("boeth", "pending" if _FILED.search(context.plain) else "no", *match.span())


def _pension_held(frame: Frame, words: str) -> bool:
    """« invalidité » alone may be a topic: it takes a verb, a category or nothing else around."""
    if words == "invalidite":
        return (
            bool(_PENSION_HELD.search(frame.before) or _GRANTED.match(frame.after))
            or not (frame.before + frame.after).strip()
        )
    return bool(_PENSION_HELD.search(f"{frame.before} {words}")) or not frame.before.strip()


def _pension(context: Context) -> Iterator[Fact]:
    for match in _PENSION.finditer(context.plain):
        frame = context.frame(match)
        if frame.unreal or not context.concerned(frame.subject):
            continue
        if frame.denied:
            yield context.fact("disability_pension", False, frame.clause.start, match.end())
        elif re.search(r"\b(?:carte|cmi)(?: mobilite inclusion)?(?: de)? ?$", frame.before):
            continue
        elif _REFUSED.match(frame.after) or _REFUSAL.search(frame.before):
            yield context.fact("disability_pension", False, match.start(), match.end())
        elif (
            not _PENSION_OPEN.search(frame.before + frame.after[:14])
            and not frame.past
            and _pension_held(frame, match.group())
        ):
            yield context.fact("disability_pension", True, *match.span())


def _without_since(frame: Frame) -> str:
    """What comes before, without a present that « depuis » makes of today: « je reprends à mi-temps depuis mars »."""
    return re.sub(r"\breprends?\b", "", frame.before) if frame.after.startswith(" depuis") else frame.before


def _part_time(context: Context) -> Iterator[Fact]:
    chosen = _PART_TIME_CHOSEN.search(context.plain) if _PARTIAL.search(context.plain) else None
    if chosen and context.concerned(context.subject_at(chosen.start())):
        yield context.fact("therapeutic_part_time", False, *chosen.span())
        return
    for match in _PART_TIME.finditer(context.plain):
        frame = context.frame(match)
        if frame.unreal or not context.concerned(frame.subject):
            continue
        if frame.denied and _PART_TIME_WISH.search(frame.before):
            continue
        if frame.denied:
            yield context.fact("therapeutic_part_time", False, frame.clause.start, match.end())
        elif re.match(r" (?:est (?:fini|termine|acheve)|se est|a pris fin)", frame.after) or re.search(
            r"\b(?:fini|termine|etais|apres)\b", frame.before
        ):
            yield context.fact("therapeutic_part_time", False, *match.span())
        elif not _PART_TIME_WISH.search(_without_since(frame)) and (
            _PART_TIME_NOW.search(frame.before)
            or re.search(r"\b(?:medica\w+|sante|medecin)$", match.group())
            or re.match(r" (?:depuis|a \d+|actuellement|en cours|: oui)", frame.after)
            or not frame.before.strip(" en")
        ):
            yield context.fact("therapeutic_part_time", True, *match.span())


def find(context: Context) -> Iterator[Fact]:
    """`boeth`, `disability_pension`, `therapeutic_part_time`."""
    yield from _boeth(context)
    yield from _pension(context)
    yield from _part_time(context)
