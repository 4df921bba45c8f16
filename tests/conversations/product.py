"""The product started as `make run` starts it, in a directory of its own, and a person who talks to it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

from bot.settings import ROOT, Settings

START_SECONDS = 120.0
RELAIS = ROOT / ".venv" / "bin" / "relais"
TOOLS = ("why_question", "dont_know", "go_back")
"""Choices that every question has, which are not answers."""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """One running Relais. `output` is everything its processes print."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.port, self.rasa_port = free_port(), free_port()
        self.output = var / "output.log"
        self._environment = {
            **os.environ,
            "RELAIS_VAR": str(var),
            "RELAIS_MODELS": str(Settings.from_environment().models),
            "RELAIS_PORT": str(self.port),
            "RELAIS_RASA_PORT": str(self.rasa_port),
            "RELAIS_ACTIONS_PORT": str(free_port()),
            **{f"RELAIS_RATE_{kind}": "0" for kind in ("MESSAGES", "REQUESTS", "CONVERSATIONS")},
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the public process."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it says where it answers."""
        self.var.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as log:
            self.process = subprocess.Popen(
                [RELAIS, "serve"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        already = self.output.read_bytes().count(b"Relais r\xc3\xa9pond")
        limit = time.monotonic() + START_SECONDS
        while self.output.read_bytes().count(b"Relais r\xc3\xa9pond") == already:
            assert self.process.poll() is None, self.output.read_text()[-3000:]
            assert time.monotonic() < limit, "not ready: " + self.output.read_text()[-3000:]
            time.sleep(0.1)

    def stop(self) -> int:
        """End it as an operator does; returns its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        """End the public process without a word."""
        assert self.process
        self.process.kill()
        self.process.wait()

    @contextlib.contextmanager
    def running(self) -> Iterator["Product"]:
        """Running for the time of a block."""
        self.start()
        try:
            yield self
        finally:
            if self.process and self.process.poll() is None:
                self.stop()


class Person:
    """Somebody who writes. Keeps the last messages; `asks` is the open question."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.token = ""
        self.messages: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.plan: dict[str, Any] | None = None

    async def _post(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._product.url + path, json=body, headers=headers) as response,
        ):
            answer = await response.json()
            assert response.status < 300, (response.status, answer, body)
        self.token = answer.get("token", self.token)
        self.messages = answer["messages"]
        assert self.messages, f"silence after {body}"
        if self.asks:
            self.asked.append(self.asks)
        self.plan = next((m["plan"] for m in self.messages if m.get("plan")), self.plan)
        return self.messages

    async def arrive(self, consent: str | None = "yes") -> "Person":
        """Open the conversation and answer the question of consent."""
        await self._post("/api/conversations", {})
        if consent:
            await self.choose(consent)
        return self

    async def say(self, text: str) -> str:
        """Write; returns everything that is answered, as one text."""
        await self._post("/api/messages", {"text": text})
        return self.heard

    async def choose(self, choice: str) -> str:
        """Press a button."""
        await self._post("/api/messages", {"choice": choice})
        return self.heard

    async def get(self, path: str) -> tuple[int, Any]:
        """GET with this person's token: status and JSON."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.get(self._product.url + path, headers=headers) as response,
        ):
            return response.status, await response.json()

    @property
    def heard(self) -> str:
        """The last answer as one text."""
        return "\n".join(message["text"] or "" for message in self.messages)

    @property
    def asks(self) -> str | None:
        """The fact that the last answer asks for."""
        return next((message["asks"] for message in reversed(self.messages) if message.get("asks")), None)

    @property
    def choices(self) -> list[str]:
        """Choices that answer the open question."""
        offered = [choice["id"] for message in self.messages for choice in message.get("choices") or []]
        return [choice for choice in offered if choice not in TOOLS]

    async def to_plan(self, answers: dict[str, str], limit: int = 16) -> dict[str, Any]:
        """Answer each question from `answers` (words, or a choice's id), « je ne sais pas » otherwise, to the plan."""
        for _ in range(limit):
            if self.plan:
                return self.plan
            if self.asks == "confirm":
                await self.choose("yes")
            elif self.asks in answers and answers[self.asks] in self.choices:
                await self.choose(answers[self.asks])
            elif self.asks in answers:
                await self.say(answers[self.asks])
            else:
                await self.choose("dont_know")
        raise AssertionError(f"no plan after {limit} questions: {self.asked}")

    @property
    def questions(self) -> list[str]:
        """Facts asked so far, consent, recap and feedback left out."""
        return [asked for asked in self.asked if asked not in ("consent", "confirm", "feedback")]
