"""What a duration or a date goes with: the leave, the return, the seniority, the pain…

A time belongs to the nearest cue before it in its clause, to the following one when it comes first (« depuis
4 mois je suis arrêté »), to the neighbouring clause when its own has no cue.
"""

import re
from dataclasses import dataclass
from typing import Union

from bot.language.facts import dates, durations
from bot.language.facts.context import Context
from bot.language.facts.leave import LEAVE_CUE
from bot.language.facts.lexicon import rules

Time = Union[durations.Duration, dates.DateMention]  # noqa: UP007 - evaluated at run time by Python 3.10

_RULES = rules("timeline")
_ROLES = (
    "visit", "return", "unfit", "repeated", "not_working", "leave", "title", "invalidity", "part_time",
    "unemployed", "accident", "tenure", "pain",
)  # fmt: skip
"""Kinds of cue; where two overlap, the first of the list wins."""
_CUES = [(role, LEAVE_CUE if role == "leave" else re.compile(rf"\b{_RULES[role]}\b")) for role in _ROLES]
_LINKS = [(name, re.compile(rf"\b{_RULES[name]} $")) for name in ("since", "ahead", "until", "length")]
_INTRODUCES = re.compile(r" (?:que|de|en (?:arret|maladie|at|accident)|je suis)\b")
_BECAUSE = re.compile(r"^ (?:\w+ )?(?:pour|suite|cause|apres|de|du|en raison|par|dans|a mon|au|a|chez)\b")
_NEW_SUBJECT = re.compile(r"\b(?:je|il|elle|on)\b")


@dataclass(frozen=True)
class Placed:
    """A time, the kind of word that introduces it (since, ahead, until, length or nothing) and its cue."""

    time: Time
    link: str
    role: str | None
    cue: str
    """Words of the cue."""
    cue_end: int


def times(plain: str) -> list[Time]:
    """Durations and dates of a plain form, in order; a date wins over a duration that overlaps it."""
    candidates: list[Time] = [*dates.mentions(plain), *durations.durations(plain)]
    candidates.sort(key=lambda time: (time.start, -time.end))
    found: list[Time] = []
    for time in candidates:
        if not found or time.start >= found[-1].end:
            found.append(time)
    return found


def _link(before: str) -> str:
    return next((name for name, pattern in _LINKS if pattern.search(before)), "")


def _found(plain: str) -> list[tuple[int, int, str]]:
    """Cues of a plain form, in order, without overlap."""
    found: list[tuple[int, int, str]] = []
    for role, pattern in _CUES:
        for match in pattern.finditer(plain):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((*match.span(), role))
    return sorted(found)


def _governing(context: Context, time: Time, cues: list[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    """The cue of the same clause that a time goes with."""
    plain, clause = context.plain, context.reading.clause_at(time.start)
    before = [c for c in cues if clause.start <= c[0] and c[1] <= time.start]
    after = [c for c in cues if time.end <= c[0] < clause.end]
    if (
        after
        and _INTRODUCES.match(plain, time.end)
        and not re.search(r" (?:mais|et) ", plain[time.end : after[0][0]])
    ):
        return _the_leave(plain, time, after) or after[0]
    if not before and plain.startswith("il y a ", clause.start) and clause.start:
        # « en arrêt il y a dix jours après une chute »: « il y a » begins no sentence of its own.
        clause = context.reading.clause_at(clause.start - 2)
        before = [c for c in cues if clause.start <= c[0] and c[1] <= time.start]
    if not before:
        return after[0] if after else None
    returns = [c for c in before if c[2] == "return"]
    if (
        returns
        and before[-1][2] in ("part_time", "tenure")
        and not _NEW_SUBJECT.search(plain[returns[-1][1] : time.start])
    ):
        return returns[-1]
    leaves = [c for c in before if c[2] == "leave"]
    if leaves and before[-1][2] in ("pain", "accident", "tenure", "visit"):
        # « en arrêt pour une hernie depuis mars », « en arrêt de mon travail depuis mars »: the leave.
        between = plain[leaves[-1][1] : before[-1][0]]
        if _BECAUSE.search(between) and not _NEW_SUBJECT.search(between):
            return leaves[-1]
    return before[-1]


def _the_leave(plain: str, time: Time, after: list[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    """« 3 semaines que le médecin m'a mis en arrêt »: the leave, not the doctor who comes first."""
    leave = next((cue for cue in after if cue[2] == "leave"), None)
    if leave is None or after[0][2] not in ("pain", "tenure"):
        return None
    return None if re.search(r" (?:mais|et|puis|donc) ", plain[time.end : leave[0]]) else leave


def place(context: Context) -> list[Placed]:
    """Every time of the message with what it goes with."""
    cues = _found(context.plain)
    out: list[Placed] = []
    for time in times(context.plain):
        cue = _governing(context, time, cues)
        if cue is None:
            clause = context.reading.clause_at(time.start)
            earlier = [c for c in cues if c[1] <= clause.start]
            later = [c for c in cues if c[0] >= clause.end]
            cue = earlier[-1] if earlier else (later[0] if later else None)
        link = _link(context.plain[max(0, time.start - 40) : time.start])
        words = context.plain[cue[0] : cue[1]] if cue else ""
        out.append(Placed(time, link, cue[2] if cue else None, words, cue[1] if cue else 0))
    return out
