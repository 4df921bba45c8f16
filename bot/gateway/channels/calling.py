"""HTTP calls to platforms, their failures sorted: worth another try, or not. Nothing of what was said is kept."""

import asyncio
import logging
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.gateway.channels.model import Adapter, PassingError

_TIMEOUT = ClientTimeout(total=30, connect=10)
_MAX_ANSWER = 512 * 1024
_LONGEST_WAIT = 3600.0


@dataclass(frozen=True)
class Answered:
    """What a platform answered."""

    status: int
    body: Any
    """JSON, or None."""
    retry_after: float | None
    """Seconds to wait, if it said so."""

    @property
    def ok(self) -> bool:
        """Whether it took the call."""
        return 200 <= self.status < 300


class HttpAdapter(Adapter):
    """An adapter without a library to send with."""

    session: ClientSession

    async def __aenter__(self) -> Self:
        """See `Adapter`."""
        self.session = ClientSession()
        return self

    async def __aexit__(self, *_problem: object) -> None:
        """See `Adapter`."""
        await self.session.close()


def hush(*libraries: str) -> None:
    """Silence the loggers of libraries: they print addresses with tokens, numbers and texts, some as errors."""
    for name in libraries:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


async def call(
    session: ClientSession,
    method: str,
    url: str,
    *,
    json: Any = None,
    form: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    timeout: ClientTimeout = _TIMEOUT,
) -> Answered:
    """Make a call. Raises PassingError("network") when no answer comes, for 429 and for 5xx."""
    try:
        async with session.request(
            method, url, json=json, data=form, params=params, headers=headers,  timeout=timeout,
            allow_redirects=False,
        ) as response:  # fmt: skip
            raw = await response.content.read(_MAX_ANSWER)
            while not response.content.at_eof() and len(raw) < _MAX_ANSWER:
                raw += await response.content.read(_MAX_ANSWER - len(raw))
            wait = retry_after(response.headers.get("Retry-After", ""))
            return Answered(response.status, _json(raw), wait)
    except (TimeoutError, ClientError, OSError, asyncio.IncompleteReadError):
        raise PassingError("network") from None


def _json(raw: bytes) -> Any:
    import json

    try:
        return json.loads(raw) if raw.strip() else None
    except (ValueError, RecursionError):
        return None


def retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date; at most an hour."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, 0.0), _LONGEST_WAIT) if seconds == seconds else None


def raise_if_passing(answered: Answered, code: str = "") -> None:
    """Raise PassingError for 429, 5xx, and for our own credentials (someone will correct them)."""
    if answered.status == 429:
        raise PassingError("too_many", code or "429", retry_after=answered.retry_after)
    if answered.status >= 500 or answered.status == 408:
        raise PassingError("platform", code or str(answered.status), retry_after=answered.retry_after)
    if answered.status == 401:
        raise PassingError("credentials", code or "401", retry_after=60)


def field(value: Any, *path: str | int, default: Any = None) -> Any:
    """A value deep in JSON, or the default when the way is not there."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return default
    return default if value is None else value


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
