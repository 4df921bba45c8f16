"""What WhatsApp and Messenger share: Meta's webhooks and its Graph API."""

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from aiohttp import ClientSession, web

from bot.gateway.channels.calling import Answered, call, field, raise_if_passing
from bot.gateway.channels.model import (
    ForgedError,
    GoneError,
    MalformedError,
    PassingError,
    PermanentError,
    SendError,
)

_PASSING = frozenset(
    {1, 2, 4, 17, 32, 341, 613, 1200, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004}
)
"""Rate limits and passing faults, most of which come with the status 400."""
_OURS = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042})
"""Our account, token, rights or payment: someone has to correct them, the message can wait."""


def verify_signature(request: web.Request, body: bytes, app_secret: str) -> None:
    """X-Hub-Signature-256 over the raw body. Raises ForgedError."""
    given = request.headers.get("X-Hub-Signature-256", "")
    expected = "sha256=" + hmac.new(app_secret.encode(), body, sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise ForgedError


def challenge(request: web.Request, verify_token: str) -> web.Response:
    """Answer the subscription of the webhook (hub.challenge). Raises ForgedError for another token."""
    asked = request.query
    good = hmac.compare_digest(asked.get("hub.verify_token", "").encode(), verify_token.encode())
    if asked.get("hub.mode") != "subscribe" or not good:
        raise ForgedError
    return web.Response(text=asked.get("hub.challenge", "")[:200], content_type="text/plain")


def notification(body: bytes, kind: str) -> list[dict[str, Any]]:
    """Entries of a notification about `kind`. Raises MalformedError."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedError from None
    entries = field(read, "entry")
    if field(read, "object") != kind or not isinstance(entries, list):
        raise MalformedError
    return [entry for entry in entries if isinstance(entry, dict)]


Sort = Callable[[int, int], type[PermanentError] | None]
"""What a channel knows of its own: (code, subcode) → the error that it is, if it is one of its own."""


async def graph(
    session: ClientSession,
    method: str,
    url: str,
    token: str,
    *,
    json_: Any = None,
    params: dict[str, str] | None = None,
    sort: Sort,
) -> Any:
    """Answer of the Graph API. Raises SendError."""
    headers = {"Authorization": f"Bearer {token}"}
    answered = await call(session, method, url, json=json_, params=params, headers=headers)
    error = field(answered.body, "error")
    if answered.ok and error is None:
        return answered.body
    raise refused(answered, field(error, "code"), field(error, "error_subcode"), sort)


def refused(answered: Answered, code: Any, subcode: Any, sort: Sort) -> SendError:
    """The error of a call that Meta did not take."""
    if not isinstance(code, int):
        raise_if_passing(answered)
        return PermanentError("refused", str(answered.status))
    own = sort(code, subcode if isinstance(subcode, int) else 0)
    if own is not None:
        return own("gone" if issubclass(own, GoneError) else "window", str(code))
    if code in _PASSING:
        return PassingError("too_many", str(code), retry_after=answered.retry_after)
    if code in _OURS or 200 <= code <= 299:
        return PassingError("credentials", str(code), retry_after=60)
    raise_if_passing(answered, str(code))
    return PermanentError("refused", str(code))
