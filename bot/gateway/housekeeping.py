"""What is done without being asked: forgetting, counting, requests that nobody answers. Retention each hour."""

import asyncio
import logging
from datetime import timedelta

from bot.conversation.counting import count
from bot.conversation.retention import erase, finish, purge
from bot.gateway.context import Gateway

logger = logging.getLogger("relais.housekeeping")

_MINUTE = 60.0
_PASSES_PER_PURGE = 60
_PASSES_PER_COUNT = 5


async def keep_house(gateway: Gateway, *, pause: float = _MINUTE) -> None:
    """Run until cancelled. What fails is tried again at the next pass."""
    passes = 0
    while True:
        try:
            await forget_expired(gateway)
            await gateway.advisers.look_after(timedelta(minutes=gateway.options.adviser_wait))
            if passes % _PASSES_PER_PURGE == 0:
                await gateway.call_backs.purge()
                done = await purge(
                    gateway.store, gateway.rasa.forget, retention_days=gateway.settings.retention_days
                )
                logger.info(
                    "retention: %d conversations erased, %d waiting", done.conversations, done.waiting
                )
            else:
                await finish(gateway.store, gateway.rasa.forget)
                if passes % _PASSES_PER_COUNT == 0:
                    await count(gateway.store)
            await gateway.store.overwrite_journal()  # again, for what a reader in between had kept there
        except Exception as problem:  # retention must outlive any fault
            logger.error("housekeeping put off: %s", type(problem).__name__)
        passes += 1
        await asyncio.sleep(pause)


async def forget_expired(gateway: Gateway) -> int:
    """Erase the conversations that memory has let go; returns how many."""
    gone = gateway.memory.expire()
    for conversation_id in gone:
        await erase(gateway.store, conversation_id, gateway.rasa.forget)
    return len(gone)
