"""Trackers of people who have not agreed that anything be written: in this process, or sealed in a shared Redis."""

import itertools
import time
from collections import OrderedDict
from typing import Any, Protocol

from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis

from bot.shared import PREFIX, Seal

MOST = 2000
"""Trackers held by one process (about 50 kB each)."""
SECONDS = 2 * 3600
"""How long a conversation without consent is remembered."""

_SET = """
local version = redis.call('HGET', KEYS[1], 'version')
if version and version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1] + 1, 'events', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""


class StaleTrackerError(Exception):
    """Another process changed the conversation since this one read it: nothing is written, the turn fails."""


class Unwritten(Protocol):
    """Where such trackers are."""

    async def get(self, sender_id: str, slots: Any) -> "DialogueStateTracker | None":
        """A tracker that may be changed freely, or None."""

    async def keep(self, tracker: DialogueStateTracker) -> None:
        """Remember it as it now is. Raises StaleTrackerError."""

    async def drop(self, sender_id: str) -> None:
        """Forget it."""


class LocalUnwritten:
    """In this process, bounded."""

    def __init__(self) -> None:
        self._trackers: OrderedDict[str, tuple[float, DialogueStateTracker]] = OrderedDict()

    async def get(self, sender_id: str, slots: Any) -> "DialogueStateTracker | None":
        """See `Unwritten.get`."""
        if sender_id not in self._trackers:
            return None
        _seen, tracker = self._trackers[sender_id]
        return DialogueStateTracker.from_events(sender_id, list(tracker.events), slots)

    async def keep(self, tracker: DialogueStateTracker) -> None:
        """See `Unwritten.keep`."""
        now = time.monotonic()
        self._trackers.pop(tracker.sender_id, None)
        self._trackers[tracker.sender_id] = (now, tracker)
        while self._trackers and (
            len(self._trackers) > MOST or next(iter(self._trackers.values()))[0] < now - SECONDS
        ):
            self._trackers.popitem(last=False)

    async def drop(self, sender_id: str) -> None:
        """See `Unwritten.drop`."""
        self._trackers.pop(sender_id, None)


class SharedUnwritten:
    """In Redis, sealed, for every Rasa process; Redis forgets them by itself."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._seal = Seal(key, "tracker")
        self._set = redis.register_script(_SET)

    async def get(self, sender_id: str, slots: Any) -> "DialogueStateTracker | None":
        """See `Unwritten.get`."""
        version, sealed = await self._redis.hmget(_key(sender_id), "version", "events")
        events = self._seal.open(sealed) if sealed else None
        if events is None:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, slots)
        tracker.unwritten_version = int(version)
        return tracker

    async def keep(self, tracker: DialogueStateTracker) -> None:
        """See `Unwritten.keep`."""
        sealed = self._seal.close([event.as_dict() for event in itertools.islice(tracker.events, None)])
        read = getattr(tracker, "unwritten_version", 0)
        if not await self._set(keys=[_key(tracker.sender_id)], args=[read, sealed, SECONDS]):
            raise StaleTrackerError(tracker.sender_id)
        tracker.unwritten_version = read + 1

    async def drop(self, sender_id: str) -> None:
        """See `Unwritten.drop`."""
        await self._redis.delete(_key(sender_id))


def _key(sender_id: str) -> str:
    return f"{PREFIX}tracker:{sender_id}"
