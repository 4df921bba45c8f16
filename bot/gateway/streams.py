"""How many event streams are open: bounded, and ended with the process."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.gateway.errors import RefusalError

_OF_ONE = 3
"""Streams of one conversation: tabs. Over HTTP/1.1 a browser has six connections to a site, for pages and answers too."""


class Streams:
    """Counts the open streams, and ends them when the process stops."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def one(self, conversation_id: str) -> Iterator[None]:
        """Room for one stream. Raises RefusalError("too_many") when there is none: the widget then asks by itself."""
        if self._open.total() >= self._limit or self._open[conversation_id] >= _OF_ONE:
            raise RefusalError("too_many", retry_after=60)
        task = asyncio.current_task()
        assert task is not None
        self._open[conversation_id] += 1
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)
            self._open[conversation_id] -= 1
            self._open += Counter()  # forget those at zero

    async def end(self) -> None:
        """End them all."""
        for task in self._tasks:
            task.cancel()
