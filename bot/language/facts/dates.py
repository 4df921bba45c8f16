"""Dates in any form: « le 3 mars », « 12/06 », « début juillet », « lundi », « l'été dernier ».

Days are parsed by dateparser from a span found here; what it does not read (« début juillet », « depuis
janvier », seasons, feasts) is added. A period gives its first day; « mi » the 15th, « fin » the last day: the
later the start of a leave, the less it opens too early.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import dateparser
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

_MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "octobre": 10, "oct": 10,
    "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_FRENCH = [
    "",
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_WEEKDAYS = {"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6}
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + ")"
_SEASONS = {"printemps": 4, "ete": 7, "automne": 10, "hiver": 1}
_FEASTS = {
    "noel": (12, 25), "toussaint": (11, 1), "rentree": (9, 1), "jour de le an": (1, 1), "nouvel an": (1, 1),
}  # fmt: skip
_PART = r"(?:(?:tout )?debut|mi|milieu|courant|fin|la fin|le debut|le milieu|la mi|tout debut)"
_WHICH = (
    r"(?:dernier|derniere|passe|passee|prochain|prochaine|qui vient|de cette annee"
    r"|de le an dernier|de le annee derniere|suivant|suivante)"
)
_YEAR = r"(?:20[0-4]\d|19[5-9]\d)"
DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})"
    rf"|(?:le )?(?P<numeric>\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}})"
    rf"|(?P<le>le )?(?P<short>\d{{1,2}}/\d{{1,2}})(?! temps)"
    rf"|(?:le )?(?:{_WEEKDAY} )?(?P<day>\d{{1,2}}e?"
    rf"|premier) (?:de )?(?P<month>{_MONTH})\b(?: (?P<year>{_YEAR}))?(?: (?P<which0>{_WHICH}))?"
    rf"|(?P<part>{_PART}) (?:du |de |le )?(?:mois (?:de "
    rf"|d )?)?(?P<pmonth>{_MONTH})\b(?: (?P<pyear>{_YEAR}))?(?: (?P<which1>{_WHICH}))?"
    rf"|(?P<mpart>{_PART}) (?:du |de )?(?:ce )?mois(?: (?P<which2>{_WHICH}))?"
    rf"|(?P<ypart>{_PART}) (?:de )?(?:(?:le )?annee )?(?P<yyear>{_YEAR})"
    rf"|(?P<apart>{_PART}) (?:de )?(?:le |cette )?annee(?: (?P<which3>{_WHICH}))?"
    rf"|(?:le |ce |cet |au |en )?(?P<season>printemps|automne|hiver|(?<=le )ete|(?<=cet )ete|(?<=en )ete)"
    rf"(?: (?P<syear>{_YEAR}))?(?: (?P<which4>{_WHICH}))?"
    rf"|(?:le |la |de )?(?P<feast>noel|toussaint|rentree|jour de le an|nouvel an"
    rf"|paques)\b(?: (?P<fyear>{_YEAR}))?(?: (?P<which5>{_WHICH}))?"
    rf"|(?:le )?(?:mois de )?(?P<only>{_MONTH})\b(?: (?P<oyear>{_YEAR}))?(?: (?P<which6>{_WHICH}))?"
    rf"|(?:la |cette )?(?P<week>semaine (?:derniere|passee|prochaine|qui vient))"
    rf"|(?:le )?(?P<monthrel>mois (?:dernier|passe|prochain|qui vient))"
    rf"|(?:le )?(?P<yearrel>(?:an|annee) (?:dernier|derniere|passee|prochaine?))"
    rf"|(?:le |ce )?(?P<weekday>{_WEEKDAY})(?: (?P<wday>\d{{1,2}}))?(?: (?P<which7>{_WHICH}))?"
    rf"|(?P<near>avant hier|hier|aujourdhui|ce matin|apres demain|demain)"
    rf"|(?:(?<!dans )le|(?<=jusque )au|fin le) (?P<lone>\d{{1,2}}|1e|premier)(?= |$)(?! (?:{_MONTH}\b|%|ans"
    rf"|jours|mois|semaines|h|heures"
    rf"|salaries|janv|fev))(?: (?P<which8>du mois (?:dernier|prochain)))?"
    rf"|(?P<bareyear>{_YEAR}))(?!\w)"
)


_BEFORE_MAY = re.compile(
    r"\b(?:depuis|en|de|mois|le|des|a partir de|jusque|jusque a|fin|debut|mi|avant|apres) $"
)


@dataclass(frozen=True)
class DateMention:
    """A date named at `start:end` of the plain form; its day depends on whether it is past or to come."""

    start: int
    end: int
    match: "re.Match[str]"

    def on(self, today: date, direction: str) -> tuple[date, bool] | None:
        """The day meant and whether it is approximate; None if no such day. `direction`: past or future."""
        try:
            return _day(self.match, today, direction)
        except (ValueError, OverflowError):
            return None


def mentions(plain: str) -> Iterator[DateMention]:
    """Every date of a plain form."""
    for match in DATE.finditer(plain):
        if match["only"] == "mai" and not _BEFORE_MAY.search(plain[: match.start("only")]):
            continue  # « mais » is often written « mai »
        yield DateMention(match.start(), match.end(), match)


@lru_cache(maxsize=4096)
def _parsed(text: str, today: date, direction: str) -> date | None:
    """A day read by dateparser; it prefers the past or the future when the year is not said."""
    settings = {
        "PREFER_DATES_FROM": direction, "DATE_ORDER": "DMY", "STRICT_PARSING": False,
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),  # noqa: DTZ001 - a day, not an instant
        "PARSERS": ["absolute-time", "relative-time"],
    }  # fmt: skip
    found = dateparser.parse(text, languages=["fr"], settings=settings)
    return found.date() if found else None


def _closest(month: int, day: int, today: date, direction: str) -> date:
    """That day of that month, last or next from today. Raises ValueError for a day that does not exist."""
    candidate = date(today.year, month, day)
    if direction == "past" and candidate > today:
        return candidate.replace(year=today.year - 1)
    if direction == "future" and candidate < today:
        return candidate.replace(year=today.year + 1)
    return candidate


def _part_day(part: str | None, year: int, month: int) -> int:
    if part is None or "debut" in part or "courant" in part:
        return 1
    return 15 if "mi" in part else calendar.monthrange(year, month)[1]


def _shifted(found: date, which: str | None, today: date) -> date:
    """« dernier », « prochain » after a month or a season: the last or next one, whatever the direction."""
    if not which:
        return found
    if "annee derniere" in which or "an dernier" in which:
        return found.replace(year=today.year - 1)
    if "cette annee" in which:
        return found.replace(year=today.year)
    if which.startswith(("prochain", "qui", "suivant")):
        return found if found > today else found + relativedelta(years=1)
    return found if found <= today else found - relativedelta(years=1)


def _month(
    part: str | None, month: int, year: str | None, which: str | None, today: date, direction: str
) -> date:
    if year:
        return date(int(year), month, _part_day(part, int(year), month))
    first = date(today.year, month, 1)
    if direction == "past" and first > today:
        first = first.replace(year=today.year - 1)
    elif direction == "future" and (first + relativedelta(months=1)) <= today:
        first = first.replace(year=today.year + 1)
    first = _shifted(first, which, today)
    return first.replace(day=_part_day(part, first.year, month))


def _relative(match: "re.Match[str]", today: date, direction: str) -> tuple[date, bool] | None:
    """Weeks, months, years and days named from today."""
    if text := match["week"]:
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=7 if "prochaine" in text or "vient" in text else -7), True
    if text := match["monthrel"]:
        first = today.replace(day=1)
        return first + relativedelta(months=1 if "prochain" in text or "vient" in text else -1), True
    if text := match["yearrel"]:
        return date(today.year + (1 if "prochain" in text else -1), 1, 1), True
    if match["near"]:
        text = {
            "avant hier": "avant-hier",
            "apres demain": "après-demain",
            "ce matin": "aujourd'hui",
            "aujourdhui": "aujourd'hui",
        }.get(match["near"], match["near"])
        found = _parsed(text, today, direction)
        return (found, False) if found else None
    return None


def _weekday(match: "re.Match[str]", today: date, direction: str) -> date | None:
    if match["wday"]:
        return _lone(match["wday"], None, today, direction)
    which = match["which7"] or ""
    forward = which.startswith(("prochain", "qui")) or (
        direction == "future" and not which.startswith(("dernier", "passe"))
    )
    return _parsed(match["weekday"], today, "future" if forward else "past")


def _lone(day: str, which: str | None, today: date, direction: str) -> date:
    """« le 12 »: the last or the next 12th."""
    number = 1 if day in ("premier", "1e") else int(day)
    step = 1 if direction == "future" else -1
    month = today.replace(day=1)
    if which:
        return (month + relativedelta(months=1 if "prochain" in which else -1)).replace(day=number)
    for _ in range(13):
        if number <= calendar.monthrange(month.year, month.month)[1]:
            found = month.replace(day=number)
            if (found <= today) if direction == "past" else (found >= today):
                return found
        month += relativedelta(months=step)
    raise ValueError(day)


def _year_part(match: "re.Match[str]", today: date) -> tuple[date, bool] | None:
    """« début 2025 », « fin de l'année dernière », a year alone."""
    if match["ypart"] or match["apart"]:
        part = match["ypart"] or match["apart"]
        which = match["which3"] or ""
        year = (
            int(match["yyear"])
            if match["ypart"]
            else today.year + ("dern" in which or "pass" in which) * -1 + ("proch" in which)
        )
        month = 1 if "debut" in part or "courant" in part else 7 if "mi" in part else 12
        return date(year, month, 1), True
    if match["bareyear"] and int(match["bareyear"]) < today.year:
        # Only a past year: the middle of it is wrong by six months at most, and every threshold is passed.
        return date(int(match["bareyear"]), 7, 1), True
    return None


def _feast(match: "re.Match[str]", today: date, direction: str) -> date:
    name, year = match["feast"], match["fyear"]
    if name == "paques":
        found = easter(int(year) if year else today.year)
        if not year and direction == "past" and found > today:
            found = easter(today.year - 1)
        elif not year and direction == "future" and found < today:
            found = easter(today.year + 1)
        return found
    month, day = _FEASTS[name]
    return (
        date(int(year), month, day)
        if year
        else _shifted(_closest(month, day, today, direction), match["which5"], today)
    )


def _day(match: "re.Match[str]", today: date, direction: str) -> tuple[date, bool] | None:
    """The day of a match, and whether it is approximate; ValueError when the calendar has no such day."""
    text = match["iso"] or match["numeric"] or match["short"]
    if text:
        found = (
            date.fromisoformat(text) if match["iso"] and len(text) == 10 else _parsed(text, today, direction)
        )
        return (found, False) if found else None
    if match["month"]:
        day = match["day"].rstrip("e") if match["day"] != "premier" else "1"
        words = f"{day} {_FRENCH[_MONTHS[match['month']]]} {match['year'] or ''}".strip()
        found = _parsed(words, today, direction)
        return (_shifted(found, match["which0"], today), False) if found else None
    if match["pmonth"] or match["only"]:
        month = _MONTHS[match["pmonth"] or match["only"]]
        year, which = match["pyear"] or match["oyear"], match["which1"] or match["which6"]
        return _month(match["part"], month, year, which, today, direction), True
    if match["mpart"]:
        which = match["which2"] or ""
        first = today.replace(day=1) + relativedelta(
            months=("proch" in which or "vient" in which) - ("dern" in which or "pass" in which)
        )
        return first.replace(day=_part_day(match["mpart"], first.year, first.month)), True
    if match["season"]:
        return _month(
            None, _SEASONS[match["season"]], match["syear"], match["which4"], today, direction
        ), True
    if match["feast"]:
        return _feast(match, today, direction), True
    if match["weekday"]:
        found = _weekday(match, today, direction)
        return (found, False) if found else None
    if match["lone"]:
        return _lone(match["lone"], match["which8"], today, direction), False
    return _relative(match, today, direction) or _year_part(match, today)
