"""The guard: what may come in, in which form, before anything else looks at it; never a 5xx."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.gateway.errors import RefusalError
from bot.language.cleaning import clean

TEXT_LIMIT = 2000
BODY_LIMIT = 64 * 1024
_BODY_SECONDS = 10
_SLASHES = re.compile(r"^[\s/\uff0f\u2044\u2215\u29f8]+")
_MESSAGE_ID = re.compile(r"^[A-Za-z0-9._:~+/=-]{1,64}$")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a person: a text or a choice, and the id that makes a repeat harmless."""

    text: str | None = None
    """Clean, without leading slashes. Empty when there was nothing but slashes."""
    choice: str | None = None
    message_id: str | None = None


async def read_body(request: web.Request) -> bytes:
    """The body of a request, of bounded size and in bounded time. Raises RefusalError."""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise RefusalError("too_long") from None
    except (ValueError, TimeoutError, OSError, web.RequestPayloadError):
        raise RefusalError("bad_request") from None


async def read_json(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises RefusalError: unsupported, too_long or bad_request."""
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise RefusalError("unsupported")
    raw = await read_body(request)
    try:
        body = json.loads(raw.decode("utf-8")) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise RefusalError("bad_request") from None
    if not isinstance(body, dict):
        raise RefusalError("bad_request")
    return body


def read_message(body: dict[str, Any], idempotency_key: str | None = None) -> Incoming:
    """The message in a body; fields that we do not know are ignored. Raises RefusalError."""
    text, choice = body.get("text"), body.get("choice")
    if (text is None) == (choice is None):
        raise RefusalError("one_answer")
    given = body.get("id")
    message_id = _read_id(idempotency_key if given is None else given)
    if choice is not None:
        if not isinstance(choice, str) or len(choice) > TEXT_LIMIT:
            raise RefusalError("bad_request")
        return Incoming(choice=clean(choice), message_id=message_id)
    if not isinstance(text, str):
        raise RefusalError("bad_request")
    return Incoming(text=_read_text(text), message_id=message_id)


def _read_text(text: str) -> str:
    if len(text) > TEXT_LIMIT:
        raise RefusalError("too_long")
    cleaned = clean(text)
    if not cleaned:
        raise RefusalError("empty")
    return _SLASHES.sub("", cleaned)


def _read_id(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _MESSAGE_ID.match(value):
        raise RefusalError("bad_request")
    return value


def words_to_watch(body: dict[str, Any]) -> str:
    """Text in which to look for an alarm, even when the message itself is refused (too long, no session)."""
    text = body.get("text")
    if not isinstance(text, str):
        return ""
    if len(text) <= 2 * TEXT_LIMIT:
        return clean(text)
    return clean(f"{text[:TEXT_LIMIT]} \n {text[-TEXT_LIMIT:]}")
