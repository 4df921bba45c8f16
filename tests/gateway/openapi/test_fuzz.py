"""Schemathesis sends what the document allows and what it does not: never a 5xx, never an answer that it does not say.

`RELAIS_FUZZ=2000` sends so many cases to each operation instead of the few of every run.
"""

import asyncio
import os
from collections.abc import Callable

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.conftest import Person, StartGateway
from tests.gateway.openapi.document import DOCUMENT, PATH
from tests.gateway.test_documents import planned

SCHEMA = schemathesis.openapi.from_path(PATH)
EXAMPLES = int(os.environ.get("RELAIS_FUZZ", "20"))
PROVED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NEVER_ENDS = "/api/conversation/events"
ERASES = ("delete", "/api/conversation")
OPERATIONS = sorted(
    (
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if (path.startswith("/api/") and path != NEVER_ENDS) or path in ("/healthz", "/metrics")
    ),
    key=lambda operation: (operation == ERASES, operation),
)
"""`/readyz` answers 503 by right; pages are fuzzed in tests/gateway/test_guard.py. Erasing comes last."""


def can_be_wrong(method: str, path: str) -> bool:
    """Whether there is anything in a request that the document does not allow."""
    operation = DOCUMENT["paths"][path][method]
    return any(operation.get(part) for part in ("parameters", "requestBody"))


def fuzzer(
    method: str, path: str, base: str, token: Callable[[], str], mode: GenerationMode
) -> Callable[[], None]:
    operation = SCHEMA[path][method]
    session = requests.Session()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        headers = {"Authorization": f"Bearer {token()}"}
        case.call_and_validate(base_url=base, session=session, headers=headers, checks=PROVED, timeout=60)

    def run() -> None:
        with session:
            send()

    return run


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["permis", "interdit"]
)
async def test_rien_de_ce_qu_on_envoie_ne_casse_l_api(start: StartGateway, mode: GenerationMode) -> None:
    person: Person = await planned(await start(resumes_per_minute=0, all_resumes_per_minute=0))
    base, loop = str(person.client.make_url("")), asyncio.get_running_loop()

    async def again() -> str:
        await person.begin(consent="yes")
        return person.token

    def another() -> str:
        return asyncio.run_coroutine_threadsafe(again(), loop).result(60)

    for method, path in OPERATIONS:
        if mode is GenerationMode.POSITIVE or can_be_wrong(method, path):
            token = another if (method, path) == ERASES else lambda: person.token
            await asyncio.to_thread(fuzzer(method, path, base, token, mode))
