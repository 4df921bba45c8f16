"""The client of Rasa's `relais` channel: one question, one answer, never a silence.

Every failure (unreachable, too slow, an error, an answer that is not one) is one exception that names its
kind and holds nothing of what was said. With several Rasa processes, each conversation has one that it goes to
first, where its tracker is at hand; the others take over when that one does not answer a connection.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.keys import channel_key
from bot.settings import Settings

_KEEP_ALIVE = 4.0  # below Rasa's own 5 s, so that it never closes a connection that we are about to use
_MAX_ANSWER = 2 * 1024 * 1024
_CONNECT_SECONDS = 2.0
_AWAY_SECONDS = 5.0
"""How long a Rasa that refused a connection is asked last."""
_SLOW_SECONDS = 30.0
"""The same for one that did not answer in time."""


class RasaUnavailableError(Exception):
    """Rasa did not answer a turn. `kind`: unreachable, timeout, error, garbage, empty."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class RasaReply:
    """Answer of the channel; see the brief of the channel in `bot/dialogue`."""

    messages: list[dict[str, Any]]
    intent: str | None
    confidence: float | None
    ranking: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    asks: str | None
    input: str | None
    situation: dict[str, Any]
    consent: str | None
    model: str | None
    progress: dict[str, int] | None

    @classmethod
    def from_json(cls, body: Any) -> "RasaReply":
        """Read an answer. Raises RasaUnavailableError: "garbage" (wrong shape), "empty"."""
        if not isinstance(body, dict):
            raise RasaUnavailableError("garbage")
        messages = body.get("messages")
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise RasaUnavailableError("garbage")
        if not messages:
            raise RasaUnavailableError("empty")
        parse = _mapping(body.get("parse"))
        confidence = parse.get("confidence")
        consent = body.get("consent")
        return cls(
            messages=messages,
            intent=_short(parse.get("intent"), 64),
            confidence=float(confidence) if isinstance(confidence, int | float) else None,
            ranking=_mappings(parse.get("ranking")),
            facts=_mappings(parse.get("facts")),
            asks=_short(body.get("asks"), 32),
            input=_short(body.get("input"), 16),
            situation=_mapping(body.get("situation")),
            consent=consent if consent in ("yes", "no") else None,
            model=_short(body.get("model"), 128),
            progress=_progress(body.get("progress")),
        )


class RasaClient:
    """Keeps connections to Rasa open. Make it inside a running event loop's life; `close()` at the end."""

    def __init__(
        self,
        base_urls: str | Sequence[str],
        key: str,
        *,
        timeout: float = 20.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        bases = [base_urls] if isinstance(base_urls, str) else base_urls
        self._channels = [f"{base.rstrip('/')}/webhooks/relais" for base in bases]
        self._away_until = dict.fromkeys(self._channels, 0.0)
        self._clock = clock
        self._headers = {"Authorization": f"Bearer {key}"}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, settings: Settings, *, timeout: float = 20.0) -> "RasaClient":
        """The client of the Rasa processes that these settings name."""
        urls = settings.rasa_urls or (f"http://127.0.0.1:{settings.rasa_port}",)
        return cls(urls, channel_key(settings.secret), timeout=timeout)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=200, keepalive_timeout=_KEEP_ALIVE),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                auto_decompress=False,
            )
        return self._session

    def _in_order(self, sender: str) -> list[str]:
        """Whom to ask for this sender: its own first (rendezvous hashing), those that were just away last."""
        moment = self._clock()
        weight = {each: sha256(f"{each} {sender}".encode()).digest() for each in self._channels}
        return sorted(self._channels, key=lambda each: (self._away_until[each] > moment, weight[each]))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self, sender: str, text: str, metadata: dict[str, Any], *, timeout: float | None = None
    ) -> RasaReply:
        """Give Rasa one message and wait for its answer. Raises RasaUnavailableError.

        A connection that breaks leads to the next Rasa: `metadata["id"]` makes a message that the first one had
        already taken harmless (`bot.dialogue.once`). One that is only slow does not: it may still answer.
        """
        body = {"sender": sender, "text": text, "metadata": metadata}
        try:
            async with asyncio.timeout(timeout or self._timeout):
                status, content = await self._deliver(sender, body)
        except TimeoutError:
            raise RasaUnavailableError("timeout") from None
        if status != 200:
            raise RasaUnavailableError("error")
        try:
            return RasaReply.from_json(json.loads(content))
        except (ValueError, RecursionError):
            raise RasaUnavailableError("garbage") from None

    async def _deliver(self, sender: str, body: dict[str, Any]) -> tuple[int, bytes]:
        broken = 0
        for channel in self._in_order(sender):
            try:
                answer = await self._post(f"{channel}/webhook", body)
            except (
                asyncio.CancelledError
            ):  # too slow, or nobody waits any more: the next message asks another
                self._away_until[channel] = self._clock() + _SLOW_SECONDS
                raise
            except (aiohttp.ClientError, OSError) as problem:
                self._away_until[channel] = self._clock() + _AWAY_SECONDS
                broken += not isinstance(problem, aiohttp.ClientConnectorError)
                if broken > 1:  # one more try only, lest a message that kills a Rasa kills them all
                    break
                continue
            self._away_until[channel] = 0.0
            return answer
        raise RasaUnavailableError("unreachable")

    async def _post(self, url: str, body: dict[str, Any]) -> tuple[int, bytes]:
        async with self._open().post(url, json=body) as response:
            content = await response.content.read(_MAX_ANSWER + 1)
            while not response.content.at_eof() and len(content) <= _MAX_ANSWER:
                content += await response.content.read(_MAX_ANSWER + 1 - len(content))
            return response.status, content

    async def forget(self, sender: str) -> bool:
        """Make every Rasa forget a sender's tracker. False when one that is up could not be told so.

        One that refuses connections has no memory any more; at least one has to confirm, for the database.
        """
        path = f"conversations/{quote(sender, safe='')}"
        told = await asyncio.gather(*(self._delete(f"{channel}/{path}") for channel in self._channels))
        return True in told and False not in told

    async def _delete(self, url: str) -> bool | None:
        """Whether it was done; None when nobody is there."""
        try:
            async with asyncio.timeout(5), self._open().delete(url) as response:
                return response.status in (200, 202, 204, 404)
        except aiohttp.ClientConnectorError:
            return None
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def answers(self) -> bool:
        """Whether one Rasa at least is up."""
        return any(await asyncio.gather(*(self._is_up(channel) for channel in self._channels)))

    async def _is_up(self, channel: str) -> bool:
        try:
            async with asyncio.timeout(2), self._open().get(f"{channel}/") as response:
                up = response.status == 200
        except (TimeoutError, aiohttp.ClientError, OSError):
            up = False
        self._away_until[channel] = 0.0 if up else self._clock() + _AWAY_SECONDS
        return up


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _progress(value: Any) -> dict[str, int] | None:
    read = {name: _mapping(value).get(name) for name in ("asked", "about")}
    counted = {name: number for name, number in read.items() if isinstance(number, int)}
    return counted if len(counted) == 2 and 1 <= counted["asked"] <= counted["about"] else None


def _short(value: Any, length: int) -> str | None:
    return value[:length] if isinstance(value, str) and value else None
