"""Messages that answer none, from the conversation to the channel of its person."""

import logging
from functools import partial

from bot.conversation import live
from bot.conversation.pushing import carried
from bot.gateway.channels.postman import Postman
from bot.gateway.context import Gateway

logger = logging.getLogger("relais.channels")

_LOOK_EVERY = 30.0
"""Seconds: what another process wrote without telling, and what a fault left."""


async def carry(gateway: Gateway, postman: Postman | None) -> None:
    """Carry until cancelled. Without a postman no channel is on: who is there reads the page."""
    async with gateway.live.listen(live.PUSHED) as listener:
        while True:
            try:
                await _carry_all(gateway, postman)
            except Exception as problem:  # the database is away: what is marked stays marked
                logger.error("messages to carry put off: %s", type(problem).__name__)
            await listener.wait(_LOOK_EVERY)


async def _carry_all(gateway: Gateway, postman: Postman | None) -> None:
    while waiting := await gateway.pushing.to_carry():
        for pushed in waiting:
            if postman is not None:
                await postman.carry(pushed)
            else:
                await gateway.store.write(partial(carried, pushed=pushed))
