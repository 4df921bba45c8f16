"""Browsers where an adviser signed in before: a signed cookie, so that strangers cannot lock advisers out there."""

import secrets
from hashlib import sha256

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.console.accounts.book import Account
from bot.console.context import console_of

_COOKIE = "relais_console_known"
_PATH = "/console/connexion"
_LIFETIME = 180 * 86_400


def known_device(request: web.Request, account: Account | None) -> str | None:
    """Name of this browser when this account signed in from it with its present password."""
    carried = request.cookies.get(_COOKIE, "")[:400]
    if account is None or not carried:
        return None
    try:
        adviser_id, device, password = _serializer(request).loads(carried, max_age=_LIFETIME)
    except (BadSignature, ValueError, UnicodeError, TypeError):
        return None
    known = adviser_id == account.id and password == _fingerprint(account)
    return str(device) if known else None


def remember_device(request: web.Request, response: web.StreamResponse, account: Account) -> None:
    """Know this browser the next time."""
    device = known_device(request, account) or secrets.token_urlsafe(12)
    value = _serializer(request).dumps([account.id, device, _fingerprint(account)])
    value = value if isinstance(value, str) else value.decode()
    secure = console_of(request).settings.public_url.startswith("https://") or None
    response.set_cookie(
        _COOKIE, value, path=_PATH, max_age=_LIFETIME, httponly=True, samesite="Strict", secure=secure
    )


def _fingerprint(account: Account) -> str:
    return sha256((account.password or "").encode()).hexdigest()[:16]


def _serializer(request: web.Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(console_of(request).settings.secret, salt="relais-console-device")
