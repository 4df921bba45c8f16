"""The plan's dates as a calendar file. Calendars are seen by others: nothing in it speaks of health.

Every event has the same discreet words; what it is about stays behind the link. UIDs are keyed: stable, so that a
file imported again moves its events instead of doubling them, and telling nothing.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from bot.gateway.keeping import KeptPlan
from bot.gateway.pages.rendering import page_words

_AT_NINE = timedelta(hours=9)
_DAYS_BEFORE = (7, 1)


@dataclass(frozen=True)
class _Dated:
    day: date
    kind: str
    """deadline or appointment: which words to show."""
    name: str
    """What makes its UID."""


def _dated(kept: KeptPlan) -> Iterator[_Dated]:
    for step in kept.plan["steps"]:
        for deadline in step.get("deadlines") or []:
            if deadline.get("date"):
                name = f"deadline:{step['id']}:{deadline['label']}"
                yield _Dated(date.fromisoformat(deadline["date"]), "deadline", name)
    for name, progress in sorted(kept.progress.items()):
        if progress.appointment:
            yield _Dated(progress.appointment, "appointment", f"appointment:{name}")


def has_dates(kept: KeptPlan, today: date) -> bool:
    """Whether there is a date to come."""
    return any(dated.day >= today for dated in _dated(kept))


def calendar_file(kept: KeptPlan, *, key: str, url: str, today: date) -> bytes | None:
    """The dates to come as an iCalendar file (RFC 5545), or None when there is none.

    `key` makes the UIDs, `url` is where the person reads the detail.
    """
    coming = [dated for dated in _dated(kept) if dated.day >= today]
    if not coming:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Relais//Relais//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", page_words()["calendar"]["name"])
    for dated in coming:
        event = _event(dated, kept.state.id, key, url)
        for days in _DAYS_BEFORE:
            if dated.day - timedelta(days=days) > today:
                event.add_component(_alarm(days))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(dated: _Dated, conversation_id: str, key: str, url: str) -> Event:
    words = page_words()["calendar"]
    name = f"calendar:{conversation_id}:{dated.name}"
    event = Event()
    event.add("uid", hmac.new(key.encode(), name.encode(), sha256).hexdigest()[:32] + "@relais")
    event.add("dtstamp", datetime.now(timezone.utc))
    event.add("dtstart", dated.day)
    event.add("dtend", dated.day + timedelta(days=1))
    event.add("summary", words[dated.kind], parameters={"LANGUAGE": "fr"})
    event.add("description", words["detail"].format(url=url), parameters={"LANGUAGE": "fr"})
    event.add("url", url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(days: int) -> Alarm:
    """A reminder at nine in the morning, that many days before."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", page_words()["calendar"]["reminder"])
    alarm.add("trigger", _AT_NINE - timedelta(days=days))
    return alarm
