"""Pages for trust: who runs Relais, what it keeps, how accessible it is, where what it says comes from."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import yaml
from aiohttp import web

from bot.directory.gazetteer import gazetteer
from bot.gateway.api import reply_json, spend, standing
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.pages.document import file_name
from bot.gateway.pages.rendering import page_words, render
from bot.orientation.facts import DATA, load_yaml
from bot.orientation.law import SOURCES, Source
from bot.settings import ROOT
from bot.web.answers import html

routes = web.RouteTableDef()


@cache
def trust_words() -> dict[str, Any]:
    """Lists of the pages, from `data/trust.yml`."""
    with (ROOT / "data" / "trust.yml").open(encoding="utf-8") as stream:
        words: dict[str, Any] = yaml.safe_load(stream)
    return words


@dataclass(frozen=True)
class Territory:
    """What Relais knows in addition in some departments."""

    name: str
    departments: tuple[str, ...]
    """« Haute-Marne (52) »."""
    said: tuple[tuple[str, Source], ...]
    """Sentences, each with its source."""


@cache
def territories() -> tuple[Territory, ...]:
    """The territories of `data/orientation/territories`, by name."""
    paths = (DATA / "territories").glob("*.yml")
    return tuple(sorted((_territory(load_yaml(f"territories/{path.name}")) for path in paths), key=_name))


def _name(territory: Territory) -> str:
    return territory.name


def _territory(entry: Any) -> Territory:
    names = gazetteer().departments
    lines = [line for step in entry.get("steps", {}).values() for line in step.get("why", ())]
    lines += [line for words in entry.get("words", {}).values() for line in words.get("why", {}).values()]
    said = {line["text"]: line["source"] for line in lines}
    return Territory(
        name=entry["name"],
        departments=tuple(f"{names[code].name} ({code})" for code in entry["departments"]),
        said=tuple((text, SOURCES[source]) for text, source in said.items()),
    )


def source_groups() -> Iterator[tuple[str, list[Source]]]:
    """The sources by code of law, each in the order of its articles; other pages last."""
    groups: dict[str, list[Source]] = {}
    for source in SOURCES.values():
        group = source.title.partition(", article")[0] if ", article" in source.title else ""
        groups.setdefault(group, []).append(source)
    for group in sorted(groups, key=lambda name: (not name, name)):
        yield group or trust_words()["other_pages"], sorted(groups[group], key=lambda each: each.title)


async def _page(request: web.Request, name: str, **values: Any) -> web.Response:
    gateway: Gateway = request.app[GATEWAY]
    await spend(gateway, request)
    page = render(
        f"{name}.html",
        title=trust_words()["titles"][name],
        trust=trust_words(),
        operator=gateway.options.operator,
        retention_days=gateway.settings.retention_days,
        public_url=gateway.settings.public_url,
        todo=page_words()["todo"],
        **values,
    )
    return html(page)


@routes.get("/donnees")
async def privacy(request: web.Request) -> web.Response:
    """What is kept, for how long, and the rights of people."""
    gateway = request.app[GATEWAY]
    return await _page(
        request,
        "privacy",
        memory_hours=round(gateway.options.memory_ttl / 3600),
        has_mail=gateway.options.mail is not None,
        has_conversation=gateway.sessions.cookie_conversation_id(request) is not None,
    )


@routes.get("/donnees/copie")
async def copy(request: web.Request) -> web.Response:
    """What is kept of the cookie's conversation, to take elsewhere (GDPR, articles 15 and 20)."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    body = (await standing(gateway, conversation_id)).body
    details = await gateway.call_backs.of(conversation_id)
    response = reply_json(body | ({"call_back": asdict(details)} if details else {}))
    name = file_name(gateway.today(), "json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@routes.get("/accessibilite")
async def accessibility(request: web.Request) -> web.Response:
    """The accessibility statement, in the form of the RGAA."""
    return await _page(request, "accessibility")


@routes.get("/sources")
async def sources(request: web.Request) -> web.Response:
    """Every source of what Relais says, and when each was last checked."""
    today = request.app[GATEWAY].today()
    checked = [source.last_checked for source in SOURCES.values()]
    return await _page(
        request,
        "sources",
        groups=list(source_groups()),
        count=len(SOURCES),
        oldest=min(checked).isoformat(),
        latest=max(checked).isoformat(),
        today=today,
    )


@routes.get("/qui-sommes-nous")
async def about(request: web.Request) -> web.Response:
    """Who runs Relais, with whom, and what it knows of each territory."""
    return await _page(request, "about", territories=territories())
