"""An in-process server that speaks the Explore v2.1 API, faults included, and databases held in memory."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.directory.lookup import Directory, memory_engine


@pytest.fixture(scope="session")
def directory() -> Directory:
    """The project's own data."""
    return Directory.load()


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Our tables in memory, filled from the project's files."""
    made = memory_engine()
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


class Explore:
    """A data set served page by page, as api-lannuaire.service-public.gouv.fr does.

    `faults` are taken one by one, in order, before good answers: slow, 429, 500, half, not_json, short, 404.
    """

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        self.agents.add(request.headers.get("User-Agent", ""))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "slow":
            await asyncio.sleep(5)
        if fault in ("429", "500", "404"):
            headers = {"Retry-After": "0"} if fault == "429" else {}
            return web.json_response({"error_code": fault}, status=int(fault), headers=headers)
        page = self.page(request)
        if fault == "short":
            page["results"] = page["results"][:-1]
        text = json.dumps(page)
        if fault == "not_json":
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        if fault == "half":
            response = web.StreamResponse(headers={"Content-Length": str(len(text))})
            await response.prepare(request)
            await response.write(text[: len(text) // 2].encode())
            request.transport and request.transport.close()
            return response
        return web.Response(text=text, content_type="application/json")

    def page(self, request: web.Request) -> dict[str, Any]:
        where = request.query.get("where", "")
        kept = [r for r in self.records if not where or where.split("%")[1] in str(r.get("pivot", ""))]
        limit, offset = int(request.query.get("limit", "10")), int(request.query.get("offset", "0"))
        assert limit <= 100, "the real API refuses more than 100 records a page"
        return {"total_count": len(kept), "results": kept[offset : offset + limit]}


@pytest.fixture
async def explore() -> AsyncIterator[Explore]:
    service = Explore()
    app = web.Application()
    app.router.add_get("/records", service.answer)
    server = TestServer(app)
    await server.start_server()
    service.url = str(server.make_url("/records"))
    yield service
    await server.close()


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands write under a directory of the test, with an embedded database that has no table yet."""
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    monkeypatch.delenv("RELAIS_DATABASE_URL", raising=False)
    return tmp_path
