"""Rasa's lock on a conversation, held in Redis as a lease, for several Rasa processes.

Rasa's own Redis store reads, changes and writes a ticket list in three steps (two processes can give the same
ticket), looks again once a second, and keeps the ticket of a killed process for a minute. This one is redis-py's lock:
one atomic step, renewed while the turn lasts, free a few seconds after its process has died. Should it be lost all the
same, the tracker store refuses to write over what another process wrote.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from redis.asyncio import Redis
from redis.exceptions import LockError as LostError
from redis.exceptions import RedisError

from bot.shared import PREFIX

logger = logging.getLogger("relais.locks")

LEASE_SECONDS = 6.0
LOOK_EVERY = 0.03
"""Seconds between two looks at a lock that someone holds."""
PATIENCE = 18.0
"""Below the 20 s that the gateway waits."""


class LeaseLockStore(LockStore):
    """See the module. Without Redis a turn goes on: the gateway and the tracker store still keep messages apart."""

    def __init__(self, redis: Redis, *, lease: float = LEASE_SECONDS, patience: float = PATIENCE) -> None:
        super().__init__()
        self._redis = redis
        self._lease = lease
        self._patience = patience

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,  # noqa: ARG002 (Rasa's signature)
        wait_time_in_seconds: float = LOOK_EVERY,  # noqa: ARG002
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold a conversation. Raises LockError when another message holds it for too long."""
        lock = self._redis.lock(
            f"{PREFIX}rasa:{conversation_id}",
            timeout=self._lease,
            sleep=LOOK_EVERY,
            blocking_timeout=self._patience,
        )
        held = True
        try:
            if not await lock.acquire():
                raise LockError("another message of this conversation is still being answered")
        except (RedisError, OSError) as problem:
            logger.warning("no lock on the conversation: %s", type(problem).__name__)
            held = False
        renewing = asyncio.ensure_future(self._renew(lock)) if held else None
        try:
            yield TicketLock(conversation_id)
        finally:
            if renewing:
                renewing.cancel()
                with contextlib.suppress(LostError, RedisError, OSError):
                    await lock.release()

    async def _renew(self, lock: object) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            with contextlib.suppress(LostError, RedisError, OSError):
                await lock.reacquire()  # type: ignore[attr-defined]
