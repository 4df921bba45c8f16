"""The client of Rasa's `relais` channel, on loopback: one question, one answer, never a silence.

Every failure (unreachable, too slow, an error, an answer that is not one) is one exception that names its
kind and holds nothing of what was said.
"""

import asyncio
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.settings import Settings

_KEEP_ALIVE = 4.0  # below Rasa's own 5 s, so that it never closes a connection that we are about to use
_MAX_ANSWER = 2 * 1024 * 1024


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
    rules: str | None
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
            rules=_short(body.get("rules"), 64),
            progress=_progress(body.get("progress")),
        )


def channel_key(secret: str) -> str:
    """Key that opens Rasa's channel, derived from the secret so that there is nothing more to configure."""
    return hmac.new(secret.encode(), b"rasa-channel", sha256).hexdigest()


class RasaClient:
    """Keeps connections to Rasa open. Make it inside a running event loop's life; `close()` at the end."""

    def __init__(self, base_url: str, key: str, *, timeout: float = 20.0) -> None:
        self._base = base_url.rstrip("/")
        self._channel = f"{self._base}/webhooks/relais"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, settings: Settings, *, timeout: float = 20.0) -> "RasaClient":
        """The client of the Rasa that these settings name."""
        return cls(f"http://127.0.0.1:{settings.rasa_port}", channel_key(settings.secret), timeout=timeout)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=200, keepalive_timeout=_KEEP_ALIVE),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self, sender: str, text: str, metadata: dict[str, Any], *, timeout: float | None = None
    ) -> RasaReply:
        """Give Rasa one message and wait for its answer. Raises RasaUnavailableError."""
        body = {"sender": sender, "text": text, "metadata": metadata}
        try:
            async with asyncio.timeout(timeout or self._timeout):
                async with self._open().post(f"{self._channel}/webhook", json=body) as response:
                    content = await response.content.read(_MAX_ANSWER + 1)
                    while not response.content.at_eof() and len(content) <= _MAX_ANSWER:
                        content += await response.content.read(_MAX_ANSWER + 1 - len(content))
        except TimeoutError:
            raise RasaUnavailableError("timeout") from None
        except (aiohttp.ClientError, OSError):
            raise RasaUnavailableError("unreachable") from None
        if response.status != 200:
            raise RasaUnavailableError("error")
        try:
            return RasaReply.from_json(json.loads(content))
        except (ValueError, RecursionError):
            raise RasaUnavailableError("garbage") from None

    async def forget(self, sender: str) -> bool:
        """Make Rasa forget a sender's tracker. False when it could not be told so."""
        url = f"{self._channel}/conversations/{quote(sender, safe='')}"
        try:
            async with asyncio.timeout(5), self._open().delete(url) as response:
                return response.status in (200, 202, 204, 404)
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False

    async def answers(self) -> bool:
        """Whether Rasa's channel is up."""
        try:
            async with asyncio.timeout(2), self._open().get(f"{self._channel}/") as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError, OSError):
            return False


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
