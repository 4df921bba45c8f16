"""How texts and values read in a page: filters of the templates, for the public pages and the console."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

_PARIS = ZoneInfo("Europe/Paris")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]»]")
_SAFE_LINK = re.compile(r"^(https?://|tel:|sms:|mailto:|/(?!/))", re.IGNORECASE)
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def rich(text: str | None) -> Markup:
    """A message's text as HTML: paragraphs, **bold**, addresses as links. Everything else is escaped."""
    blocks = [block.strip() for block in (text or "").splitlines()]
    return Markup("").join(Markup("<p>{}</p>").format(_line(block)) for block in blocks if block)


def _line(text: str) -> Markup:
    done, start = Markup(""), 0
    for found in _ADDRESS.finditer(text):
        done += _bold(text[start : found.start()])
        done += Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(found[0])
        start = found.end()
    return done + _bold(text[start:])


def _bold(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704 (escaped just before)


def french_date(value: str | None) -> str:
    """« 24 août 2026 » from an ISO date; anything else as it is."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return value or ""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def tel(phone: str) -> str:
    """`tel:` link of a French number: +33 form for ten digits, as dialled for short numbers."""
    digits = re.sub(r"[^\d+]", "", phone)
    if len(digits) == 10 and digits.startswith("0"):
        digits = f"+33{digits[1:]}"
    return f"tel:{digits}"


def href(url: Any) -> str:
    """An address that is safe to follow, or nothing."""
    return url if isinstance(url, str) and _SAFE_LINK.match(url) else ""


def french_moment(value: datetime | None) -> str:
    """« 24 août 2026 à 14 h 05 », in France's time; empty for none."""
    if value is None:
        return ""
    there = value.astimezone(_PARIS)
    return f"{french_date(there.date().isoformat())} à {there.hour} h {there.minute:02}"


def thousands(value: int) -> str:
    """« 12 345 », with the narrow space of French numbers."""
    return f"{value:,}".replace(",", "\u202f")


FILTERS = {
    "rich": rich,
    "french_date": french_date,
    "french_moment": french_moment,
    "tel": tel,
    "href": href,
    "thousands": thousands,
}
