"""Templates of the pages, and how a plan's values read in French."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jinja2 import Environment, FileSystemLoader

from bot.conversation.following import Progress
from bot.phones import spaced
from bot.settings import ROOT
from bot.version import VERSION, rules_version
from bot.web.text import FILTERS, french_date, href
from bot.widget.bundle import words as widget_words

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """Jinja2, escaping everything. What a plan does not say is left out of the page."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        FILTERS,
        progress_words=progress_words,
        contact_links=contact_links,
        spaced=spaced,
        map_link=map_link,
    )
    made.globals["words"] = page_words()
    made.globals["versions"] = versions()
    made.globals.update({name: widget_words()[name] for name in ("exit", "quit_hint")})
    return made


@cache
def versions() -> str:
    """« Relais 0.9.0, règles 2026-11-26.5a914424 »: which rules made a plan, on paper as on the screen."""
    words: str = page_words()["versions"]
    return words.format(software=VERSION, rules=rules_version())


@cache
def page_words() -> dict[str, Any]:
    """Labels of the pages, from `data/pages.yml`."""
    with (ROOT / "data" / "pages.yml").open(encoding="utf-8") as stream:
        words: dict[str, Any] = yaml.safe_load(stream)
    return words


def render(template: str, **values: Any) -> str:
    """A page as HTML."""
    return environment().get_template(template).render(**values)


def map_link(address: str) -> str:
    """A map of this address, on a site that asks nothing of who opens it."""
    search: str = widget_words()["plan"]["map_url"]
    return search + quote(address)


def contact_links(contact: Mapping[str, Any]) -> list[dict[str, str]]:
    """The links of an organism, each address once, named by what it is for."""
    words, links = page_words()["contact"], list(contact.get("links") or [])
    for name in ("booking_url", "url"):
        links.append({"title": words[name].format(name=contact["name"]), "url": contact.get(name)})
    safe = {href(link.get("url")): str(link.get("title")) for link in reversed(links)}
    ordered = dict.fromkeys(href(link.get("url")) for link in links)
    return [{"title": safe[url], "url": url} for url in ordered if url]


def progress_words(progress: Progress) -> str:
    """« Fait. Rendez-vous le 3 décembre 2026. »; empty when there is nothing to say."""
    words = page_words()["follow_up"]
    said = [words["done"]] if progress.done else []
    if progress.appointment:
        said.append(words["appointment"].format(date=french_date(progress.appointment.isoformat())))
    return " ".join(said)


def plan_view(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with its steps in order (the first one apart), its devices and the sources that they cite."""
    steps = [step for step in plan.get("steps") or [] if isinstance(step, dict)]
    first = next((step for step in steps if step.get("id") == plan.get("first_step")), None)
    first = first or (steps[0] if steps else None)
    devices = [device for device in plan.get("devices") or [] if isinstance(device, dict)]
    shown = [device for device in devices if device.get("status") in ("open", "later")]
    cited = {device.get("source") for device in shown}
    cited |= {
        each.get("source")
        for step in steps
        for each in (*(step.get("why") or ()), *(step.get("deadlines") or ()))
    }
    return {
        "as_of": plan.get("as_of"),
        "first": first,
        "others": [step for step in steps if step is not first],
        "open": [device for device in shown if device["status"] == "open"],
        "later": [device for device in shown if device["status"] == "later"],
        "not_concerned": plan.get("not_concerned") or [],
        "sources": {name: item for name, item in (plan.get("sources") or {}).items() if name in cited},
    }
