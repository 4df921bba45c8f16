"""« Something new » across public processes: one subscription of each to one channel of Redis.

Only topics travel. What was told while Redis was away is made up for when it is back: everyone who waits looks.
"""

import asyncio
import logging
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.conversation.live import LocalLive
from bot.shared import PREFIX

logger = logging.getLogger("relais.live")

_CHANNEL = f"{PREFIX}live"
_AGAIN_SECONDS = 1.0


class RedisLive(LocalLive):
    """`bot.conversation.live.Live` of several processes. `run` has to be running for what others tell."""

    def __init__(self, redis: Redis) -> None:
        super().__init__()
        self._redis = redis
        self.subscribed = asyncio.Event()
        """Set while what other processes tell is heard."""

    async def tell(self, topic: str) -> None:
        """See `Live.tell`."""
        await super().tell(topic)
        try:
            await self._redis.publish(_CHANNEL, topic)
        except (RedisError, OSError) as problem:
            logger.warning("other processes not told: %s", type(problem).__name__)

    async def run(self) -> None:
        """Hear until cancelled."""
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as problem:
                logger.warning("other processes not heard: %s", type(problem).__name__)
            finally:
                self.subscribed.clear()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _hear(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(_CHANNEL)
            await self._wake_all()
            while True:
                heard = await subscription.get_message(timeout=10)
                if heard is None:
                    continue
                if heard["type"] == "subscribe":
                    self.subscribed.set()
                if heard["type"] == "message":
                    with suppress(UnicodeDecodeError):
                        await super().tell(heard["data"].decode())

    async def _wake_all(self) -> None:
        for topic in list(self._listeners):
            await super().tell(topic)
