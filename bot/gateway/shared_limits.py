"""Token buckets and the turnstile of several public processes, in Redis. Its clock is the only one used.

Without Redis they go on in this process alone: limits are then counted per process, and two messages of one
conversation on two processes are kept apart by the database (a message's id is unique) and by Rasa (a tracker is
written only where it was read).
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.gateway.errors import RefusalError
from bot.gateway.limits import LocalTurnstile, TokenBuckets
from bot.shared import PREFIX

logger = logging.getLogger("relais.limits")

_BUCKET = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local capacity, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'level', 'seen')
local level = tonumber(kept[1]) or capacity
local elapsed = math.max(0, now - (tonumber(kept[2]) or now))
level = math.min(capacity, level + elapsed * rate)
local wait = -1
if level >= 1 then level = level - 1 else wait = (1 - level) / rate end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'seen', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) + 1)
return tostring(wait)
"""
"""KEYS: the bucket. ARGV: capacity, refill per second. Seconds to wait, or -1. A clock that went back adds nothing."""

_TURN = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, lease, waiting, enter = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if not first or first == me then break end
  local until_ms = tonumber(redis.call('HGET', KEYS[2], first))
  if until_ms and until_ms > now then break end
  redis.call('LPOP', KEYS[1])
  redis.call('HDEL', KEYS[2], first)
end
if redis.call('HEXISTS', KEYS[2], me) == 0 then
  if not enter then return -1 end
  if redis.call('LLEN', KEYS[1]) > waiting then return -2 end
  redis.call('RPUSH', KEYS[1], me)
end
redis.call('HSET', KEYS[2], me, now + lease)
redis.call('PEXPIRE', KEYS[1], lease * 4)
redis.call('PEXPIRE', KEYS[2], lease * 4)
if redis.call('LINDEX', KEYS[1], 0) == me then return 1 end
return 0
"""
"""KEYS: queue, deadlines. ARGV: ticket, lease in ms, how many may wait, 1 to enter. 1: it is our turn; 0: not yet;
-1: our ticket was lost; -2: too many wait. Tickets whose process stopped renewing them leave the head of the queue."""

_LEAVE = "redis.call('HDEL', KEYS[2], ARGV[1]) return redis.call('LREM', KEYS[1], 1, ARGV[1])"


class RedisBuckets:
    """`RateLimiter` shared by all processes. `name` tells the limits apart."""

    def __init__(self, redis: Redis, name: str, amount: float, *, seconds: float = 60) -> None:
        self._script = redis.register_script(_BUCKET)
        self._name = name
        self._amount = amount
        self._per_second = amount / seconds
        self._alone = TokenBuckets(amount, seconds=seconds)

    async def take(self, key: str) -> float | None:
        """See `RateLimiter.take`."""
        if not self._amount:
            return None
        try:
            answer = await self._script(
                keys=[f"{PREFIX}bucket:{self._name}:{key}"], args=[self._amount, self._per_second]
            )
        except (RedisError, OSError) as problem:
            logger.warning("limits counted in this process alone: %s", type(problem).__name__)
            return await self._alone.take(key)
        wait = float(answer)
        return None if wait < 0 else wait


class RedisTurnstile:
    """`Turnstile` across processes: first come, first served, whichever process they came to.

    A ticket is a lease that its process renews: those of a process that was killed are passed over after `lease`
    seconds.
    """

    def __init__(self, redis: Redis, waiting: int, *, lease: float = 6.0, look_every: float = 0.02) -> None:
        self._turn = redis.register_script(_TURN)
        self._leave = redis.register_script(_LEAVE)
        self._waiting = waiting
        self._lease = lease
        self._look_every = look_every
        self._alone = LocalTurnstile(waiting)

    @asynccontextmanager
    async def hold(self, conversation_id: str, patience: float) -> AsyncIterator[None]:
        """See `Turnstile.hold`."""
        keys = [f"{PREFIX}turn:{{{conversation_id}}}:{part}" for part in ("queue", "until")]
        ticket = secrets.token_urlsafe(9)
        try:
            shared = await self._wait(keys, ticket, patience)
        except (RedisError, OSError) as problem:
            logger.warning("turns taken in this process alone: %s", type(problem).__name__)
            shared = False
        if not shared:
            async with self._alone.hold(conversation_id, patience):
                yield
            return
        renewing = asyncio.create_task(self._renew(keys, ticket))
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(RedisError, OSError):
                await asyncio.shield(self._leave(keys=keys, args=[ticket]))

    async def _wait(self, keys: list[str], ticket: str, patience: float) -> bool:
        """Until it is our turn. Raises RefusalError("busy")."""
        loop = asyncio.get_running_loop()
        limit, pause = loop.time() + patience, self._look_every
        try:
            while (answer := await self._step(keys, ticket, enter=True)) != 1:
                if answer == -2 or loop.time() > limit:
                    raise RefusalError("busy", retry_after=2)
                await asyncio.sleep(min(pause, max(0.0, limit - loop.time())))
                pause = min(pause * 1.5, 0.25)
        except BaseException:
            with contextlib.suppress(RedisError, OSError):
                await asyncio.shield(self._leave(keys=keys, args=[ticket]))
            raise
        return True

    async def _step(self, keys: list[str], ticket: str, *, enter: bool) -> int:
        args: list[str | int] = [ticket, int(self._lease * 1000), self._waiting, int(enter)]
        return int(await self._turn(keys=keys, args=args))

    async def _renew(self, keys: list[str], ticket: str) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            with contextlib.suppress(RedisError, OSError):
                await self._step(keys, ticket, enter=False)
