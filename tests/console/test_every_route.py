"""What holds for every route of the console, present and future: roles, territories, forms, log, scripts.

The routes are those of the areas (bot/console/app.py): a new one is held at once. A new part of a path needs a
line in tests/console/samples.py.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.console.access import ROLES
from bot.console.app import AREAS
from bot.console.improve import pseudonyms, scenarios
from bot.console.improve.recogniser import StartingError
from bot.console.models import Access
from tests.console.conftest import Browser, Site, StartSite
from tests.console.samples import ACCOUNT_TRAP, MARK, PARTS, TRAP, conversation, dump

HERE, ELSEWHERE = "ici0000000000000", "ailleurs00000000"
"""Conversations of the departments 52 and 14."""
ROUTES = [route for area in AREAS for route in area.routes if isinstance(route, web.RouteDef)]
FORMS = [route for route in ROUTES if route.method not in ("GET", "HEAD")]
PAGES = [route for route in ROUTES if route.method == "GET"]
NAMES_OF_IDS = ("conversation", "conversations", "id", "ids", "selection", "choix")
"""Fields in which a form may carry ids of conversations."""
OF_ELSEWHERE = "?" + "&".join(f"{key}={ELSEWHERE}" for key in NAMES_OF_IDS)


def name(route: web.RouteDef) -> str:
    return f"{route.method} {route.path}"


def role_of(route: web.RouteDef) -> str:
    return getattr(route.handler, "console_role", None) or "adviser"


def parts(route: web.RouteDef) -> list[str]:
    return re.findall(r"{(\w+)", route.path)


def below(role: str) -> list[str]:
    return [] if role == "everyone" else list(ROLES[: ROLES.index(role)])  # type: ignore[arg-type]


_FOUND: dict[tuple[str, ...], list[list[pseudonyms.Entity]]] = {}


@pytest.fixture(autouse=True)
def names_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """spaCy takes seconds to start: the same texts, asked for again and again here, are read by it once."""
    real = pseudonyms.recognise

    async def recognise(texts: Sequence[str]) -> list[list[pseudonyms.Entity]]:
        while tuple(texts) not in _FOUND:
            with suppress(StartingError):  # the pages would say « come back »: here they must show
                _FOUND[tuple(texts)] = await real(texts)
        return _FOUND[tuple(texts)]

    for module in (pseudonyms, scenarios):
        monkeypatch.setattr(module, "recognise", recognise)


@pytest.fixture
async def site(start_site: StartSite, monkeypatch: pytest.MonkeyPatch) -> Site:
    async def nobody(texts: list[str]) -> list[list[Any]]:
        return [[] for _ in texts]

    # spaCy takes seconds to load and each route is asked many times; test_pseudonyms holds the real one.
    monkeypatch.setattr("bot.console.improve.scenarios.recognise", nobody)
    site = await start_site()
    await conversation(site, HERE, "52")
    await conversation(site, ELSEWHERE, "14")
    return site


async def path(site: Site, route: web.RouteDef, conversation_id: str = HERE) -> str:
    values = {part: await PARTS[part].make(site, conversation_id) for part in parts(route)}
    return "/console" + re.sub(r"{(\w+)[^}]*}", lambda found: values[found[1]], route.path)


async def ask(browser: Browser, route: web.RouteDef, where: str, **fields: Any) -> int:
    if route.method == "GET":
        return (await browser.get(where)).status
    return (await browser._read(await browser.client.request(
        route.method, where, data={"csrf": browser.csrf} | fields, allow_redirects=False
    ))).status  # fmt: skip


async def readings(site: Site, conversation_id: str, adviser_id: int) -> int:
    query = select(Access.id).where(
        Access.conversation_id == conversation_id, Access.adviser_id == adviser_id
    )
    return len(await site.store.read(lambda connection: connection.execute(query).all()))


async def test_les_routes_sont_celles_des_parties_de_la_console(site: Site) -> None:
    (mounted,) = site.server.app._subapps
    served = {
        f"{route.method} {route.resource.canonical.removeprefix('/console')}"
        for route in mounted.router.routes()
        if route.method != "HEAD" and route.resource is not None
    }
    assert served == {re.sub(r"{(\w+)[^}]*}", r"{\1}", name(route)) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_chaque_partie_d_un_chemin_a_son_exemple(route: web.RouteDef) -> None:
    assert set(parts(route)) <= set(PARTS), "add it to tests/console/samples.py"


async def test_personne_n_entre_sans_compte(site: Site) -> None:
    wrong, browser = [], await site.browser()
    for route in ROUTES:
        if role_of(route) == "everyone":
            continue
        status = await ask(browser, route, await path(site, route))
        if status != (303 if route.method == "GET" else 401) or MARK in browser.text:
            wrong.append((name(route), status))
    assert wrong == []
    assert "/console/connexion" in (await (await site.browser()).get("/console/")).headers["Location"]


async def test_chaque_role_n_atteint_que_ses_pages(site: Site) -> None:
    wrong, kept_out = [], {role: await site.sign_in(role) for role in ROLES}
    for route in ROUTES:
        for role in below(role_of(route)):
            browser = kept_out[role]
            if (status := await ask(browser, route, await path(site, route))) != 403 or MARK in browser.text:
                wrong.append((name(route), role, status))
        for role in ROLES:
            if role in below(role_of(route)):
                continue
            browser = await site.sign_in(role)
            own = HERE if route.method == "GET" else await conversation(site, f"c{len(site.clients)}", "52")
            status = await ask(browser, route, await path(site, route, own))
            refused = status in (401, 403) and role_of(route) != "everyone"
            if refused or status >= 500:
                wrong.append((name(route), role, status))
    assert wrong == []


async def test_chaque_formulaire_vient_de_nos_pages(site: Site) -> None:
    wrong = []
    browser, other = await site.sign_in("admin"), await site.sign_in("admin")
    for route in FORMS:
        where = await path(site, route)
        before = await dump(site, HERE)
        for case, fields, headers in (
            ("no token", {"csrf": ""}, {}),
            ("somebody else's", {"csrf": other.csrf}, {}),
            ("another site", {}, {"Origin": "https://ailleurs.example"}),
            ("another site, said by the browser", {}, {"Sec-Fetch-Site": "cross-site"}),
        ):
            response = await browser.client.request(
                route.method,
                where,
                data={"csrf": browser.csrf} | fields,
                headers=headers,
                allow_redirects=False,
            )
            if response.status != 409:
                wrong.append((name(route), case, response.status))
        if await dump(site, HERE) != before:
            wrong.append((name(route), "changed all the same", 0))
    assert wrong == []


async def test_le_territoire_des_autres_est_hors_de_portee(site: Site) -> None:
    """Whatever the role, someone of the Haute-Marne reads and changes nothing of the Calvados."""
    wrong = []
    for route in ROUTES:
        bound = any(PARTS[part].of_conversation for part in parts(route))
        for role in ROLES:
            if role in below(role_of(route)):
                continue
            browser = await site.sign_in(role, ["52"])
            where = await path(site, route, ELSEWHERE)
            before = await dump(site, ELSEWHERE)
            fields = dict.fromkeys(NAMES_OF_IDS, ELSEWHERE)
            status = await ask(
                browser, route, where + (OF_ELSEWHERE if route.method == "GET" else ""), **fields
            )
            if bound and status != 404:
                wrong.append((name(route), role, status))
            if bound and MARK in browser.text:
                wrong.append((name(route), role, "shows it"))
            if await dump(site, ELSEWHERE) != before:
                wrong.append((name(route), role, "changed it"))
            if await readings(site, ELSEWHERE, browser.adviser_id):
                wrong.append((name(route), role, "logged as read"))
    assert wrong == []


async def test_aucune_liste_ne_montre_le_territoire_des_autres(site: Site) -> None:
    wrong = []
    for route in PAGES:
        if any(PARTS[part].of_conversation for part in parts(route)):
            continue
        browser = await site.sign_in("admin", ["976"])
        where = await path(site, route)
        for query in ("", f"?q={MARK}", OF_ELSEWHERE):
            await browser.get(where + query)
            named = ELSEWHERE in browser.text and query != OF_ELSEWHERE  # a filter is said again
            if HERE in browser.text or named or f"alert(1)&gt;{MARK}" in browser.text:
                wrong.append(name(route) + query)
    assert wrong == []


async def test_toute_page_d_une_conversation_est_au_journal(site: Site) -> None:
    wrong = []
    for route in ROUTES:
        if getattr(route.handler, "console_background", False):
            continue
        browser = await site.sign_in("admin", ["52"])
        status = await ask(browser, route, await path(site, route), motif="access")
        shows = status < 300 and ("conversation" in parts(route) or MARK in browser.text)
        if shows and not await readings(site, HERE, browser.adviser_id):
            wrong.append(name(route))
    assert wrong == []
    lines = await site.store.read(lambda connection: connection.execute(select(Access.__table__)).all())
    assert lines
    assert MARK not in str(lines), "the log tells who read, never what"


async def test_aucune_page_n_execute_ce_qu_un_visiteur_a_ecrit(site: Site) -> None:
    wrong = []
    for route in PAGES:
        browser = await site.sign_in("admin", name=ACCOUNT_TRAP)
        response = await browser.get(f"{await path(site, route)}?{urlencode({'q': TRAP, 'qui': TRAP})}")
        if response.content_type == "text/html" and re.search(
            r"<img src=x|<i>(web|1|2|inform|deny|on_leave|c1)</i>|=.javascript:alert", browser.text
        ):
            wrong.append(name(route))
        policy = response.headers["Content-Security-Policy"]
        if (
            "default-src 'none'" not in policy
            or "unsafe" not in policy + "unsafe"
            or "'unsafe-inline'" in policy
        ):
            wrong.append((name(route), policy))
        if re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=\"", browser.text):
            wrong.append((name(route), "inline style or script"))
    assert wrong == []
