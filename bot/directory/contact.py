"""A contact as a person gets it: only what is recent enough to be relied on, with its source and date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.directory.wording import types, words

MONTHS_OF_TRUST = 24
"""Months after which a phone, mail or address is no longer given as such (issue 4)."""
EXPIRES = frozenset({"phone", "email", "address", "hours"})
TEXTS = (*sorted(EXPIRES), "accessible")
LINKS = ("visit", "booking", "pdp", "contact", "finder", "website", "page", "relay", "directory")
"""Fields that are links, the most useful first. `relay`: the call of deaf people, signed or written; `directory`: the
State's directory, shown in the place of a phone."""
BOOKING = ("visit", "booking", "contact")
"""Links that reach someone, for `booking_url`; a page that only helps to find whom to reach is not one."""
LASTING_SCOPES = frozenset({"emergency", "listening"})
"""Lines whose number is set by law or by the State: never hidden for their age; `check` reports it."""


@dataclass(frozen=True)
class Value:
    """One field: its value, the label of a link, where and when it was read (None = unknown, so never shown)."""

    value: str
    label: str = ""
    source_url: str = ""
    date: dt.date | None = None
    confidence: str = ""
    date_of: str = ""
    """What `date` is the day of: see bot.directory.models.Field."""


@dataclass(frozen=True)
class Entry:
    """One organism, with the values in force."""

    id: str
    type: str
    fields: Mapping[str, Value]
    departments: tuple[str, ...] = ()
    scope: frozenset[str] = frozenset()

    def text(self, name: str) -> str:
        """Value of a field, empty when there is none."""
        found = self.fields.get(name)
        return found.value if found else ""

    def fresh(self, name: str, on: dt.date) -> Value | None:
        """The field, unless it is absent, of no known source or day, or too old to be relied on at that date."""
        found = self.fields.get(name)
        if found is None or not found.value:
            return None
        if self.scope & LASTING_SCOPES:
            return found
        if found.date is None or not found.source_url:
            return None
        expires = name in EXPIRES and not (name == "phone" and is_short_number(found.value))
        return None if expires and is_old(found.date, on) else found


def is_short_number(phone: str) -> bool:
    """True for 15, 3114, 3646, 3949…: given to one national service by the numbering plan, they do not move
    as
    an office's line does. Their age is reported by `relais directory check`, and never hides them."""
    digits = "".join(filter(str.isdigit, phone))
    return 2 <= len(digits) <= 4


def is_old(date: dt.date | None, on: dt.date) -> bool:
    """True when a fact of that day, or of an unknown day, is more than 24 months old."""
    return date is None or months_between(date, on) >= MONTHS_OF_TRUST


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


@dataclass(frozen=True)
class Fact:
    """Where and when something that a person reads was learnt. `value` is the address of a link, or the text."""

    field: str
    value: str
    source_url: str
    date: dt.date | None

    def to_json(self) -> dict[str, str]:
        """`source_url` and `checked_on`, as for a whole contact."""
        day = {"checked_on": self.date.isoformat()} if self.date else {}
        return {"source_url": self.source_url, **day}


@dataclass(frozen=True)
class Contact:
    """What the contract calls a contact. Empty or None = unknown, left out of `to_json`."""

    id: str
    type: str
    name: str
    phone: str = ""
    url: str = ""
    booking_url: str = ""
    checked_on: dt.date | None = None
    source_url: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""
    accessible: str = ""
    how: str = ""
    note: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())
    """(what it does, address) of every link, the most useful first."""
    facts: tuple[Fact, ...] = field(default=())
    """Source and day of each phone, mail, address, text and link above."""

    @property
    def usable(self) -> bool:
        """True when a person can do something with it: call, write, or open a page."""
        return bool(self.phone or self.email or self.url or self.booking_url)

    def to_json(self) -> dict[str, object]:
        """Contract shape; unknown keys left out. Each link, and each text under `facts`, has its source and day."""
        plain = {
            key: getattr(self, key)
            for key in (
                *("id", "type", "name", "phone", "url", "booking_url", "source_url"),
                *("email", "address", "hours", "accessible", "how", "note"),
            )
        }
        shape: dict[str, object] = {key: value for key, value in plain.items() if value}
        if self.checked_on:
            shape["checked_on"] = self.checked_on.isoformat()
        learnt = {fact.value: fact.to_json() for fact in self.facts if fact.field in LINKS}
        if self.links:
            shape["links"] = [
                {"title": title, "url": url, **learnt.get(url, {})} for title, url in self.links
            ]
        texts = {fact.field: fact.to_json() for fact in self.facts if fact.field in TEXTS}
        if texts:
            shape["facts"] = texts
        return shape


def contact_of(
    entry: Entry,
    line: Entry | None,
    on: dt.date,
    reader: tuple[str | None, str | None] = (None, None),
) -> Contact:
    """What to show of an organism at a date.

    `line` is the national line of its type (36 46 for every CPAM): it lends what the organism itself lacks.
    `reader`: audience and status, for the words of what to do. Links do not expire, they are checked; phones,
    mails and addresses do, and the official directory takes their place.
    """
    own = {name: value for name in (*TEXTS, *LINKS) if (value := entry.fresh(name, on))}
    lent = {name: value for name in (*TEXTS, *LINKS) if line and (value := line.fresh(name, on))}
    if "website" in own:
        lent.pop("finder", None)
    shown = {name: own.get(name) or lent[name] for name in (*TEXTS, *LINKS) if name in own or name in lent}
    if "phone" in shown:
        shown.pop("directory", None)
    first = next((shown[name] for name in ("phone", *BOOKING, *LINKS, "email") if name in shown), None)
    text = {name: shown[name].value if name in shown else "" for name in (*TEXTS, *LINKS)}
    return Contact(
        id=entry.id,
        type=entry.type,
        name=entry.text("name"),
        phone=text["phone"],
        url=_main_link(own, lent),
        booking_url=next((text[name] for name in BOOKING if text[name]), ""),
        checked_on=first.date if first else None,
        source_url=first.source_url if first else "",
        email=text["email"],
        address=text["address"],
        hours=text["hours"],
        accessible=text["accessible"],
        how=types()[entry.type].how_told(*reader),
        note=_note(entry, shown, on),
        links=_links(shown),
        facts=tuple(Fact(name, value.value, value.source_url, value.date) for name, value in shown.items()),
    )


def _main_link(own: Mapping[str, Value], lent: Mapping[str, Value]) -> str:
    """The organism's own site or page, else the tool that finds it, else its network's site."""
    order = [own.get(name) for name in ("website", "pdp", "page", "finder")]
    order += [lent.get(name) for name in ("finder", "website", "page", "directory")]
    return next((value.value for value in order if value), "")


def _links(shown: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """(what it does, address) of each link, each address once under its most useful name."""
    titles: dict[str, str] = {}
    for name in LINKS:
        if name in shown:
            titles.setdefault(shown[name].value, shown[name].label or words()[name])
    return tuple((title, url) for url, title in titles.items())


def _note(entry: Entry, shown: Mapping[str, Value], on: dt.date) -> str:
    told = entry.fresh("note", on)
    parts = [told.value if told else ""]
    if entry.text("area"):
        parts.append(words()["area"].format(area=entry.text("area")))
    if "phone" not in shown and "directory" in shown:
        if entry.text("phone"):
            parts.append(words()["old"])
        elif "website" not in entry.fields:
            parts.append(words()["unknown"])
    return " ".join(part for part in parts if part)
