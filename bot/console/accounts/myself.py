"""One's own account: password, recovery codes, other sessions."""

from aiohttp import web

from bot.console.access import adviser_of
from bot.console.accounts.book import Account
from bot.console.accounts.desk import desk_of
from bot.console.accounts.passwords import weakness
from bot.console.accounts.second_factor import new_recovery_codes, recovery_digests
from bot.console.accounts.stages import give_session
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.guard import SESSION
from bot.console.pages import page, words
from bot.web.answers import see

routes = web.RouteTableDef()
MYSELF = "/console/moi"


async def _account(request: web.Request) -> Account:
    account = await desk_of(request).book.find(adviser_of(request).id)
    if account is None:
        raise web.HTTPNotFound
    return account


def _show(request: web.Request, account: Account, *, problem: str = "", status: int = 200) -> web.Response:
    return page(request, "accounts/myself.html", status=status, account=account, problem=problem)


@routes.get("/moi")
async def myself(request: web.Request) -> web.Response:
    """One's account."""
    return _show(request, await _account(request))


async def _proven(request: web.Request, account: Account, typed: str) -> str:
    """Name of the sentence that refuses; empty when the present password is right. Tries are counted."""
    desk = desk_of(request)
    if await desk.tries.take("factor", f"password {account.id}") is not None:
        return "too_many_here"
    if not await desk.passwords.check(account.password, typed):
        return "wrong_password"
    await desk.tries.forgive("factor", f"password {account.id}")
    return ""


@routes.post("/moi/mot-de-passe")
async def change_password(request: web.Request) -> web.Response:
    """A new password; every other session ends."""
    account, desk, form = await _account(request), desk_of(request), await request.post()
    password = str(form.get("password", ""))
    problem = await _proven(request, account, str(form.get("current", "")))
    problem = problem or weakness(password, account.email) or ""
    if not problem and password != str(form.get("again", "")):
        problem = "password_differs"
    if problem:
        return _show(request, account, problem=words("accounts")[problem], status=400)
    kept = await desk.passwords.hash(password)
    await desk.book.change(account, "account.password", adviser_of(request), password=kept)
    await console_of(request).sessions.end_all(account.id)
    flash(request, words("accounts")["done"]["account.password"])
    response = see(MYSELF)
    await give_session(request, response, await _account(request), "full")
    return response


@routes.post("/moi/codes")
async def renew_codes(request: web.Request) -> web.Response:
    """New recovery codes, shown once; the old ones open nothing any more."""
    account, console = await _account(request), console_of(request)
    problem = await _proven(request, account, str((await request.post()).get("current", "")))
    if problem:
        return _show(request, account, problem=words("accounts")[problem], status=400)
    codes = new_recovery_codes()
    kept = [recovery_digests(console.secrecy, account.id, code)[0] for code in codes]
    await desk_of(request).book.change(
        account, "account.recovery_renewed", adviser_of(request), recovery=kept
    )
    return page(request, "accounts/codes.html", codes=codes, vers=MYSELF)


@routes.post("/moi/sessions")
async def end_others(request: web.Request) -> web.Response:
    """End one's sessions in other browsers."""
    await console_of(request).sessions.end_all(adviser_of(request).id, but=request[SESSION].digest)
    flash(request, words("accounts")["done"]["sessions"])
    return see(MYSELF)
