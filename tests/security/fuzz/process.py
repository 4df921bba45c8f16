"""The process under the fuzz: `relais gateway` with the console, on SQLite, before a fake Rasa that is always well."""

import asyncio
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import insert

from bot.console.models import AdviserRow
from bot.console.options import ConsoleOptions
from bot.console.sessions import Sessions
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.keys import channel_key
from bot.settings import ROOT
from tests.engines import free_port
from tests.gateway.fake_rasa import FakeRasa
from tests.security.fuzz.requests import Keys

_SECRET = "secret-de-l-essai"
_START_SECONDS = 120
_NO_LIMIT = "1000000000"
"""Not 0, which would leave the limiters out: their memory is watched too."""


@dataclass
class Target:
    """The process, and what was seen of its memory."""

    child: subprocess.Popen[bytes]
    port: int
    log: Path
    sessions: Sessions
    memory: list[tuple[int, float]] = field(default_factory=list)
    """Requests sent so far, and MB held by the process at that moment."""

    def note_memory(self, sent: int) -> None:
        """Take a sample."""
        with suppress(psutil.Error):
            self.memory.append((sent, psutil.Process(self.child.pid).memory_info().rss / 1024 / 1024))

    async def keys(self) -> Keys:
        """A new conversation, kept, and a new session of the administrator."""
        token = await asyncio.to_thread(self._converse)
        console = await self.sessions.open(1, "full")
        return Keys(token, console, self.sessions.form_token(console))

    def _converse(self) -> str:
        token: str = self._post("/api/conversations", {}, "")["token"]
        self._post("/api/messages", {"choice": "yes"}, token)
        return token

    def _post(self, path: str, body: dict[str, str], token: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            answer: dict[str, str] = json.load(response)
            return answer


@asynccontextmanager
async def target(directory: Path) -> AsyncIterator[Target]:
    """The process, ready, for the time of a block."""
    rasa = FakeRasa(channel_key(_SECRET))
    await rasa.server.start_server()
    port, database = free_port(), f"sqlite+aiosqlite:///{directory}/relais.sqlite"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")},
        "RELAIS_VAR": str(directory),
        "RELAIS_SECRET": _SECRET,
        "RELAIS_DATABASE_URL": database,
        "RELAIS_PORT": str(port),
        "RELAIS_ACTIONS_PORT": str(free_port()),
        "RELAIS_RASA_URLS": str(rasa.server.make_url("")),
        "RELAIS_TRUSTED_PROXY": "127.0.0.1",
        **{
            f"RELAIS_RATE_{kind}": _NO_LIMIT
            for kind in ("MESSAGES", "REQUESTS", "CONVERSATIONS", "RESUMES", "ALL_RESUMES")
        },
    }
    log = directory / "relais.log"
    with log.open("wb") as output:
        command = [ROOT / ".venv" / "bin" / "relais", "gateway"]
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    store = None
    try:
        await asyncio.to_thread(_until_alive, child, port, log)
        store = Store(sync_engine(database))
        row = {"email": "essai@exemple.fr", "name": "Essai", "role": "admin", "active": True, "recovery": []}
        row |= {"departments": None, "created_at": now()}
        await store.write(lambda connection: connection.execute(insert(AdviserRow), row).close())
        sessions = Sessions(store, ConsoleOptions.from_environment(), _SECRET, secure=False, clock=now)
        yield Target(child, port, log, sessions)
    finally:
        child.terminate()
        await asyncio.to_thread(child.wait, 30)
        if store is not None:
            await store.close()
        await rasa.server.close()


def _until_alive(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + _START_SECONDS
    while time.monotonic() < limit and child.poll() is None:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response,
        ):
            if response.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"relais gateway did not start: {log.read_text()[-2000:]}")
