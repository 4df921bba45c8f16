"""Durations in any form: « 4 mois », « un an et demi », « 75 j », « une quinzaine », « plus de 30 jours »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

TENS_VALUES = {
    "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
TENS = "(?:" + "|".join(TENS_VALUES) + ")"
_UNITS = {
    "jour": "days", "semaine": "weeks", "mois": "months", "an": "years", "annee": "years",
    "trimestre": "quarters", "semestre": "semesters",
}  # fmt: skip
_UNIT = r"(?:jours?|semaines?|mois|ans?|annees?|trimestres?|semestres?)"
_N = r"(?:\d+(?:\.\d+)?|une?)"
_ABOUT = (
    r"presque|environ|bientot|pres de|quasi|quasiment|quasi|a peu pres|pas loin de|dans les"
    r"|au moins|un bon|une bonne|"
    r"un peu plus (?:de|que)|un peu moins (?:de|que)|(?:a )?peine|deja|plus (?:de|que)"
    r"|moins (?:de|que)|genre|approximativement"
)
DURATION = re.compile(
    rf"\b(?P<about>(?:(?:{_ABOUT}) )*)"
    rf"(?:(?P<n>{_N})(?: (?:a|ou|/|,|(?<=entre \d )et|(?<=entre \d\d )et) (?P<n2>\d+))? (?:bons? "
    rf"|bonnes? |longs? |longues? |gros "
    rf"|petite?s? )?(?P<demi>demi )?(?P<unit>{_UNIT})\b"
    rf"(?P<half> (?:et|est|ai) demie?| 1/2| et 1/2)?"
    rf"(?:(?: et)? (?P<m>{_N}) (?P<unit2>jours?|semaines?|mois)\b(?P<half2> et demie?)?)?"
    rf"|(?P<half_unit>demi annee|6 mois)\b"
    rf"|(?:une |la )?(?P<tens>{TENS})(?: de (?P<tens_unit>{_UNIT}))?\b)"
    rf"(?: environ| a peu pres)?"
)


@dataclass(frozen=True)
class Duration:
    """A duration at `start:end` of the plain form. `shift`: +1 day for « plus de », -1 for « moins de »."""

    start: int
    end: int
    span: relativedelta
    shift: int
    approximate: bool
    days_said: int | None
    """Number of days when the words count in days."""

    def before(self, day: date) -> date:
        """The day this duration before `day`; months and years count by the calendar."""
        return day - self.span - timedelta(days=self.shift)

    def after(self, day: date) -> date:
        """The day this duration after `day`."""
        return day + self.span


def _delta(number: float, unit: str) -> relativedelta:
    singular = unit if unit == "mois" else unit.rstrip("s")
    kind = _UNITS[singular]
    whole, half = int(number), number - int(number) >= 0.25
    if kind == "days":
        return relativedelta(days=round(number))
    if kind == "weeks":
        return relativedelta(days=7 * whole + (3 if half else 0))
    if kind == "months":
        return relativedelta(months=whole, days=15 if half else 0)
    months = {"quarters": 3, "semesters": 6, "years": 12}[kind]
    return relativedelta(months=round(number * months))


def _number(text: str) -> float:
    return 1.0 if text.startswith("un") else float(text)


def _span(match: "re.Match[str]") -> relativedelta | None:
    if match["half_unit"]:
        return relativedelta(months=6)
    if match["tens"]:
        unit = match["tens_unit"] or ("jours" if match["tens"] in ("quinzaine", "huitaine") else None)
        return _delta(TENS_VALUES[match["tens"]], unit) if unit else None
    number = _number(match["n"])
    if match["demi"]:
        number = number / 2
    if match["half"]:
        number += 0.5
    span = _delta(number, match["unit"])
    if match["m"]:
        span += _delta(_number(match["m"]) + (0.5 if match["half2"] else 0), match["unit2"])
    return span


def durations(plain: str) -> Iterator[Duration]:
    """Every duration of a plain form. Of « 3 ou 4 mois » the shorter one: it opens no right too early."""
    for match in DURATION.finditer(plain):
        try:
            span = _span(match)
        except OverflowError:
            continue
        if span is None or span.years > 60 or span.months > 720 or span.days > 20000:
            continue
        about = match["about"]
        shift = (
            1 if re.search(r"plus (?:de|que)", about) else -1 if re.search(r"moins (?:de|que)", about) else 0
        )
        said = span.days if not (span.months or span.years) else None
        rough = bool(about.replace("deja", "").strip() or match["n2"] or match["tens"])
        yield Duration(match.start(), match.end(), span, shift, rough, said)
