"""What each duration and date of a message is about: the leave, the return, the unfitness, or nothing of ours.

A time belongs to the nearest cue before it in its clause, to the following one when it comes first (« depuis
4 mois je suis arrêté »), to the neighbouring clause when its own has no cue. Only times of the leave, of the
return and of the unfitness decision become facts; seniority, pain, age and contracts keep theirs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Union

from bot.language.facts import dates, durations
from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.leave import LEAVE_CUE

Time = Union[durations.Duration, dates.DateMention]  # noqa: UP007

_CUES: list[tuple[str, re.Pattern[str]]] = [
    ("none", re.compile(r"\b(?:visite (?:de |medicale )?(?:pre ?)?reprise|pre ?reprise|(?:rendez vous|convocation"
r"|entretien|visite|consultation)\b(?: \w+){0,4}?)\b")),
    ("return", re.compile(
        r"\b(?:repren\w*|reprise|retour|retourn\w+|revien\w*|revenir|recommenc\w*|"
        r"(?:fin|terme|bout) (?:de |du )?(?:mon |son |le |cet )?(?:arret|at)\b(?: maladie"
r"| de travail)?|(?:arret|at)\b(?: de travail| maladie)? (?:va |est |court |dure "
r"|prolonge )?(?:jusque?(?: au| a le| a)?|se termine|finit|prend fin|se finit|se arrete"
r"|se acheve|expire)|"
        r"prolong\w+ (?:mon arret )?jusque?(?: au| a)?|(?:en arret|arretee?)(?: maladie"
r"| de travail)? jusque?(?: au| a le| a)?)(?! \w* ?therapeutique)\b")),
    ("unfit", re.compile(r"\b(?:inaptes?|inaptitude|avis du medecin du travail)\b")),
    ("leave", LEAVE_CUE),
    ("boeth", re.compile(r"\b(?:rqth|mdph|handicape?e?s?|aah|renouvel\w+)\b")),
    ("invalidity", re.compile(r"\b(?:invalidite|invalide)\b")),
    ("part_time", re.compile(r"\b(?:mi temps|temps partiel|tpt)\b")),
    ("unemployed", re.compile(r"\b(?:chomage|chomeu\w+|sans emploi|demandeu\w+ de emploi|france travail|pole emploi)\b")),
    ("accident", re.compile(r"\b(?:accident\w*|at|tombee?|chute|blesse\w*|operee?|operation|fracture|agression)\b")),
    ("tenure", re.compile(
        r"\b(?:travaill\w*|bosse\w*|taffe\w*|anciennete|carriere|metier|embauche\w*|engagee?|boite"
r"|entreprise|poste|cdi|cdd|interim\w*|contrat|salariee?s?|employee?|service|"
        r"maison|experience|fonctionnaire|titulaire|apprenti\w*|mariee?s?|pacsee?|conduis|permis"
r"|patron|chantiers?|retraite|installee?|gerante?|exploitant|exerce)\b")),
    ("pain", re.compile(
        r"\b(?:mal|douleurs?|souffr\w*|malade|hernie|lombalgie|sciatique|cancer|depress\w*|burn"
r"|fatigue\w*|dos|problemes?|symptomes?|soigne\w*|traitement|suivie?|dors|dormi\w*"
r"|insomnie\w*|"
        r"galere\w*|harcel\w*|attends?|essaye?|demande\w*|appelle|depot|depose\w*|paye\w*|indemnites"
r"|salaire|toucher?|recu|rien)\b")),
]  # fmt: skip
_SINCE = re.compile(
    r"\b(?:depuis(?: (?:le|la|maintenant|deja|environ|a peu pres|au moins|bientot|presque|debut"
    r"|quasi|pres de|plus de|bien))*|(?:ca|cela|ce|sa) (?:va )?(?:fait|faire|fera)(?: deja"
    r"| bientot| maintenant| environ| presque| plus de)*|fait|voila|voici|il y a(?: eu)?(?: deja"
    r"| environ| bientot)*|a (?:compter|partir|dater) (?:de|du)|des) $"
)
_AHEAD = re.compile(
    r"\b(?:dans(?: environ| a peu pres)?|de ici(?: a)?|sous|encore|encore pour|reste(?: encore)?"
    r"|pour encore|avant) $"
)
_LENGTH = re.compile(
    r"\b(?:pour(?: une duree de)?|pendant|durant|duree|de|encore|tous les|toutes les|chaque|par"
    r"|a|me a (?:fait|donne|mis|prescrit)) $"
)
_UNTIL = re.compile(r"\b(?:jusque(?: au| a| a le| en| le)?|au|a le|jusque fin) $")
_NEGATED = re.compile(r"\b(?:pas|non(?: pas)?) (?:depuis |le |de )?$")


@dataclass(frozen=True)
class _Placed:
    """A time with the words that introduce it and the cue it goes with."""

    time: Time
    link: str
    role: str | None
    cue_end: int
    cue_start: int


def times(plain: str) -> list[Time]:
    """Durations and dates of a plain form, in order, without overlap (a date wins over a duration inside it)."""
    found: list[Time] = []
    for time in sorted(
        [*dates.mentions(plain), *durations.durations(plain)], key=lambda t: (t.start, -t.end)
    ):
        if not found or time.start >= found[-1].end:
            found.append(time)
    return found


def _link(before: str) -> str:
    for name, pattern in (("since", _SINCE), ("ahead", _AHEAD), ("until", _UNTIL), ("length", _LENGTH)):
        if pattern.search(before):
            return name
    return ""


def _cues(plain: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for role, pattern in _CUES:
        for match in pattern.finditer(plain):
            if not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), role))
    return sorted(found)


def _governing(
    context: Context, time: Time, cues: list[tuple[int, int, str]], link: str
) -> tuple[int, int, str] | None:
    clause = context.reading.clause_at(time.start)
    own = [c for c in cues if clause.start <= c[0] < clause.end]
    before = [c for c in own if c[1] <= time.start]
    after = [c for c in own if c[0] >= time.end]
    text_between = context.plain[time.end : after[0][0]] if after else ""
    if (
        after
        and re.match(r" (?:que|de|en|je suis|de arret)\b", context.plain[time.end :])
        and not re.search(r" (?:mais|et) ", text_between)
    ):
        return after[0]
    if before:
        nearest = before[-1]
        leaves = [c for c in before if c[2] == "leave"]
        if nearest[2] in ("pain", "accident", "tenure", "none") and leaves:
            between = context.plain[leaves[-1][1] : nearest[0]]
            if re.search(
                r"^ (?:\w+ )?(?:pour|suite|a cause|cause|apres|de|du|en raison|par|dans|a mon|au|chez|et)\b",
                between,
            ) and not re.search(r"\b(?:je|il|elle|on)\b", between):
                return leaves[-1]
        return nearest
    if after:
        return after[0]
    return None


def _placed(context: Context) -> list[_Placed]:
    cues = _cues(context.plain)
    out: list[_Placed] = []
    for time in times(context.plain):
        link = _link(context.plain[max(0, time.start - 40) : time.start])
        cue = _governing(context, time, cues, link)
        if cue is None:
            clause = context.reading.clause_at(time.start)
            earlier = [c for c in cues if c[1] <= clause.start]
            later = [c for c in cues if c[0] >= clause.end]
            cue = earlier[-1] if earlier else (later[0] if later else None)
        role = cue[2] if cue else None
        out.append(_Placed(time, link, role, cue[1] if cue else 0, cue[0] if cue else 0))
    return out


def _said(context: Context, start: int, end: int) -> bool:
    """False when the time is denied (« pas 4 mois »), asked, supposed or about somebody else."""
    from bot.language.facts.frame import frame

    framed = frame(context.reading, start, end, context)
    return not (framed.unreal or _NEGATED.search(framed.before) or not context.concerned(framed.subject))


def start_facts(context: Context, time: Time, begin: int) -> Iterator[Fact]:
    """`leave_days`, and `leave_start` when the words give a date."""
    if isinstance(time, durations.Duration):
        days = (context.today - time.before(context.today)).days
        if 0 <= days <= 5500:
            yield context.fact("leave_days", days, begin, time.end, approximate=time.approximate)
        return
    found = time.on(context.today, "past")
    if found is None or not 0 <= (context.today - found[0]).days <= 5500:
        return
    day, rough = found
    yield context.fact("leave_start", day.isoformat(), begin, time.end, approximate=rough)
    yield context.fact("leave_days", (context.today - day).days, begin, time.end, approximate=rough)


def return_fact(context: Context, time: Time, begin: int, *, end_of_leave: bool) -> Iterator[Fact]:
    """`return_date`; the end of a leave (« jusqu'au 30 ») means work again on the next day."""
    if isinstance(time, durations.Duration):
        day, rough = time.after(context.today), time.approximate
    else:
        found = time.on(context.today, "future")
        if found is None:
            return
        day, rough = found
    if end_of_leave:
        day += timedelta(days=1)
    if timedelta(0) <= day - context.today <= timedelta(days=1500):
        yield context.fact("return_date", day.isoformat(), begin, time.end, approximate=rough)


def _begin(context: Context, time: Time) -> int:
    """Where the words that give the time begin: « depuis », « dans », « le » included."""
    match = re.search(
        r"(?:\b(?:depuis|ca fait|cela fait|il y a|dans|de ici|jusque au|jusque|le|la|au) ?)+$",
        context.plain[: time.start].rstrip() + " ",
    )
    return match.start() if match and match.end() >= time.start - 1 else time.start


def _leave_time(context: Context, placed: _Placed, clause_text: str) -> bool:
    """Whether a time that goes with a leave tells when that leave began."""
    time, plain = placed.time, context.plain
    if (
        re.search(
            r"\b(?:etais|avais|etait|avait|ai ete (?!arret)|ai eu|avant|apres (?:un|mon|\d)|precedent"
            r"|ancien|deja ete)\b",
            plain[context.reading.clause_at(time.start).start : time.start],
        )
        and not placed.link == "since"
    ):
        return False
    if placed.link == "since":
        return True
    if placed.link in ("ahead", "until"):
        return False
    following = plain[time.end : time.end + 30]
    if isinstance(time, durations.Duration):
        if re.match(r" (?:de |en )?(?:arret|que)", following):
            return not re.search(r"\b(?:pour|encore|me (?:a|met|donne)) $", plain[: time.start])
        return placed.link == "" and placed.cue_end <= time.start and time.start - placed.cue_end <= 14
    return (
        placed.cue_end <= time.start
        and placed.link in ("", "length")
        and bool(
            re.search(
                r"(?:le|la|du|de|en|a le|au|:|,|arret\w*|maladie|travail) ?$", plain[: time.start].rstrip()
            )
            or time.start - placed.cue_end <= 3
            or plain[time.start :].startswith("le ")
        )
    )


def find(context: Context) -> Iterator[Fact]:
    """`leave_days`, `leave_start`, `return_date`, `unfit_date`."""
    all_placed = _placed(context)
    plain = context.plain
    for index, placed in enumerate(all_placed):
        time = placed.time
        if not _said(context, time.start, time.end):
            continue
        begin = _begin(context, time)
        clause = context.reading.clause_at(time.start)
        if placed.role == "return" or (placed.role == "leave" and placed.link in ("ahead", "until")):
            cue = plain[placed.cue_start : placed.cue_end]
            past = re.search(
                r"\b(?:repris|reprise(?! (?:\w+ ){0,2}(?:le|prevue|dans|en|au|a))|etais|devais|avais"
                r"|retourne depuis|recommence depuis)\b",
                plain[clause.start : time.start],
            )
            if past or placed.link == "since" and not isinstance(time, dates.DateMention):
                continue
            if isinstance(time, durations.Duration) and placed.link not in ("ahead",):
                continue
            end_of_leave = placed.role == "leave" or bool(re.search(r"arret|\bat\b", cue))
            if (
                placed.role == "leave"
                and placed.link == "until"
                and index
                and all_placed[index - 1].role == "leave"
            ):
                previous = all_placed[index - 1].time
                end = time.on(context.today, "past") if isinstance(time, dates.DateMention) else None
                start = (
                    previous.on(context.today, "past") if isinstance(previous, dates.DateMention) else None
                )
                if end and start and start[0] < end[0] < context.today:
                    continue
            yield from return_fact(context, time, begin, end_of_leave=end_of_leave)
        elif placed.role == "leave" and _leave_time(context, placed, clause.text):
            yield from start_facts(context, time, begin)
        elif (
            placed.role in (None, "accident", "pain")
            and context.on_leave
            and _leave_by_default(context, placed)
        ):
            yield from start_facts(context, time, begin)
        elif placed.role == "unfit" and isinstance(time, dates.DateMention) and placed.link != "ahead":
            found = time.on(context.today, "past")
            if found and not found[1]:
                yield context.fact("unfit_date", found[0].isoformat(), begin, time.end)


def _leave_by_default(context: Context, placed: _Placed) -> bool:
    """A time without a cue of its own in a message about a leave; or « accident le 3 mars, arrêtée depuis »."""
    if placed.role is None:
        return placed.link == "since"
    hanging = re.search(
        r"\b(?:arret\w*|maladie|travail|at) (?:\w+ )?depuis(?: ce jour| lors)?(?= [.,?]| (?:mais|et"
        r"|je|donc)\b|$)",
        context.plain,
    )
    return (
        placed.role == "accident"
        and bool(hanging)
        and isinstance(placed.time, (dates.DateMention, durations.Duration))
    )


def bare_time(context: Context) -> Time | None:
    """The last time of a message that is not denied: the answer to « depuis quand ? »."""
    said = [t for t in times(context.plain) if _said(context, t.start, t.end)]
    return said[-1] if said else None


def day_of(time: Time, today: date, direction: str) -> date | None:
    """The day a time means, counted from today."""
    if isinstance(time, durations.Duration):
        return time.before(today) if direction == "past" else time.after(today)
    found = time.on(today, direction)
    return found[0] if found else None
