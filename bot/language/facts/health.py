"""Whether health is in question at all, and whether the person thinks the same job is possible."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import alternation, load

_WORDS = load("health")
_PROBLEM = re.compile(rf"\b{alternation(_WORDS['problem'])}\b")
_WELL = re.compile(rf"\b{alternation(_WORDS['well'])}\b")
_NOT_HEALTH = re.compile(rf"\b{alternation(_WORDS['not_health'])}\b")
_SAME_JOB = {
    value: re.compile(rf"\b{alternation(_WORDS['same_job'][value])}\b") for value in ("unsure", "no", "yes")
}
_JOB = (
    r"(?:(?:mon|son|le|ce|au|a mon|a son|le meme|au meme) (?:ancien )?(?:poste|travail|boulot"
    r"|metier|taf|job)|comme avant|reprendre|travailler|porter|y retourner)"
)
_DOUBT = re.compile(
    rf"\b(?:(?:sais|sait) pas (?:du tout |trop |encore )?si (?:je|il|elle"
    rf"|on) (?:\w+ ){{0,3}}?(?:pourr\w+|peu[tx]|vais|va|arriver\w*|serai|sera"
    rf"|tiendr\w+)(?: \w+){{0,4}}? {_JOB}|(?:peur|crain\w+|inquiet\w*|angoiss\w*|doute"
    rf"|pas sure?)(?: \w+){{0,2}}? (?:de (?:ne )?(?:pas|plus|jamais) (?:\w+ )?pouvoir|que (?:je"
    rf"|il|elle) (?:ne )?(?:puisse|peut)|de pouvoir)(?: \w+){{0,3}}? {_JOB}"
    rf"|pas sure?(?: \w+){{0,2}}? (?:pouvoir|reprendre)|(?:peur"
    rf"|crain\w+) (?:\w+ ){{0,3}}?(?:reprise|reprendre|retour|retourner)|(?:sais"
    rf"|sait) pas comment (?:je vais|reprendre|il va|elle va))\b"
)
_CANNOT = re.compile(
    rf"\b(?:(?:ne )?(?:(?:pourr\w+|peu[tx]|pourrai) (?:vraiment |absolument |clairement )?(?:plus"
    rf"|pas|jamais)(?: du tout)?|arrive (?:plus|pas)|suis plus capable de|suis plus en etat de"
    rf"|plus possible de|impossible (?:pour moi )?de|incapable de|(?:suis"
    rf"|est) plus capable de)(?: \w+){{0,5}}? (?:{_JOB}|rester debout|me baisser|tenir (?:debout"
    rf"|le poste)|soulever|monter|conduire|exercer|faire mon|faire son|faire ce)|(?:poste|travail"
    rf"|metier|boulot) (?:\w+ ){{0,2}}?(?:est|ce est|sera) (?:fini|impossible|plus possible"
    rf"|trop dur)|pas (?:a|au) (?:mon|le|meme) (?:meme )?poste)\b"
)
_CAN = re.compile(
    rf"\b(?:(?:pense|espere|compte|crois|devrais|devrait|vais|va|peux|peut|pourrai|pourra"
    rf"|suis capable de|envie de|veux)(?: bien)?(?: \w+){{0,3}}? (?:pouvoir )?(?:reprendre"
    rf"|retourner|revenir)(?: \w+){{0,2}}? (?:a |au |dans )?(?:mon|son|le|meme"
    rf"|ce)(?: meme)? (?:poste|travail|boulot|metier|taf|job|activite)|(?:pense|espere"
    rf"|crois) pouvoir (?:reprendre|retourner|revenir))\b"
)


def _same_job(context: Context) -> Iterator[Fact]:
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
                    or frame.supposed
                    and value != "unsure"
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
    for match in _WELL.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and context.concerned(frame.subject):
            yield context.fact("health_problem", False, *match.span())
            return
    blocked = [m.span() for m in _NOT_HEALTH.finditer(context.plain)]
    for match in _PROBLEM.finditer(context.plain):
        frame = context.frame(match)
        if (
            any(a <= match.start() < b for a, b in blocked)
            or frame.unreal
            or not context.concerned(frame.subject)
        ):
            continue
        if frame.denied:
            if (
                re.search(r"sante|malade|maladie|mal\b", match.group())
                and "plus" not in frame.before.split()[-2:]
            ):
                yield context.fact("health_problem", False, frame.clause.start, match.end())
            continue
        if not frame.past:
            yield context.fact("health_problem", True, *match.span())
            return
