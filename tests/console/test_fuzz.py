"""Schemathesis on every route of the console, as an administrator who is signed in: never a 5xx.

`RELAIS_FUZZ=200` sends so many cases to each route instead of the few of every run.
"""

import asyncio
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error

from bot.console.improve import pseudonyms, scenarios
from bot.console.sessions import COOKIE
from tests.console.conftest import Browser, Site
from tests.console.samples import conversation
from tests.gateway.openapi.document import DOCUMENT, PATH

HERE = "ici0000000000000"
PARTS = {"conversation": HERE, "adviser": "2"}
"""What exists: the conversation, and the account of another adviser."""
SCHEMA = schemathesis.openapi.from_path(PATH)
EXAMPLES = int(os.environ.get("RELAIS_FUZZ", "3"))
APART = {
    "/console/deconnexion",  # ends the session that the others need
    "/console/ameliorer/modeles",  # starts processes that compare models
    "/console/demandes/{request}/suite",  # waits
}
OPERATIONS = [
    (method, path)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if path.startswith("/console") and path not in APART
]


def fuzzer(method: str, path: str, base: str, browser: Browser, token: str) -> Callable[[], None]:
    parts = {name: PARTS.get(name, "1") for name in re.findall(r"{(\w+)}", path)}
    operation = SCHEMA[path][method]
    headers = {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": browser.csrf}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(path_parameters=parts or None))
    def send(case: schemathesis.Case) -> None:
        with requests.Session() as session:
            case.call_and_validate(
                base_url=base,
                session=session,
                headers=headers,
                checks=[not_a_server_error],
                timeout=60,
                allow_redirects=False,
            )

    return send


async def test_rien_de_ce_qu_on_envoie_ne_casse_la_console(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(texts: list[str]) -> list[list[Any]]:
        return [[] for _ in texts]

    for module in (pseudonyms, scenarios):  # spaCy takes seconds to start: test_pseudonyms holds the real one
        monkeypatch.setattr(module, "recognise", nobody)
    await conversation(site, HERE, "52")
    browser = await site.sign_in("admin")
    assert (browser.adviser_id, (await site.sign_in()).adviser_id) == (1, 2)
    token = await site.console.sessions.open(browser.adviser_id, "full")
    browser.csrf = site.console.sessions.form_token(token)
    signed_in = {"Cookie": f"{COOKIE}={token}"}
    base = str(site.server.make_url(""))
    for method, path in OPERATIONS:
        await asyncio.to_thread(fuzzer(method, path, base, browser, token))
    still = await (await site.browser()).client.get(
        "/console/comptes", headers=signed_in, allow_redirects=False
    )
    assert still.status == 200, "the session was lost on the way: what came after was not fuzzed"
