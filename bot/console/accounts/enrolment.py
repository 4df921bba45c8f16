"""Setting up: a link lets its holder choose a password, then the second factor is set up and recovery codes shown."""

from aiohttp import web

from bot.console.access import open_to_all
from bot.console.accounts.book import Account
from bot.console.accounts.desk import desk_of
from bot.console.accounts.passwords import weakness
from bot.console.accounts.second_factor import (
    new_recovery_codes,
    new_secret,
    picture,
    readable,
    recovery_digests,
    step_of,
)
from bot.console.accounts.signing_in import account_at
from bot.console.accounts.stages import after_first_factor, target, welcome
from bot.console.context import console_of
from bot.console.guard import SIGN_IN
from bot.console.pages import page, words
from bot.conversation.secrecy import UnreadableError
from bot.web.answers import see

routes = web.RouteTableDef()


@routes.get("/invitation/{token}")
@open_to_all
async def invitation(request: web.Request) -> web.Response:
    """The form to choose a password. Looking at it (a mail scanner does) does not use the link up."""
    account = await desk_of(request).book.invited(request.match_info["token"])
    return _choose(request, account)


@routes.post("/invitation/{token}")
@open_to_all
async def choose_password(request: web.Request) -> web.Response:
    """Set the password, once."""
    token, desk, form = request.match_info["token"], desk_of(request), await request.post()
    account = await desk.book.invited(token)
    if account is None:
        return _choose(request, None)
    password = str(form.get("password", ""))
    weak = weakness(password, account.email)
    if weak is None and password != str(form.get("again", "")):
        weak = "password_differs"
    if weak is not None:
        return _choose(request, account, problem=words("accounts")[weak], status=400)
    account = await desk.book.use_link(token, await desk.passwords.hash(password))
    if account is None:  # used in between
        return _choose(request, None)
    await desk.tries.forgive("account", account.email)
    return await after_first_factor(request, account, "")


def _choose(
    request: web.Request, account: Account | None, *, problem: str = "", status: int = 200
) -> web.Response:
    if account is None:
        return page(request, "accounts/link_over.html", status=404)
    return page(request, "accounts/choose.html", status=status, account=account, problem=problem)


@routes.get("/connexion/enrolement")
@open_to_all
async def enrolment(request: web.Request) -> web.Response:
    """A new secret, as a picture and as text."""
    account = await account_at(request, "enrol")
    if account is None:
        return see(SIGN_IN)
    return _enrol(request, account, new_secret(), request.query.get("vers", ""))


@routes.post("/connexion/enrolement")
@open_to_all
async def enrol(request: web.Request) -> web.Response:
    """Check a first code, keep the secret, and show the recovery codes, once."""
    account, desk, console = await account_at(request, "enrol"), desk_of(request), console_of(request)
    if account is None:
        return see(SIGN_IN)
    form = await request.post()
    vers = str(form.get("vers", ""))
    secret = _read_secret(request, account, str(form.get("secret", "")))
    if secret is None:
        return _enrol(request, account, new_secret(), vers, status=400)
    step = step_of(secret, str(form.get("code", "")), console.clock(), None)
    if step is None:
        return _enrol(request, account, secret, vers, problem=words("accounts")["wrong_code"], status=400)
    codes = new_recovery_codes()
    kept = [recovery_digests(console.secrecy, account.id, code)[0] for code in codes]
    values = {"totp": console.secrecy.hide(secret), "totp_step": step, "recovery": kept}
    await desk.book.change(account, "account.second_factor", None, **values)
    response = page(request, "accounts/codes.html", codes=codes, vers=target(vers))
    await welcome(request, response, account)
    return response


def _enrol(
    request: web.Request, account: Account, secret: str, vers: str, *, problem: str = "", status: int = 200
) -> web.Response:
    return page(
        request,
        "accounts/enrol.html",
        status=status,
        picture=picture(secret, account.email),
        readable=readable(secret),
        secret=console_of(request).secrecy.hide([account.id, secret]),
        vers=vers,
        problem=problem,
    )


def _read_secret(request: web.Request, account: Account, hidden: str) -> str | None:
    """The secret that our own page carried, made for this very account."""
    try:
        adviser_id, secret = console_of(request).secrecy.show(hidden[:1000])
    except (UnreadableError, TypeError, ValueError):
        return None
    return str(secret) if adviser_id == account.id else None
