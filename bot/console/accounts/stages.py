"""From one stage of signing in to the next: a new session token each time, so that none known before opens anything."""

from aiohttp import web
from yarl import URL

from bot.console.accounts.book import Account
from bot.console.accounts.desk import desk_of
from bot.console.accounts.devices import remember_device
from bot.console.context import console_of
from bot.console.guard import ENROL, SECOND_FACTOR
from bot.console.sessions import COOKIE, Stage
from bot.web.answers import see

HOME = "/console/"
_LONGEST = 1000


def target(typed: str) -> str:
    """Where to go after signing in: a page of the console, or its home for anything else."""
    path = typed.partition("?")[0]
    safe = typed.startswith(HOME) and "//" not in path and not set(typed) & set("\\\r\n\t")
    return typed if safe and len(typed) < _LONGEST else HOME


async def after_first_factor(request: web.Request, account: Account, vers: str) -> web.Response:
    """The second factor comes next: to give, or to set up."""
    stage: Stage = "factor" if account.totp else "enrol"
    address = URL(SECOND_FACTOR if account.totp else ENROL).with_query({"vers": target(vers)})
    response = see(str(address))
    await give_session(request, response, account, stage)
    return response


async def signed_in(request: web.Request, account: Account, vers: str) -> web.Response:
    """Everything is proven: the console opens."""
    response = see(target(vers))
    await welcome(request, response, account)
    return response


async def welcome(request: web.Request, response: web.Response, account: Account) -> None:
    """Open the console to someone whose factors are proven, and know this browser the next time."""
    await give_session(request, response, account, "full")
    await desk_of(request).book.seen(account)


async def give_session(request: web.Request, response: web.Response, account: Account, stage: Stage) -> None:
    """Open a session at this stage in place of the one before."""
    console = console_of(request)
    token = await console.sessions.open(account.id, stage, instead_of=request.cookies.get(COOKIE, ""))
    console.sessions.give(response, token)
    if stage == "full":
        remember_device(request, response, account)
