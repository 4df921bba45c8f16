"""A few hundred of the random requests of `python -m tests.security.fuzz`, in this process: no 5xx, no silence."""

import asyncio
from random import Random

import pytest

from tests.console.conftest import StartSite
from tests.console.conftest import start_site as start_site
from tests.gateway.conftest import rasa as rasa
from tests.gateway.conftest import settings as settings
from tests.security.fuzz.client import Client
from tests.security.fuzz.report import Report
from tests.security.fuzz.requests import Keys, Request, make

REQUESTS = 300


async def test_rien_de_ce_qu_on_envoie_ne_casse_le_processus_public(start_site: StartSite) -> None:
    site = await start_site()
    browser = await site.sign_in("admin")
    console = await site.console.sessions.open(browser.adviser_id, "full")
    client = Client(site.server.port or 0)
    report = Report("tests")
    for number in range(REQUESTS):
        if number % 40 == 0:
            visitor = (await site.browser()).client
            async with visitor.post("/api/conversations", json={}) as response:
                token = (await response.json())["token"]
        keys = Keys(token, console, site.console.sessions.form_token(console))
        request = make(Random(f"tests-{number}"), keys)
        report.note(number, request, await asyncio.to_thread(client.send, request))
    client.close()
    assert report.faults == []
    assert len(report.statuses) > 6, "requests of every sort"


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("path", "headers", "body", "expected"),
    [
        ("/console/connexion", {"Content-Type": FORM}, b"\xcc\xff=1", 400),
        ("/console/connexion", {"Content-Type": f"{FORM}; charset=rot13"}, b"a=1", 400),
        ("/console/connexion", {"Content-Type": "multipart/form-data"}, b"--x\r\n\r\n--x--", 400),
        ("/console/connexion", {"Content-Type": FORM, "Content-Encoding": "gzip"}, b"rien", 400),
        (
            "/plan/open",
            {"Content-Type": "multipart/form-data", "Origin": "https://www.exemple.fr"},
            b"--x",
            401,
        ),
        ("/api/messages", {"Content-Type": "application/json", "Expect": "\udcff\udcfe"}, b"{}", 417),
        ("/inconnu", {"Content-Type": "application/json", "Expect": "\udcff\udcfe"}, b"{}", 417),
    ],
)
async def test_ce_que_l_essai_a_trouve(
    start_site: StartSite, path: str, headers: dict[str, str], body: bytes, expected: int
) -> None:
    """As an administrator's own browser would send it: what went wrong came after the form's own token was seen."""
    site = await start_site()
    browser = await site.sign_in("admin")
    token = await site.console.sessions.open(browser.adviser_id, "full")
    given = {"Host": "127.0.0.1", "Cookie": f"relais_console={token}", "Content-Length": str(len(body))}
    given |= {"X-CSRF-Token": site.console.sessions.form_token(token)} | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
    client = Client(site.server.port or 0)
    outcome = await asyncio.to_thread(client.send, Request(path, "POST", head, body, sound=False))
    client.close()
    assert outcome.status == expected
