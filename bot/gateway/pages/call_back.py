"""`/rappel`: the form to be called back. No JavaScript; never through the chat, where numbers are masked."""

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversation.callbacks import Details
from bot.conversation.state import ConversationState
from bot.conversation.store import ConversationGoneError
from bot.directory.gazetteer import gazetteer
from bot.gateway.api import spend
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.pages.forms import is_ours, read_form
from bot.gateway.pages.rendering import page_words, render
from bot.language.cleaning import clean
from bot.mail import address
from bot.web.addresses import client_key
from bot.web.answers import html

routes = web.RouteTableDef()

_PHONE = re.compile(r"^(?:\+|00)?\d{9,15}$")
_LONGEST = {"name": 80, "phone": 30, "email": 254, "when": 200}


@dataclass(frozen=True)
class Asker:
    """Whose form it is."""

    key: str
    state: ConversationState


@routes.get("/rappel")
async def show(request: web.Request) -> web.Response:
    """The form, or who else to call when no adviser is there."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    return await _page(gateway, await _asker(gateway, request, request.query.get("cle", "")))


@routes.post("/rappel")
async def ask(request: web.Request) -> web.Response:
    """Keep the request, encrypted, and tell those on duty."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    fields = await read_form(request)
    asker = await _asker(gateway, request, fields.get("cle", ""))
    if not is_ours(gateway, request, fields, asker.state.id):
        raise RefusalError("page_expired")
    typed = {name: clean(fields.get(name, "")).strip()[:longest] for name, longest in _LONGEST.items()}
    department = fields.get("department", "")
    problem = _problem(typed, department, agreed=fields.get("agreed") == "yes")
    if problem is None and await _absence(gateway, department):
        problem = "absent"
    if problem is not None:
        return await _page(gateway, asker, typed=typed, department=department, problem=problem)
    await _spend_one(gateway, request, asker.state.id)
    kept = asker.state.id if asker.state.kept else None
    try:
        await gateway.call_backs.ask(kept, department, Details(**typed))
    except ConversationGoneError:
        raise RefusalError("unauthorized") from None
    gateway.notices.of_call_back(department, await gateway.presence.for_department(department))
    words = page_words()["call_back"]
    return html(render("call_back_done.html", title=words["done_title"], call_back=words))


async def _asker(gateway: Gateway, request: web.Request, key: str) -> Asker:
    """The person behind the key of a link, or behind the cookie. Raises RefusalError."""
    tokens = gateway.sessions.tokens
    conversation_id = (
        tokens.call_back_conversation(key) if key else gateway.sessions.cookie_conversation_id(request)
    )
    if conversation_id is None:
        raise RefusalError("unauthorized")
    transcript = await gateway.dialogue.resume(conversation_id)
    return Asker(key or tokens.call_back(conversation_id), transcript.state)


async def _absence(gateway: Gateway, department: str) -> str:
    """What to say when nobody is there for a department; empty when someone is."""
    return (await gateway.advisers.counter({"department": department})).said


async def _spend_one(gateway: Gateway, request: web.Request, conversation_id: str) -> None:
    sender = client_key(request, gateway.options.trusted_proxies)
    for limiter, key in (
        (gateway.call_backs_asked, conversation_id),
        (gateway.call_backs_of_address, sender),
    ):
        wait = await limiter.take(key)
        if wait is not None:
            raise RefusalError("too_many", retry_after=wait)


def _problem(typed: dict[str, str], department: str, *, agreed: bool) -> str | None:
    """Name of what is wrong in the form, the first one."""
    if not typed["name"]:
        return "name"
    if not typed["phone"] and not typed["email"]:
        return "reach"
    if typed["phone"] and not _PHONE.match(re.sub(r"[\s.()/-]", "", typed["phone"])):
        return "phone"
    if typed["email"] and address(typed["email"]) is None:
        return "email"
    if department not in gazetteer().departments:
        return "department"
    return None if agreed else "agreed"


async def _page(
    gateway: Gateway,
    asker: Asker,
    *,
    typed: dict[str, str] | None = None,
    department: str | None = None,
    problem: str | None = None,
) -> web.Response:
    known = asker.state.department or ""
    asked = known if department is None else department
    absence = await _absence(gateway, asked) if asked and problem in (None, "absent") else ""
    words: dict[str, Any] = page_words()["call_back"]
    page = render(
        "call_back.html",
        title=words["title"],
        call_back=words,
        form=gateway.sessions.tokens.form(asker.state.id),
        key=asker.key,
        typed=typed or dict.fromkeys(_LONGEST, ""),
        longest=_LONGEST,
        departments=_departments(),
        department=asked,
        absence=absence,
        wrong=problem,
        problem=words["problems"].get(problem) if problem else None,
    )
    return html(page, status=400 if problem and problem != "absent" else 200)


def _departments() -> list[tuple[str, str]]:
    """Code and name, in the order of the codes."""
    found = gazetteer().departments
    return sorted((code, f"{code} – {department.name}") for code, department in found.items())
