"""How fast the console's inbox answers: `python -m tests.load.console --database URL` after tests.load.populate.

Real pages over HTTP, one after the other, as an adviser asks for them: the list with each filter, for someone of
the whole country and for someone of one department, then the longest conversation. Prints a table in Markdown.
"""

import argparse
import asyncio
import math
import os
import platform
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import delete, insert, select

from bot.console.context import CONSOLE
from bot.console.models import AdviserRow
from bot.console.sessions import COOKIE
from bot.conversation.models import Conversation
from bot.conversation.state import now
from bot.gateway.app import create_app
from bot.gateway.options import Options
from bot.gateway.rasa import RasaClient
from bot.runtime.supervisor import mount_console
from bot.settings import Settings

FILTERS = {
    "toutes": "", "tous les statuts": "statut=any", "traitées": "statut=done", "file : une personne": "file=human",
    "file : alerte": "file=safety", "file : échantillon": "file=sample", "file : contradiction": "file=contradiction",
    "département": "departement=52", "canal et public": "canal=sms&public=employer", "profil": "profil=farm",
    "confiance": "confiance_max=30", "longueur": "tours_min=100", "dates": "du=2026-11-20&au=2026-11-22",
    "intention rare": "intention=ask_rqth", "intention courante": "intention=inform",
    "fait": "fait=on_leave%3Dtrue", "étape du parcours": "orientation=cap_emploi&issue=plan",
    "ceci puis cela, courants": "evenement=asks:consent&puis=intent:inform",
    "ceci puis cela, rares": "evenement=intent:ask_rqth&puis=intent:ask_dismissal",
    "mot courant": "q=arret", "mot rare": "q=harcelement", "mot absent": "q=xyzzy", "deux mots": "q=rqth+dossier",
    "cinq filtres": "intention=ask_rqth&q=mdph&statut=any&departement=52&public=worker",
}  # fmt: skip
"""What is asked of the list; `tests/load/populate.py` gives each some answers, but for the absent word."""
ADVISERS: dict[str, list[str] | None] = {"toute la France": None, "un département": ["52"]}


@dataclass(frozen=True)
class Measured:
    """Times of one page, in milliseconds: on the clock, and of processor (this process: console and browser)."""

    name: str
    times: list[tuple[float, float]]

    @property
    def p95(self) -> float:
        """The 95th percentile on the clock, by the nearest rank."""
        return _p95([clock for clock, _ in self.times])

    def line(self) -> str:
        """A line of the table."""
        clock, processor = ([each[rank] for each in self.times] for rank in (0, 1))
        figures = (statistics.median(clock), self.p95, statistics.median(processor), _p95(processor))
        return f"| {self.name} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |"


def _p95(times: list[float]) -> float:
    ranked = sorted(times)
    return ranked[math.ceil(0.95 * len(ranked)) - 1]


@asynccontextmanager
async def console(settings: Settings) -> AsyncIterator[tuple[dict[str, TestClient[Any, Any]], Any]]:
    """The public process with its console, and a browser signed in for each of ADVISERS."""
    public = create_app(settings, rasa=RasaClient("http://127.0.0.1:9", "k", timeout=1), options=Options())
    mounted = mount_console(public)
    server = TestServer(public)
    await server.start_server()
    parts, clients, made = mounted[CONSOLE], {}, []
    for name, departments in ADVISERS.items():
        row = {"email": f"{os.urandom(6).hex()}@exemple.fr", "name": name, "role": "adviser", "active": True}
        row |= {"departments": departments, "recovery": [], "created_at": now()}
        added = insert(AdviserRow).values(row).returning(AdviserRow.id)
        number = await parts.store.write(
            lambda connection, added=added: connection.execute(added).scalar_one()
        )
        token = await parts.sessions.open(number, "full")
        clients[name] = TestClient(server, cookie_jar=CookieJar(unsafe=True))
        clients[name].session.cookie_jar.update_cookies({COOKIE: token}, server.make_url("/console/"))
        made.append(number)
    try:
        yield clients, parts.store
    finally:
        gone = delete(AdviserRow).where(AdviserRow.id.in_(made))
        await parts.store.write(lambda connection: connection.execute(gone).close())
        for client in clients.values():
            await client.session.close()
        await server.close()


async def timed(client: TestClient[Any, Any], path: str, times: int) -> list[tuple[float, float]]:
    """Ask for a page so many times; raises AssertionError when it is not there."""
    found = []
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        async with client.get(path, allow_redirects=False) as response:
            await response.read()
            assert response.status == 200, (path, response.status)
        found.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return found


async def measure(settings: Settings, *, rounds: int) -> list[Measured]:
    """Every page, `rounds` times, in turn so that no cache serves the same one twice in a row."""
    lists: dict[str, list[tuple[float, float]]] = {name: [] for name in FILTERS}
    opened: list[tuple[float, float]] = []
    earlier: list[tuple[float, float]] = []
    async with console(settings) as (clients, store):
        longest = select(Conversation.id, Conversation.turns).order_by(Conversation.turns.desc()).limit(1)
        conversation, turns = await store.read(lambda connection: connection.execute(longest).one())
        await timed(clients["toute la France"], "/console/conversations", 1)  # templates, first index pass
        for _ in range(rounds):
            for name, query in FILTERS.items():
                for client in clients.values():
                    lists[name] += await timed(client, f"/console/conversations?{query}", 1)
            page = f"/console/conversations/{conversation}"
            opened += await timed(clients["toute la France"], page, 3)
            earlier += await timed(clients["toute la France"], f"{page}?avant={turns // 2}", 3)
    everything = Measured(
        "**la liste, tous filtres ensemble**", [each for times in lists.values() for each in times]
    )
    pages = [Measured(f"conversation de {turns} tours", opened), Measured("… remontée de moitié", earlier)]
    return [*(Measured(name, times) for name, times in lists.items()), everything, *pages]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {
            "RELAIS_VAR": var,
            "RELAIS_DATABASE_URL": options.database,
            "RELAIS_RETENTION_DAYS": "3650",
        }
        found = asyncio.run(measure(Settings.from_environment(), rounds=options.rounds))
    load = os.getloadavg()[0]
    kind = options.database.partition(":")[0].partition("+")[0]
    print(
        f"{kind}, {platform.machine()}, {os.cpu_count()} cœurs, charge {load:.1f}, {now():%Y-%m-%d %H:%M} UTC\n"
    )
    print(
        "| page | médiane (ms) | p95 (ms) | processeur, médiane (ms) | processeur, p95 (ms) |\n|---|--:|--:|--:|--:|"
    )
    print("\n".join(each.line() for each in found))


if __name__ == "__main__":
    main()
