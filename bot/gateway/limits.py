"""How much, and one at a time: token buckets and the turnstile of each conversation.

In memory: right for one public process. `RateLimiter` and `Turnstile` are what a shared implementation
(Redis) has to offer when there are several.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from bot.gateway.errors import RefusalError


class RateLimiter(Protocol):
    """Says whether one more is allowed for a key."""

    async def take(self, key: str) -> float | None:
        """None when it is allowed (and counted), otherwise the seconds to wait."""


class TokenBuckets:
    """Each key may spend `amount` at once, refilled evenly in `seconds`; the least recently seen keys are dropped."""

    def __init__(
        self,
        amount: float,
        *,
        seconds: float = 60,
        keys: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = amount
        self._per_second = amount / seconds
        self._keys = keys
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str) -> float | None:
        """See `RateLimiter.take`."""
        if not self._capacity:
            return None
        moment = self._clock()
        level, seen = self._levels.pop(key, (self._capacity, moment))
        level = min(self._capacity, level + (moment - seen) * self._per_second)
        wait = None if level >= 1 else (1 - level) / self._per_second
        self._levels[key] = (level - 1 if wait is None else level, moment)
        if len(self._levels) > self._keys:
            self._levels.popitem(last=False)
        return wait


class Turnstile(Protocol):
    """Lets one message of a conversation through at a time, in the order of arrival."""

    def hold(self, conversation_id: str, patience: float) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn, at most `patience` seconds; raises RefusalError("busy") beyond."""


class LocalTurnstile:
    """Turnstile of one process: an asyncio lock per conversation that is talking."""

    def __init__(self, waiting: int) -> None:
        self._waiting = waiting
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, conversation_id: str, patience: float) -> AsyncIterator[None]:
        """See `Turnstile.hold`."""
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        if users > self._waiting:
            raise RefusalError("busy", retry_after=2)
        self._locks[conversation_id] = (lock, users + 1)
        try:
            try:
                async with asyncio.timeout(patience):
                    await lock.acquire()
            except TimeoutError:
                raise RefusalError("busy", retry_after=2) from None
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = (lock, users - 1)
