"""The two pages of signing in through the organisation: leaving for its provider, and coming back."""

import hmac
import logging
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from aiohttp import web

from bot.console.access import open_to_all
from bot.console.accounts.book import Account
from bot.console.accounts.desk import desk_of
from bot.console.accounts.oidc.provider import Attempt, Identity, Provider, ProviderError
from bot.console.accounts.oidc.settings import OIDC, OidcSettings
from bot.console.accounts.stages import after_first_factor, signed_in, target
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.guard import SIGN_IN
from bot.console.pages import words
from bot.conversation.secrecy import UnreadableError
from bot.web.answers import see

routes = web.RouteTableDef()
logger = logging.getLogger("relais.console.oidc")

LEAVE, BACK = f"{SIGN_IN}/organisation", f"{SIGN_IN}/organisation/retour"
_COOKIE = "relais_console_away"
_LIFETIME = timedelta(minutes=10)


def _provider(request: web.Request) -> tuple[OidcSettings, Provider]:
    settings = request.app.get(OIDC)
    if settings is None:
        raise web.HTTPNotFound
    return settings, Provider(settings, console_of(request).settings.public_url + BACK)


@routes.get("/connexion/organisation")
@open_to_all
async def leave(request: web.Request) -> web.Response:
    """To the provider, with what must come back in an encrypted cookie."""
    console, (_, provider) = console_of(request), _provider(request)
    attempt = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    try:
        response = see(await provider.authorization_url(attempt))
    except ProviderError as problem:
        return _refused(request, problem)
    carried = asdict(attempt) | {
        "at": console.clock().isoformat(),
        "vers": target(request.query.get("vers", "")),
    }
    secure = console.settings.public_url.startswith("https://") or None
    response.set_cookie(
        _COOKIE, console.secrecy.hide(carried), path=LEAVE, httponly=True, samesite="Lax", secure=secure,
        max_age=int(_LIFETIME.total_seconds()),
    )  # fmt: skip
    return response


@routes.get("/connexion/organisation/retour")
@open_to_all
async def back(request: web.Request) -> web.Response:
    """From the provider: believe it or not, and open a session for the account it names."""
    settings, provider = _provider(request)
    try:
        attempt, vers = _carried(request)
        _check_answer(request, settings, attempt)
        identity = await provider.identity(request.query.get("code", ""), attempt)
    except ProviderError as problem:
        return _refused(request, problem)
    account = await _account(request, identity)
    if account is None:
        return _refused(request, ProviderError("no such account"), sentence="oidc_unknown")
    done = settings.trusts_factor or identity.strong
    response = await (signed_in if done else after_first_factor)(request, account, vers)
    response.del_cookie(_COOKIE, path=LEAVE)
    return response


def _carried(request: web.Request) -> tuple[Attempt, str]:
    console = console_of(request)
    try:
        carried = console.secrecy.show(request.cookies.get(_COOKIE, "")[:2000])
        if console.clock() - datetime.fromisoformat(carried["at"]) > _LIFETIME:
            raise ProviderError("the attempt is too old")
        return Attempt(carried["state"], carried["nonce"], carried["verifier"]), str(carried["vers"])
    except (UnreadableError, KeyError, TypeError, ValueError):
        raise ProviderError("no attempt was begun in this browser") from None


def _check_answer(request: web.Request, settings: OidcSettings, attempt: Attempt) -> None:
    query = request.query
    if not hmac.compare_digest(query.get("state", "").encode(), attempt.state.encode()):
        raise ProviderError("another state")
    if query.get("iss", settings.issuer) != settings.issuer:  # RFC 9207: two providers mixed up
        raise ProviderError("another issuer answers")
    if "error" in query or not query.get("code"):
        raise ProviderError("refused by the provider")


async def _account(request: web.Request, identity: Identity) -> Account | None:
    """The account bound to this identity; at the first sign-in, the one invited at its verified e-mail."""
    book = desk_of(request).book
    account = await book.by_subject(identity.issuer, identity.subject)
    if account is None and identity.email:
        invited = await book.by_email(identity.email)
        if invited is not None and invited.subject is None and invited.active:
            values = {"issuer": identity.issuer, "subject": identity.subject}
            await book.change(invited, "account.bound", None, **values)
            account = invited
    return account if account is not None and account.active else None


def _refused(request: web.Request, problem: ProviderError, sentence: str = "oidc_refused") -> web.Response:
    logger.warning("sign-in through the organisation refused: %s", problem)
    flash(request, words("accounts")[sentence], kind="problem")
    response = see(SIGN_IN)
    response.del_cookie(_COOKIE, path=LEAVE)
    return response
