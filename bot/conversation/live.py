"""« Something new »: what one request of the public process tells another that waits for it.

Nothing is carried but the fact: who is woken reads the database, which knows the order. So a lost wake-up costs
a moment (those who wait look by themselves from time to time), never a message.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

REQUESTS = "requests"
"""Someone asked for a person, or a request changed: for the page of those on duty."""
PUSHED = "pushed"
"""Messages wait to be carried to messaging channels."""


def of_conversation(conversation_id: str) -> str:
    """Topic of one conversation: a message that answers none was kept in it."""
    return f"conversation:{conversation_id}"


def of_adviser(conversation_id: str) -> str:
    """Topic of one conversation for its adviser: its person wrote."""
    return f"adviser:{conversation_id}"


class Listener(Protocol):
    """Waits on one topic."""

    async def wait(self, seconds: float) -> bool:
        """True as soon as something is new since the last call, False when `seconds` go by without."""


class Live(Protocol):
    """Tells and listens. One process: `LocalLive`; several: the same through a shared server."""

    async def tell(self, topic: str) -> None:
        """Something is new. Never raises, never waits for who listens."""

    def listen(self, topic: str) -> AbstractAsyncContextManager[Listener]:
        """Listen until the end of the block; what is told meanwhile is not missed."""


class _LocalListener:
    def __init__(self) -> None:
        self.bell = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """See `Listener.wait`."""
        try:
            async with asyncio.timeout(seconds):
                await self.bell.wait()
        except TimeoutError:
            return False
        self.bell.clear()
        return True


class LocalLive:
    """Live of one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_LocalListener]] = {}

    async def tell(self, topic: str) -> None:
        """See `Live.tell`."""
        for listener in self._listeners.get(topic, ()):
            listener.bell.set()

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Listener]:
        """See `Live.listen`."""
        listener = _LocalListener()
        self._listeners.setdefault(topic, set()).add(listener)
        try:
            yield listener
        finally:
            left = self._listeners[topic]
            left.discard(listener)
            if not left:
                del self._listeners[topic]
