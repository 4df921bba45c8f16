"""Pages of the console: templates, sentences, navigation. `page` is what a handler returns."""

import secrets
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from bot.console.access import ADVISER
from bot.console.context import console_of
from bot.console.flashes import flashes
from bot.console.navigation import entries
from bot.console.sessions import COOKIE
from bot.settings import ROOT
from bot.web.answers import html
from bot.web.text import FILTERS

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """Jinja2, escaping everything; a value that a template names and nobody gave is an error.

    `layout.html` is the console's own; `accounts/list.html` is `bot/console/accounts/templates/list.html`.
    """
    areas = {path.parent.name: FileSystemLoader(path) for path in sorted(HERE.glob("*/templates"))}
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), PrefixLoader(areas)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(FILTERS)
    made.globals["words"] = words
    return made


@cache
def words(area: str) -> dict[str, Any]:
    """Sentences and labels of an area, from `data/console/AREA.yml`; in templates too: `words("accounts").title`."""
    with (ROOT / "data" / "console" / f"{area}.yml").open(encoding="utf-8") as stream:
        found: dict[str, Any] = yaml.safe_load(stream)
    return found


def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page. Its template finds `adviser`, `csrf`, `flashes`, `entries`, `here` (its path) and the `values` given."""
    adviser = request.get(ADVISER)
    sessions, carried = console_of(request).sessions, request.cookies.get(COOKIE, "")
    # Before signing in there is no session: a random token, in no table, ties the forms to this browser.
    token = carried or secrets.token_urlsafe(32)
    shared = {
        "adviser": adviser,
        "csrf": sessions.form_token(token),
        "flashes": flashes(request),
        "entries": entries(adviser),
        "here": request.path,
    }
    response = html(environment().get_template(template).render(shared | values), status=status)
    if not carried:
        sessions.give(response, token)
    return response


def wants_data(request: web.Request) -> bool:
    """Whether a program of ours asks, rather than the address bar."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted or "text/event-stream" in accepted


def refusal(request: web.Request, status: int) -> web.Response:
    """A refusal that a person can read and act on; JSON for programs."""
    said = words("shell")["refusals"]
    sentence = said.get(status, said[400])
    if wants_data(request):
        return web.json_response({"error": {"code": status, "message": sentence}}, status=status)
    return page(request, "refusal.html", status=status, sentence=sentence)
