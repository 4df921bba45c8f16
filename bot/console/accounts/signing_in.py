"""Signing in by password, then the second factor; signing out."""

from datetime import timedelta
from math import ceil

from aiohttp import web

from bot.console.access import adviser_of, open_to_all, record
from bot.console.accounts.book import Account
from bot.console.accounts.desk import desk_of
from bot.console.accounts.devices import known_device
from bot.console.accounts.oidc.settings import OIDC
from bot.console.accounts.second_factor import recovery_digests, step_of
from bot.console.accounts.stages import after_first_factor, signed_in
from bot.console.context import console_of
from bot.console.guard import SESSION, SIGN_IN
from bot.console.pages import page, words
from bot.web.addresses import client_key
from bot.web.answers import see

routes = web.RouteTableDef()


@routes.get("/connexion")
@open_to_all
async def sign_in_page(request: web.Request) -> web.Response:
    """The form."""
    return _sign_in(request, vers=request.query.get("vers", ""))


@routes.post("/connexion")
@open_to_all
async def sign_in(request: web.Request) -> web.Response:
    """Check the password. The same sentence whether the account exists or not."""
    form, desk = await request.post(), desk_of(request)
    email, password, vers = (str(form.get(name, "")) for name in ("email", "password", "vers"))
    account = await desk.book.by_email(email)
    device = known_device(request, account)
    counted = ("device", device) if device else ("account", email.strip().lower()[:254])
    address = client_key(request, console_of(request).trusted_proxies)
    waits = [await desk.tries.take("address", address), await desk.tries.take(*counted)]
    if any(waits):
        if account is not None and waits[1] is not None:
            await record(request, "account.locked", about=account.email)
        return _sign_in(request, vers=vers, email=email, problem=_too_many(waits), status=429)
    right = await desk.passwords.check(None if account is None else account.password, password)
    if account is None or not right or not account.active:
        return _sign_in(request, vers=vers, email=email, problem=words("accounts")["wrong"], status=401)
    await desk.tries.forgive("address", address, all_of_them=False)
    await desk.tries.forgive(*counted)
    return await after_first_factor(request, account, vers)


def _sign_in(
    request: web.Request, *, vers: str, email: str = "", problem: str = "", status: int = 200
) -> web.Response:
    oidc = request.app.get(OIDC)
    values = {"vers": vers, "email": email, "problem": problem, "organisation": oidc and oidc.name}
    return page(request, "accounts/sign_in.html", status=status, **values)


def _too_many(waits: list[timedelta | None]) -> str:
    longest = max(wait for wait in waits if wait is not None)
    sentence: str = words("accounts")["too_many"]
    return sentence.format(minutes=ceil(longest.total_seconds() / 60))


async def account_at(request: web.Request, stage: str) -> Account | None:
    """Whose sign-in is at this stage; None sends back to its beginning."""
    session = request.get(SESSION)
    if session is None or session.stage != stage:
        return None
    return await desk_of(request).book.find(session.adviser.id)


@routes.get("/connexion/code")
@open_to_all
async def code_page(request: web.Request) -> web.Response:
    """The form of the second factor."""
    if await account_at(request, "factor") is None:
        return see(SIGN_IN)
    return page(request, "accounts/code.html", vers=request.query.get("vers", ""), problem="")


@routes.post("/connexion/code")
@open_to_all
async def give_code(request: web.Request) -> web.Response:
    """Check a code of the telephone, or a recovery code."""
    account, desk = await account_at(request, "factor"), desk_of(request)
    if account is None:
        return see(SIGN_IN)
    form = await request.post()
    typed, vers = str(form.get("code", ""))[:64], str(form.get("vers", ""))
    wait = await desk.tries.take("factor", str(account.id))
    if wait is not None:
        await record(request, "account.locked", about=account.email)
        return page(request, "accounts/code.html", status=429, vers=vers, problem=_too_many([wait]))
    if not await _is_right(request, account, typed):
        problem = words("accounts")["wrong_code"]
        return page(request, "accounts/code.html", status=401, vers=vers, problem=problem)
    await desk.tries.forgive("factor", str(account.id))
    return await signed_in(request, account, vers)


async def _is_right(request: web.Request, account: Account, typed: str) -> bool:
    console, book = console_of(request), desk_of(request).book
    if account.totp is None:
        return False
    step = step_of(console.secrecy.show(account.totp), typed, console.clock(), account.totp_step)
    if step is not None:
        return await book.use_step(account, step)
    return await book.use_recovery(account, recovery_digests(console.secrecy, account.id, typed))


@routes.post("/deconnexion")
async def sign_out(request: web.Request) -> web.Response:
    """End the session, here and in the browser."""
    console = console_of(request)
    await console.sessions.end(request[SESSION])
    await record(request, "account.signed_out", about=adviser_of(request).email)
    response = see(SIGN_IN)
    console.sessions.take_back(response)
    return response
