"""A few hundred of the random requests of `python -m tests.security.fuzz`, in this process: no 5xx, no silence."""

import asyncio
from random import Random

from tests.console.conftest import StartSite
from tests.console.conftest import start_site as start_site
from tests.gateway.conftest import rasa as rasa
from tests.gateway.conftest import settings as settings
from tests.security.fuzz.client import Client
from tests.security.fuzz.report import Report
from tests.security.fuzz.requests import Keys, make

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
