"""The list of accounts and what an administrator does with them, within their own territory."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.console.access import ROLES, Adviser, adviser_of, require
from bot.console.accounts.book import Account, EmailTakenError, LastAdminError
from bot.console.accounts.desk import desk_of
from bot.console.accounts.territory import covers, read_departments
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.mail import address
from bot.web.answers import see

routes = web.RouteTableDef()
LIST = "/console/comptes"
_LONGEST_NAME = 120


def theirs(adviser: Adviser, account: Account) -> bool:
    """Whether an administrator may act on an account: its whole territory is theirs."""
    return covers(adviser.departments, account.departments)


@routes.get("/comptes")
@require("admin")
async def people(request: web.Request) -> web.Response:
    """Everyone, and the form to invite someone."""
    return await _list(request)


async def _list(
    request: web.Request,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> web.Response:
    adviser = adviser_of(request)
    accounts = [each for each in await desk_of(request).book.all() if theirs(adviser, each)]
    values = {
        "accounts": accounts,
        "roles": ROLES,
        "problem": problem,
        "typed": typed or {},
        "link": "",
        "for_whom": "",
    }
    return page(request, "accounts/people.html", status=status, **(values | more))


@routes.post("/comptes")
@require("admin")
async def invite(request: web.Request) -> web.Response:
    """A new account and its invitation link, shown once."""
    desk, adviser, said = desk_of(request), adviser_of(request), words("accounts")
    typed = {name: str(value).strip() for name, value in (await request.post()).items()}
    email, departments, problem = _read(adviser, typed)
    if problem:
        return await _list(request, problem=said[problem], typed=typed, status=400)
    name = typed.get("name", "")[:_LONGEST_NAME] or email.partition("@")[0]
    try:
        made = await desk.book.add(email, name, typed["role"], departments, adviser)
    except EmailTakenError:
        return await _list(request, problem=said["email_taken"], typed=typed, status=400)
    account = await desk.book.find(made)
    assert account is not None
    return await _list(request, link=await _new_link(request, account), for_whom=email)


def _read(adviser: Adviser, typed: dict[str, str]) -> tuple[str, list[str] | None, str]:
    """E-mail, departments, and the name of the sentence that says what is wrong."""
    email = address(typed.get("email", "")) or ""
    if not email:
        return "", None, "bad_email"
    if typed.get("role") not in ROLES:
        return "", None, "bad_role"
    departments, unknown = read_departments(typed.get("departments", ""))
    if unknown:
        return "", None, "bad_departments"
    return email, departments, "" if covers(adviser.departments, departments) else "not_yours"


async def _new_link(request: web.Request, account: Account) -> str:
    console, desk = console_of(request), desk_of(request)
    token = await desk.book.link(account, console.options.link, adviser_of(request))
    return f"{console.settings.public_url}/console/invitation/{token}"


async def account_of(request: web.Request) -> Account:
    """The account in the path. Raises HTTPNotFound also for one that is not theirs to see."""
    typed = request.match_info["adviser"]
    account = await desk_of(request).book.find(int(typed)) if typed.isdecimal() and len(typed) < 10 else None
    if account is None or not theirs(adviser_of(request), account):
        raise web.HTTPNotFound
    return account


@routes.get("/comptes/{adviser}")
@require("admin")
async def one(request: web.Request) -> web.Response:
    """One account."""
    return _one(request, await account_of(request))


def _one(
    request: web.Request, account: Account, *, problem: str = "", link: str = "", status: int = 200
) -> web.Response:
    values = {"account": account, "roles": ROLES, "problem": problem, "link": link}
    return page(request, "accounts/one.html", status=status, **values)


@routes.post("/comptes/{adviser}")
@require("admin")
async def change(request: web.Request) -> web.Response:
    """Change name, role and territory. Nobody changes their own role or territory."""
    account, adviser, said = await account_of(request), adviser_of(request), words("accounts")
    typed = {name: str(value).strip() for name, value in (await request.post()).items()}
    _, departments, problem = _read(adviser, typed | {"email": account.email})
    if not problem and account.id == adviser.id:
        same = typed["role"] == account.role and departments == account.departments
        problem = "" if same else "not_yourself"
    if problem:
        return _one(request, account, problem=said[problem], status=400)
    name = typed.get("name", "")[:_LONGEST_NAME] or account.name
    values = {"name": name, "role": typed["role"], "departments": departments}
    return await _apply(request, account, "account.changed", values)


@routes.post("/comptes/{adviser}/lien")
@require("admin")
async def new_link(request: web.Request) -> web.Response:
    """A link to choose a new password, shown once."""
    account = await account_of(request)
    if not account.active:
        return _one(request, account, problem=words("accounts")["not_active"], status=400)
    return _one(request, account, link=await _new_link(request, account))


@routes.post("/comptes/{adviser}/second-facteur")
@require("admin")
async def forget_second_factor(request: web.Request) -> web.Response:
    """A lost telephone: the second factor is set up again at the next sign-in."""
    account = await account_of(request)
    await console_of(request).sessions.end_all(account.id)
    values: dict[str, Any] = {"totp": None, "totp_step": None, "recovery": []}
    return await _apply(request, account, "account.second_factor_removed", values)


@routes.post("/comptes/{adviser}/activite")
@require("admin")
async def switch(request: web.Request) -> web.Response:
    """Deactivate an account, its sessions ending at once; or make it active again."""
    account = await account_of(request)
    if account.id == adviser_of(request).id:
        return _one(request, account, problem=words("accounts")["not_yourself"], status=400)
    what = "account.deactivated" if account.active else "account.reactivated"
    return await _apply(request, account, what, {"active": not account.active})


async def _apply(request: web.Request, account: Account, what: str, values: dict[str, Any]) -> web.Response:
    said = words("accounts")
    try:
        await desk_of(request).book.change(account, what, adviser_of(request), **values)
    except LastAdminError:
        return _one(request, account, problem=said["last_admin"], status=400)
    flash(request, said["done"][what])
    return see(f"{LIST}/{account.id}")


def names(departments: Iterable[str] | None) -> str:
    """« 14, 52 », or that all are seen."""
    return words("accounts")["everywhere"] if departments is None else ", ".join(sorted(departments))
