"""All the facts of a message: every topic reads it, then one value is kept per fact."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.language.facts import (
    age,
    answers,
    cause,
    company,
    contract,
    disability,
    employment,
    health,
    leave,
    people,
    place,
    timeline,
    unfitness,
)  # fmt: skip
from bot.language.facts.context import Context
from bot.language.facts.durations import Duration
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules
from bot.language.facts.reading import read

_TOPICS = (employment, cause, unfitness, disability, contract, company, age, health, timeline, place)
_UNFIT_RANK = {"declared": 2, "feared": 1, "none": 0}
_LONGEST = 6000
"""Characters read of one message: enough for a long story, and the time stays bounded."""
_ASKS_A_NUMBER = ("leave_days", "leave_start", "return_date", "unfit_date", "age", "company_size")
"""Questions that a time alone answers by itself."""
_RULES = rules("correction")
_CORRECTION = re.compile(rf"\b{_RULES['correcting']}\b")
_ANOTHER_TIME = re.compile(rf"\b{_RULES['another_time']}\b")


def _best(facts: list[Fact]) -> Fact:
    """Of several values of one fact: what is said rather than supposed, then the last said."""
    if facts[0].name == "unfit":
        return max(facts, key=lambda f: (_UNFIT_RANK[str(f.value)], f.start))
    return max(facts, key=lambda f: (not f.deduced, f.start, f.end))


def _kept(facts: Iterable[Fact]) -> dict[str, Fact]:
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    return {name: _best(values) for name, values in by_name.items()}


_SHOWS_HEALTH = (
    ("on_leave", True), ("unfit", "declared"), ("unfit", "feared"), ("boeth", "yes"), ("boeth", "pending"),
    ("disability_pension", True), ("therapeutic_part_time", True), ("repeated_leaves", True),
    ("cause", "work_accident"), ("cause", "occupational_disease"),
)  # fmt: skip
"""Facts that show a health problem, without saying it."""


def _one_leave(kept: dict[str, Fact], asked: str | None) -> None:
    """A leave that is over has no duration; a duration said means a leave."""
    again, said = kept.get("repeated_leaves"), kept.get("leave_days")
    if again and again.value is True and said and again.start <= said.start and said.end <= again.end:
        # « toujours absente un jour ou deux »: each leave, not the one of today.
        kept.pop("leave_days")
        kept.pop("leave_start", None)
    leave, days, start = kept.get("on_leave"), kept.get("leave_days"), kept.get("leave_start")
    if start and days and start.start != days.start:
        # Two times of the leave: the later words win, with the days that go with them.
        kept.pop("leave_start" if days.start > start.start else "leave_days")
    time = days or start
    if leave and leave.value is False:
        kept.pop("leave_days", None)
        kept.pop("leave_start", None)
    elif leave is None and time and asked not in ("leave_days", "leave_start"):
        kept["on_leave"] = replace(time, name="on_leave", value=True, approximate=False)


def _health(kept: dict[str, Fact], asked: str | None) -> None:
    """`health_problem` from the facts that show one; « non je suis en arrêt » does not deny it."""
    health, leave = kept.get("health_problem"), kept.get("on_leave")
    if asked == "health_problem" and health and health.value is False and leave and leave.value is True:
        del kept["health_problem"]
        health = None
    if health or asked in ("leave_days", "leave_start"):
        return
    for name, value in _SHOWS_HEALTH:
        shown = kept.get(name)
        if shown and shown.value == value and asked != name:
            kept["health_problem"] = replace(
                shown, name="health_problem", value=True, deduced=True, approximate=False
            )
            return


def _consistent(kept: dict[str, Fact], asked: str | None) -> dict[str, Fact]:
    """Facts that follow from one another, without those that contradict what is said more surely."""
    _one_leave(kept, asked)
    _health(kept, asked)
    if "unfit_date" in kept and ("unfit" not in kept or kept["unfit"].value != "declared"):
        kept.pop("unfit_date")
    return kept


def _correcting(context: Context) -> list[Fact]:
    """« en fait 3 mois »: a time alone that corrects the only duration people are asked for."""
    time = timeline.bare_time(context)
    if context.asked is not None and not isinstance(time, Duration):
        return []  # « non, c'est le premier » answers another question
    if time is None or len(context.plain.split()) > 14 or not _CORRECTION.search(context.plain):
        return []
    rest = (context.plain[: time.start] + context.plain[time.end :]).strip()
    if _ANOTHER_TIME.search(rest):
        return []
    return list(timeline.start_facts(context, time))


def extract(text: str, *, today: date, asked: str | None = None, audience: str | None = None) -> list[Fact]:
    """The facts said in `text`, one value per fact, in the order of their words.

    `today` is the day from which durations count. `asked` is the fact that the last question asked (or
    `consent`, `confirm`, `feedback`), which makes « oui », « 4 mois » or « 52 » readable. `audience` is who
    is known to speak; the message may contradict it. Names and values are those of the contract's Situation.
    Never raises, whatever the text.
    """
    reading = read(text[:_LONGEST])
    if not reading.plain:
        return []
    who = people.understand(reading, audience)
    context = Context(reading, today, asked, who)
    found = list(leave.find(context))
    context = replace(
        context, on_leave=any(f.name == "on_leave" and f.value is True for f in found) or asked == "on_leave"
    )
    for topic in _TOPICS:
        found.extend(topic.find(context))
    if who.said and who.audience:
        found.append(context.fact("audience", who.audience, *who.span, deduced=who.audience == "worker"))
    if asked not in _ASKS_A_NUMBER and not any(f.name not in ("audience", "health_problem") for f in found):
        correction = _correcting(context)
        if correction:
            return correction + [f for f in _kept(found).values() if f.name != "health_problem"]
    kept = _kept(found)
    stated = [fact for fact in kept.values() if not fact.deduced]
    for fact in () if answers.about_another(context, stated) else answers.find(context):
        if (
            fact.name not in kept
            or kept[fact.name].deduced
            or asked in ("leave_days", "return_date", "age", "company_size")
        ):
            kept[fact.name] = fact
    return sorted(_consistent(kept, asked).values(), key=lambda f: (f.start, f.end, f.name))
