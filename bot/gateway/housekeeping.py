"""What is done without being asked: forgetting, counting, requests that nobody answers. Retention each hour.

One public process does it at a time.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from bot.conversation.counting import count
from bot.conversation.retention import erase, finish, purge, sweep
from bot.conversation.rewriting import rewrite_at_night
from bot.conversation.state import now
from bot.gateway.context import Gateway

logger = logging.getLogger("relais.housekeeping")

_MINUTE = 60.0
_PASSES_PER_PURGE = 60
_PASSES_PER_COUNT = 5
_JUMP_SECONDS = 600.0
"""NTP slews smaller differences; a machine that was asleep jumps too, and loses an hour of erasing."""
_MARGIN = timedelta(minutes=5)
"""The row of a conversation that is not kept shows its activity a minute late at most."""


async def keep_house(gateway: Gateway, *, pause: float = _MINUTE) -> None:
    """Run until cancelled. What fails is tried again at the next pass.

    Nothing is erased for its age during the hour that follows a jump of the clock: people would lose what was kept for
    them, and it would not come back with the right time.
    """
    clock, passes, trusted_from = ClockWatch(), 0, 0
    while True:
        try:
            await forget_expired(gateway)
            if clock.jumped():
                trusted_from = passes + _PASSES_PER_PURGE
                logger.error("the clock jumped: nothing is erased for its age during an hour; check the time")
            async with gateway.store.alone("housekeeping") as chosen:
                if chosen and passes >= trusted_from:
                    await _look_after(gateway, passes)
        except Exception as problem:  # retention must outlive any fault
            logger.error("housekeeping put off: %s", type(problem).__name__)
        passes += 1
        await asyncio.sleep(pause)


class ClockWatch:
    """Compares the time of day with a clock that only goes forward."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._gap = wall() - steady()

    def jumped(self) -> bool:
        """Whether the time of day jumped since the last look."""
        before, self._gap = self._gap, self._wall() - self._steady()
        return abs(self._gap - before) > _JUMP_SECONDS


async def _look_after(gateway: Gateway, passes: int) -> None:
    store, forget = gateway.store, gateway.rasa.forget
    await sweep(store, forget, before=now() - timedelta(seconds=gateway.options.memory_ttl) - _MARGIN)
    if passes % _PASSES_PER_PURGE == 0:
        await gateway.call_backs.purge()
        done = await purge(store, forget, retention_days=gateway.settings.retention_days)
        logger.info("retention: %d conversations erased, %d waiting", done.conversations, done.waiting)
    else:
        await finish(store, forget)
        if passes % _PASSES_PER_COUNT == 0:
            await count(store)
    await store.overwrite_journal()  # again, for what a reader in between had kept there
    await gateway.advisers.look_after(timedelta(minutes=gateway.options.adviser_wait))
    await rewrite_at_night(store)


async def forget_expired(gateway: Gateway) -> int:
    """Erase the conversations that memory has let go; returns how many."""
    gone = gateway.sharing.memory.expire()
    for conversation_id in gone:
        await erase(gateway.store, conversation_id, gateway.rasa.forget)
    return len(gone)
