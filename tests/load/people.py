"""Someone who talks through any public process, tries again when one does not answer, and remembers the answers."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

PATIENCE = 150.0
"""Seconds after which a message that is not answered counts as lost."""
REQUEST_SECONDS = 30.0
IMPATIENT = 0.1
"""Share of messages that are sent twice at the same moment, perhaps to two processes."""
TEXTS = (
    "je suis salarié dans un bureau à Caen, en arrêt maladie depuis 2 mois",
    "est-ce que je vais être payé pendant mon arrêt ?",
    "c'est à cause de mon dos, pas du travail",
    "c'est quoi la visite de pré-reprise ?",
    "j'ai 47 ans et je suis en CDI",
    "comment obtenir la RQTH ?",
    "je ne sais pas si je pourrai reprendre le même poste",
    "qui peut m'aider à garder mon emploi ?",
)


@dataclass
class Tally:
    """What everybody saw."""

    seconds: list[float] = field(default_factory=list)
    tries_again: int = 0
    answered: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class Person:
    """One conversation. `told`: for each message in order, its id and the ids of the answer that was acknowledged."""

    name: str
    urls: Callable[[], Sequence[str]]
    tally: Tally
    consent: str
    token: str = ""
    opening: list[str] = field(default_factory=list)
    told: list[tuple[str, list[str]]] = field(default_factory=list)

    async def begin(self, session: aiohttp.ClientSession) -> None:
        """Open the conversation."""
        status, body = await self._until_answered(session, "POST", "/api/conversations", {})
        assert status == 201, body
        self.token = body["token"]
        self.opening = [message["id"] for message in body["messages"]]

    async def talk(self, session: aiohttp.ClientSession, turns: int, pause: float) -> None:
        """Answer the question of consent, then write."""
        choices = itertools.cycle(random.sample(TEXTS, len(TEXTS)))
        for rank in range(turns):
            await asyncio.sleep(random.uniform(0, 2 * pause))
            said = {"choice": self.consent} if rank == 0 else {"text": next(choices)}
            message_id = f"{self.name}-{rank}"
            started = time.perf_counter()
            message = {**said, "id": message_id}
            sending = [self._until_answered(session, "POST", "/api/messages", message)]
            if random.random() < IMPATIENT:
                sending.append(self._until_answered(session, "POST", "/api/messages", message))
            (status, body), *others = await asyncio.gather(*sending)
            if any(other != (status, body) for other in others):
                self.tally.lost.append(f"{message_id}: two answers")
                return
            if status != 200:
                self.tally.lost.append(f"{message_id}: {status}")
                return
            self.tally.seconds.append(time.perf_counter() - started)
            self.tally.answered += 1
            self.told.append((message_id, [message["id"] for message in body["messages"]]))

    async def transcript(self, session: aiohttp.ClientSession) -> list[tuple[str, str]]:
        """(who, id) of everything in the conversation, as any process shows it."""
        _, body = await self._until_answered(session, "GET", "/api/conversation", None)
        return [(message["from"], message["id"]) for message in body.get("messages", [])]

    @property
    def expected(self) -> list[tuple[str, str]]:
        """What the transcript has to be: all that was acknowledged, once, in order, and nothing else."""
        said = [("bot", each) for each in self.opening]
        for message_id, answer in self.told:
            said += [("user", message_id), *(("bot", each) for each in answer)]
        return said

    async def _until_answered(
        self, session: aiohttp.ClientSession, method: str, path: str, body: dict[str, Any] | None
    ) -> tuple[int, dict[str, Any]]:
        """As a browser does it: the same message again, to whichever process the load balancer names."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        limit, pause = time.monotonic() + PATIENCE, 0.3
        status, answer = 0, {}
        while time.monotonic() < limit:
            url = random.choice(self.urls()) + path
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    async with session.request(method, url, json=body, headers=headers) as response:
                        status, answer = response.status, await response.json()
                if status not in (429, 502, 503):
                    return status, answer
            except (aiohttp.ClientError, OSError, TimeoutError):
                status = 0
            self.tally.tries_again += 1
            await asyncio.sleep(random.uniform(pause / 2, pause))
            pause = min(pause * 1.5, 3)
        return status, answer
