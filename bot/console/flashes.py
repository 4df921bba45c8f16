"""What is said on the next page after a form: carried by a signed cookie, shown once."""

from contextlib import suppress
from typing import Any, NamedTuple

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.console.context import console_of
from bot.console.sessions import PATH

_COOKIE = "relais_console_said"
_LIFETIME = 300
_SAID: web.RequestKey[list[Any]] = web.RequestKey("relais.console.said", list)
_SHOWN: web.RequestKey[bool] = web.RequestKey("relais.console.shown", bool)


class Flash(NamedTuple):
    """One sentence. `kind`: notice or problem."""

    kind: str
    text: str


def flash(request: web.Request, text: str, kind: str = "notice") -> None:
    """Say this on the next page (a French sentence, from YAML). Never words of a conversation."""
    request[_SAID] = [*request.get(_SAID, []), [kind, text]]


def flashes(request: web.Request) -> list[Flash]:
    """What is to be said on this page; it is not said again."""
    said: list[Any] = request.get(_SAID, [])
    request[_SAID] = []
    carried = request.cookies.get(_COOKIE, "")
    if carried:
        request[_SHOWN] = True
        with suppress(BadSignature, ValueError, UnicodeError):  # forged or old: nothing is said
            said = list(_serializer(request).loads(carried, max_age=_LIFETIME)) + said
    return [Flash(kind, text) for kind, text in said]


def carry(request: web.Request, response: web.StreamResponse) -> None:
    """Put in the browser what the next page will say, and take out what this one said."""
    said = request.get(_SAID)
    if said:
        value = _serializer(request).dumps(said)
        value = value if isinstance(value, str) else value.decode()
        secure = console_of(request).settings.public_url.startswith("https://") or None
        response.set_cookie(
            _COOKIE, value, path=PATH, max_age=_LIFETIME, httponly=True, samesite="Lax", secure=secure
        )
    elif _SHOWN in request:
        response.del_cookie(_COOKIE, path=PATH)


def _serializer(request: web.Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(console_of(request).settings.secret, salt="relais-console-said")
