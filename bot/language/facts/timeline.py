"""Facts that durations and dates give: since when the leave, when the return, when unfitness was declared.

Only times of the leave, of the return and of the unfitness become facts; seniority, pain, age and contracts
keep theirs (`cues`). « jusqu'au 30 novembre » gives a return on the next day: a leave runs to its last day
included.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.language.facts import dates
from bot.language.facts.context import Context
from bot.language.facts.cues import Placed, Time, place, times
from bot.language.facts.dates import DateMention
from bot.language.facts.durations import Duration
from bot.language.facts.fact import Fact
from bot.language.facts.frame import frame
from bot.language.facts.leave import NOBODY
from bot.language.facts.lexicon import rules

_RULES = rules("timeline")
_NEGATED = re.compile(
    r"\b(?:(?:pas|non(?: pas)?) (?:avant |depuis |le |de )*|(?:lendemain|veille) (?:de )?)$"
)
_PAST_VISIT = re.compile(
    r"\b(?:a eu lieu|lors de|ai passe|a passe|suite a|ai vu|a vu|etait|visite (?:de reprise "
    r"|medicale )?du) [^.]*$"
)
_FROM = re.compile(r"\ba (?:partir|compter) (?:du|de)(?: le)? ?$")
_TO_BE = re.compile(r"\b(?:va faire|fera) $")
"""« ça va faire un an en février »: the duration is not reached yet."""
_BARE_LEAVE = re.compile(_RULES["bare_leave"])
_PAST_LEAVE = re.compile(rf"\b{_RULES['past_leave']}\b")
_PAST_RETURN = re.compile(rf"\b{_RULES['past_return']}\b")
_HANGING_SINCE = re.compile(rf"\b{_RULES['hanging_since']}")
_INTRODUCTION = re.compile(
    r"(?:\b(?:depuis|ca fait|cela fait|il y a|dans|de ici|jusque|le|la|au|du|fin|plus de) ?)+$"
)
_MORE = re.compile(r" (?:encore|de plus|en plus|supplementaires?)\b")
_LONGEST_LEAVE = 5500
"""Days: fifteen years; longer is not the leave (an accident, a career)."""


def said(context: Context, time: Time) -> bool:
    """False when a time is denied (« pas 4 mois »), asked, supposed or about somebody else."""
    framed = frame(context.reading, time.start, time.end, context)
    if NOBODY.search(re.split(r"[.,]", context.plain[max(0, time.start - 60) : time.start])[-1]):
        return False  # « aucun salarié en arrêt aujourd'hui »
    return not (framed.unreal or _NEGATED.search(framed.before) or not context.concerned(framed.subject))


def begin(context: Context, time: Time) -> int:
    """Where the words that give a time begin: « depuis », « dans », « le » included."""
    match = _INTRODUCTION.search(context.plain[: time.start])
    return match.start() if match else time.start


def _reached_on(context: Context, time: Time) -> date | None:
    """First day of a leave of which « ça fera 6 mois le 1er décembre » is said."""
    if not isinstance(time, Duration) or not _TO_BE.search(context.plain[: time.start]):
        return None
    rest = re.match(r" (?:de arret |que je suis (?:en arret|arretee?) )?(?=le \d)", context.plain[time.end :])
    after = next(iter(dates.mentions(context.plain[time.end :])), None) if rest else None
    found = after.on(context.today, "future") if after and rest and after.start <= rest.end() else None
    return time.before(found[0]) if found and not found[1] else None


def start_facts(context: Context, time: Time) -> Iterator[Fact]:
    """`leave_days`, and `leave_start` when the words give a date."""
    start = begin(context, time)
    if reached := _reached_on(context, time):
        days = (context.today - reached).days
        yield context.fact("leave_days", days, start, time.end)
        return
    if isinstance(time, Duration):
        if _TO_BE.search(context.plain[: time.start]) and re.match(
            r" (?:en|le|debut|fin|au) ", context.plain[time.end :]
        ):
            return
        days = (context.today - time.before(context.today)).days
        if 0 <= days <= _LONGEST_LEAVE:
            yield context.fact("leave_days", days, start, time.end, approximate=time.approximate)
        return
    found = time.on(context.today, "past")
    if found is None or not 0 <= (context.today - found[0]).days <= _LONGEST_LEAVE:
        return
    day, rough = found
    if _FROM.search(context.plain[: time.start]) and (context.today - day).days > 270:
        return  # « à partir du 1er décembre » said in November is to come
    yield context.fact("leave_start", day.isoformat(), start, time.end, approximate=rough)
    yield context.fact("leave_days", (context.today - day).days, start, time.end, approximate=rough)


def return_fact(context: Context, time: Time, *, end_of_leave: bool) -> Iterator[Fact]:
    """`return_date`, when it is to come."""
    if isinstance(time, Duration):
        day, rough = time.after(context.today), time.approximate
    else:
        found = time.on(context.today, "future")
        if found is None:
            return
        day, rough = found
    if end_of_leave:
        day += timedelta(days=1)
    if 0 <= (day - context.today).days <= 1500:
        yield context.fact("return_date", day.isoformat(), begin(context, time), time.end, approximate=rough)


def _tells_the_start(context: Context, placed: Placed) -> bool:
    """Whether a time that goes with a leave tells when that leave began."""
    time, plain = placed.time, context.plain
    if isinstance(time, Duration) and placed.link != "since" and _MORE.match(plain, time.end):
        return False  # « arrêt 1 mois encore » is to come
    clause = context.reading.clause_at(time.start)
    before = plain[clause.start : time.start]
    if placed.link == "since":
        return True
    whole = plain[clause.start : clause.end].strip() == plain[time.start : time.end]
    if whole and isinstance(time, Duration) and not time.span.years and placed.cue_end <= time.start:
        return True  # « CDI, arrêt maladie, 150 jours »
    if placed.link in ("ahead", "until") or _PAST_LEAVE.search(before):
        return False
    if "ete arret" in placed.cue and (isinstance(time, Duration) or not plain.startswith("le ", time.start)):
        return False
    near = placed.cue_end <= time.start and time.start - placed.cue_end <= 14
    if isinstance(time, Duration):
        if _BARE_LEAVE.search(plain[: time.start]) and (
            time.before(context.today) < context.today - timedelta(days=31)
        ):
            return True  # « visite de reprise mardi, arrêt de 4 mois »
        if re.match(r" (?:de |en )?(?:arret|que)", plain[time.end :]):
            return placed.link != "length" or before.endswith(("a ", "au bout de "))
        # « arrêté 15 jours » is what the doctor prescribed; « en arrêt 4 mois » is what has passed.
        return placed.link == "" and near and not re.search(r"\barret(?:e|ee|er|ez|es|ees)\b", placed.cue)
    return placed.cue_end <= time.start and (near or plain.startswith("le ", time.start))


def _over(context: Context, placed: Placed, previous: Placed | None) -> bool:
    """« en arrêt du 3 mars au 10 mai »: a leave of the past."""
    if previous is None or placed.link != "until" or previous.role != "leave":
        return False
    first, last = (
        t.on(context.today, "past") if isinstance(t, DateMention) else None
        for t in (previous.time, placed.time)
    )
    return bool(first and last and first[0] < last[0] < context.today)


def _returns(context: Context, placed: Placed) -> Iterator[Fact]:
    time = placed.time
    clause = context.reading.clause_at(time.start)
    if _PAST_RETURN.search(context.plain[clause.start : time.start]) or placed.link == "since":
        return
    if isinstance(time, Duration) and placed.link != "ahead":
        return
    ends = placed.role == "leave" or bool(re.search(r"\b(?:arret\w*|at|prolong\w+)\b", placed.cue))
    for fact in return_fact(context, time, end_of_leave=ends and isinstance(time, DateMention)):
        yield fact
        if ends:
            yield replace(fact, name="on_leave", value=True, approximate=False)


def _by_default(context: Context, placed: Placed) -> bool:
    """A time without a cue in a message about a leave; or « accident le 3 mars, arrêtée depuis »."""
    if not context.on_leave:
        return False
    if placed.role is None:
        return placed.link == "since"
    if placed.role == "not_working":
        return True
    return placed.role in ("accident", "pain") and bool(_HANGING_SINCE.search(context.plain))


def _of_the_decision(context: Context, placed: Placed) -> bool:
    """Whether a date is that of the unfitness decision, or of the past visit that led to it."""
    if placed.role == "unfit":
        return placed.link != "ahead"
    sentence = context.plain[: placed.time.start]
    return placed.role == "visit" and "inapt" in context.plain and bool(_PAST_VISIT.search(sentence))


def find(context: Context) -> Iterator[Fact]:
    """`leave_days`, `leave_start`, `return_date`, `unfit_date`."""
    previous: Placed | None = None
    over: list[Time] = []
    everything = place(context)
    told = False
    for placed in everything:
        if _over(context, placed, previous) and previous is not None:
            over += [previous.time, placed.time]
        previous = placed
    for placed in everything:
        time = placed.time
        if time in over or not said(context, time):
            continue
        if placed.role == "return" or (placed.role == "leave" and placed.link in ("ahead", "until")):
            yield from _returns(context, placed)
        elif (placed.role == "leave" and _tells_the_start(context, placed)) or _by_default(context, placed):
            facts = list(start_facts(context, time)) if placed.link == "since" or not told else []
            yield from facts
            told = told or bool(facts)
        elif _of_the_decision(context, placed) and (day := _exactly(context, time)):
            yield context.fact("unfit_date", day.isoformat(), begin(context, time), time.end)


def _exactly(context: Context, time: Time) -> date | None:
    """The past day of a date, or of a duration in days or weeks: two short delays run from it."""
    if isinstance(time, Duration):
        return None if time.approximate or time.days_said is None else time.before(context.today)
    found = time.on(context.today, "past")
    return found[0] if found and not found[1] else None


def bare_time(context: Context) -> Time | None:
    """The last time of a message that is not denied: the answer to « depuis quand ? »."""
    found = [time for time in times(context.plain) if said(context, time)]
    # « ça va faire 8 mois le 10 décembre »: the duration, which the date completes.
    reached = (time for time in found if _reached_on(context, time))
    return next(reached, found[-1] if found else None)


def day_of(time: Time, today: date, direction: str) -> date | None:
    """The day a time means, counted from today."""
    if isinstance(time, Duration):
        return time.before(today) if direction == "past" else time.after(today)
    found = time.on(today, direction)
    return found[0] if found else None
