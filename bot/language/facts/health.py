"""Whether health is in question at all, and whether the person thinks the same job is possible."""

import re
from collections.abc import Iterator
from itertools import chain

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.frame import Frame
from bot.language.facts.lexicon import alternation, load, rules

_RULES = rules("health")

_WORDS = load("health")
_PROBLEM = re.compile(
    rf"\b(?:(?P<said>{alternation(_WORDS['problem'])}s?)|{alternation(_WORDS['implied'])})\b"
)
_WELL = re.compile(rf"\b(?:{alternation(_WORDS['well'])}|{_RULES['well']})\b")
_NOT_HEALTH = re.compile(rf"\b(?:{alternation(_WORDS['not_health'])}|{_RULES['not_health']})\b")
_SAME_JOB = {
    value: re.compile(rf"\b{alternation(_WORDS['same_job'][value])}\b") for value in ("unsure", "no", "yes")
}
_JOB = _RULES["job"]
_DOUBT = re.compile(rf"\b{_RULES['doubt']}\b")
_CANNOT = re.compile(rf"\b{_RULES['cannot']}\b")
_BODY = re.compile(rf"\b(?:{_RULES['body']}|{_RULES['illness']})\b")
_THEIRS = re.compile(rf"\b{_RULES['theirs']}\b")
_LASTS = re.compile(r"(?:re)?oper|hospitalis|blesse|diagnosti|amput|greffe|victime|accident")
"""« j'ai été opérée »: in the past, and the health problem is there."""
_TO_AVOID = re.compile(rf"\b{_RULES['to_avoid']}\b")
_ANSWERED_NO = re.compile(rf"\b{_RULES['answered_no']}\b")
_CAN = re.compile(rf"\b{_RULES['can']}\b")


def _asked(frame: Frame) -> bool:
    """« je ne sais pas si mon dos tiendra » still says that health is in question."""
    return frame.asked or (frame.supposed and "sais pas si" not in frame.clause.text)


def _same_job(context: Context) -> Iterator[Fact]:
    if "?" in context.plain and (answered := _ANSWERED_NO.search(context.plain)):
        yield context.fact("same_job_possible", "no", *answered.span())
        return
    for value, patterns in (
        ("unsure", (_DOUBT, _SAME_JOB["unsure"])),
        ("no", (_CANNOT, _SAME_JOB["no"])),
        ("yes", (_CAN, _SAME_JOB["yes"])),
    ):
        for pattern in patterns:
            for match in pattern.finditer(context.plain):
                frame = context.frame(match)
                if (
                    frame.asked
                    or (frame.supposed and value != "unsure")
                    or frame.past
                    or not context.concerned(frame.subject)
                ):
                    continue
                if value == "yes" and (
                    frame.denied
                    or re.search(
                        r"\b(?:ne|pas|plus|jamais|sans|si|mais pas)\b", frame.before + " " + match.group()
                    )
                ):
                    continue
                yield context.fact("same_job_possible", value, *match.span())
                return


def find(context: Context) -> Iterator[Fact]:
    """`health_problem` said in words of health, and `same_job_possible`."""
    yield from _same_job(context)
    if " qui " in context.plain and (theirs := _THEIRS.search(context.plain)):
        yield context.fact("health_problem", True, *theirs.span())
        return
    for match in _WELL.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and context.concerned(frame.subject):
            yield context.fact("health_problem", False, *match.span())
            return
    blocked = [m.span() for m in _NOT_HEALTH.finditer(context.plain)]
    for match in chain.from_iterable(pattern.finditer(context.plain) for pattern in (_PROBLEM, _BODY)):
        frame = context.frame(match)
        if (
            any(a <= match.start() < b for a, b in blocked)
            or _asked(frame)
            or not context.concerned(frame.subject)
        ):
            continue
        if frame.denied or _TO_AVOID.search(frame.before):
            continue
        if not frame.past or _LASTS.match(match.group()):
            yield context.fact(
                "health_problem", True, *match.span(), deduced=match.re is _BODY or not match["said"]
            )
            return
