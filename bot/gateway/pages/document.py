"""The plan as a document to keep: what it says, in its order, then the PDF/UA-1 that typst makes of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.conversation.following import Progress
from bot.gateway.pages.rendering import (
    HERE,
    contact_links,
    page_words,
    plan_view,
    progress_words,
    versions,
)
from bot.phones import spaced
from bot.web.text import french_date, href, tel
from bot.web.typesetting import pdf as typeset

_TEMPLATE = HERE / "documents" / "plan.typ"


class _Sources:
    """Numbers the sources as they are cited, so that the list at the end holds what was cited, in order."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}

    def number(self, name: str | None) -> int | None:
        """The number to print after a sentence, if its source is known."""
        if not name or name not in self._known:
            return None
        return self._numbers.setdefault(name, len(self._numbers) + 1)

    def listed(self) -> list[dict[str, Any]]:
        """The list of sources, with its dates."""
        return [
            {
                "number": number,
                "title": self._known[name]["title"],
                "url": href(self._known[name].get("url")),
                "dates": _dates(self._known[name]),
            }
            for name, number in self._numbers.items()
        ]


def _dates(source: Mapping[str, Any]) -> str:
    words = page_words()["document"]
    parts = [
        words[name].format(date=french_date(source[name]))
        for name in ("in_force_since", "last_checked")
        if source.get(name)
    ]
    return "".join(f", {part}" for part in [*parts, source.get("warning")] if part)


def document(
    plan: Mapping[str, Any], *, progress: Mapping[str, Progress], for_employer: bool, today: date
) -> dict[str, Any]:
    """Everything that the document says, in reading order, ready for the template."""
    words, view = page_words()["document"], plan_view(plan)
    sources = _Sources(view["sources"])
    shown: dict[str, Any] = {
        "title": page_words()["plan_title"],
        "words": words["headings"],
        "day": [today.year, today.month, today.day],
        "issued": words["issued"].format(date=french_date(view["as_of"] or today.isoformat())),
        "notice": words["notice"],
        "versions": versions(),
        "emergency": words["emergency"],
        "first": None,
    }
    if view["first"]:
        shown["first"] = _step(view["first"], sources, progress, for_employer, when=False)
    shown["others"] = [_step(item, sources, progress, for_employer) for item in view["others"]]
    groups = [(words["devices"][status], view[status]) for status in ("open", "later")]
    shown["devices"] = [
        {"title": title, "items": [_device(device, sources) for device in devices]}
        for title, devices in groups
        if devices
    ]
    shown["sources"] = [source for source in sources.listed() if source["url"]]
    return shown


def _step(
    step: Mapping[str, Any],
    sources: _Sources,
    progress: Mapping[str, Progress],
    for_employer: bool,
    *,
    when: bool = True,
) -> dict[str, Any]:
    whens, informed = page_words()["when"], page_words()["employer_informed"]
    mine = progress.get(step["id"], Progress())
    have = page_words()["document"]["ready"]
    prefix = f"{whens[step['when']]} : " if when and step.get("when") in whens else ""
    return {
        "heading": f"{prefix}{step['title']}",
        "progress": progress_words(mine) or None,
        "deadlines": [
            {
                "day": french_date(deadline.get("date")),
                "label": deadline["label"],
                "source": sources.number(deadline.get("source")),
            }
            for deadline in step.get("deadlines") or []
        ],
        "contacts": [_contact(contact) for contact in step.get("contacts") or []],
        "say": step.get("say") or None,
        "bring": [have.format(name=each) if each in mine.ready else each for each in step.get("bring") or []],
        "why": [
            {"text": reason["text"], "source": sources.number(reason.get("source"))}
            for reason in step.get("why") or []
        ],
        "employer": None if for_employer else informed.get(step.get("employer_informed")),
    }


def _contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    words = page_words()["contact"]
    lines: list[dict[str, Any]] = []
    if contact.get("phone"):
        lines.append(
            {"text": words["phone"], "url": tel(contact["phone"]), "shown": spaced(contact["phone"])}
        )
    for link in contact_links(contact):
        lines.append({"text": f"{link['title']} : ", "url": link["url"], "shown": link["url"]})
    for name in ("address", "hours", "how", "accessible", "note"):
        if contact.get(name):
            lines.append({"text": words.get(name, "") + str(contact[name]), "url": None})
    if contact.get("checked_on"):
        lines.append({"text": words["checked_on"] + french_date(contact["checked_on"]), "url": None})
    return {"name": contact["name"], "lines": lines}


def _device(device: Mapping[str, Any], sources: _Sources) -> dict[str, Any]:
    name = device["name"]
    if device.get("opens_on"):
        name += page_words()["document"]["opens_on"].format(date=french_date(device["opens_on"]))
    return {"name": name, "summary": device["summary"], "source": sources.number(device.get("source"))}


async def pdf(shown: Mapping[str, Any]) -> bytes:
    """The document as PDF/UA-1. Raises typst.TypstError if it cannot be made accessible."""
    return await typeset(_TEMPLATE, shown)


def file_name(day: date, extension: str) -> str:
    """Name of a file to keep; says nothing of what is in it."""
    return f"relais-{day.isoformat()}.{extension}"
