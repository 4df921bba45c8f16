"""The postman: each person's messages in order, one answer each, sent until the platform has it.

One task per person with something to do. An answer is in the database before it leaves; what a crash or a stop
leaves there is taken up at the next start. A crash in the instant between the platform's acceptance and our
note of it sends that one message again: no platform here lets a sender name a message twice.
"""

import asyncio
import logging
import random
import time
from contextlib import suppress
from datetime import timedelta

from bot import tracing
from bot.conversation.pushing import Pushed
from bot.conversation.state import now
from bot.gateway.channels.correspondence import Correspondence, LaterError, Reply
from bot.gateway.channels.mailbox import Letter, Mailbox, Parcel
from bot.gateway.channels.model import (
    Adapter,
    Call,
    GoneError,
    PassingError,
    PermanentError,
    SendError,
    WindowError,
    attempt,
)
from bot.gateway.channels.outgoing import outgoing
from bot.gateway.channels.settings import ChannelsSettings
from bot.gateway.context import Gateway
from bot.gateway.errors import RefusalError

logger = logging.getLogger("relais.channels")

_AT_ONCE = 8
"""Messages of channels in the dialogue at the same time: the web keeps its share."""
_LONGEST_PAUSE = 300.0
_COURTESY_SECONDS = 3.0
_PATIENCE = 600.0
"""Seconds to wait for another process that answers the same person: longer than any pause between two sends."""
_AFTER_FAULT = 5.0


class Postman:
    """Answers what waits in the mailbox."""

    def __init__(
        self,
        gateway: Gateway,
        mailbox: Mailbox,
        correspondence: Correspondence,
        adapters: dict[str, Adapter],
        settings: ChannelsSettings,
    ) -> None:
        self._mailbox = mailbox
        self._store = gateway.store
        self._turnstile = gateway.sharing.turnstile
        self._correspondence = correspondence
        self._adapters = adapters
        self._settings = settings
        self._answering = asyncio.Semaphore(_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._paused_until: dict[str, float] = {}
        self._sends = gateway.measures.channel_sends

    async def start(self) -> None:
        """Take up what was left, here or by another process, and that nobody does now."""
        for channel, person in await self._mailbox.people_waiting():
            if person not in self._tasks:
                self.wake(channel, person, patience=0)

    def wake(self, channel: str, person: str, *, patience: float = _PATIENCE) -> None:
        """Something waits for this person. `patience`: seconds for another process that is at it."""
        if person in self._tasks:
            self._again.add(person)
        elif channel in self._adapters:
            serving = self._serve(self._adapters[channel], person, patience)
            self._tasks[person] = asyncio.create_task(serving)

    async def stop(self) -> None:
        """Leave what is not finished to the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nobody has anything to do."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def carry(self, pushed: Pushed) -> None:
        """Send a message that answers none (an adviser's) to where its person is, if that is a channel."""
        person = await self._mailbox.person_of(pushed.conversation_id)
        if person is None or person.stopped or person.channel not in self._adapters:
            await self._mailbox.post(pushed, [], person="", channel="")
            return
        adapter, found = self._adapters[person.channel], await self._store.load(pushed.conversation_id)
        shown = outgoing(
            [pushed.message], found[0] if found else None, plan_url="", brief=adapter.channel == "sms"
        )
        calls = adapter.render(shown, person.address)
        await self._mailbox.post(pushed, calls, person=person.lookup, channel=adapter.name)
        self.wake(adapter.name, person.lookup)

    async def _serve(self, adapter: Adapter, person: str, patience: float) -> None:
        try:
            while True:
                self._again.discard(person)
                try:
                    async with self._turnstile.hold(f"postman:{person}", patience):
                        await self._work(adapter, person)
                except RefusalError:  # another process is at it, and will see what came meanwhile
                    if not patience:
                        return
                except Exception as problem:  # the database is away, a fault of ours: try again, never die
                    logger.error("%s: work put off: %s", adapter.name, type(problem).__name__)
                    await asyncio.sleep(_AFTER_FAULT)
                    continue
                if person not in self._again:
                    return
        finally:
            del self._tasks[person]

    async def _work(self, adapter: Adapter, person: str) -> None:
        while True:
            parcel = await self._mailbox.next_parcel(person)
            if parcel is not None:
                await self._deliver(adapter, person, parcel)
                continue
            letter = await self._settled(person)
            if letter is None:
                return
            await self._answer(adapter, person, letter)

    async def _settled(self, person: str) -> Letter | None:
        """The next message, once one sent before it has had the time to arrive."""
        letter = await self._mailbox.next_letter(person)
        if letter is None:
            return None
        young = self._settings.settle - (now() - letter.received_at).total_seconds()
        if young <= 0:
            return letter
        await asyncio.sleep(min(young, self._settings.settle))
        return await self._mailbox.next_letter(person)

    async def _answer(self, adapter: Adapter, person: str, letter: Letter) -> None:
        with tracing.part("channel.answer", alone=True) as answering:
            answering.note(channel=adapter.name)
            await self._write_back(adapter, person, letter)

    async def _write_back(self, adapter: Adapter, person: str, letter: Letter) -> None:
        await self._mailbox.release(person)
        courtesy = asyncio.create_task(self._be_polite(adapter, adapter.courtesies(letter.received)))
        try:
            reply = await self._reply(adapter, person, letter)
        finally:
            with suppress(asyncio.CancelledError):
                await courtesy
        calls = adapter.render(reply.messages, letter.received.address) if reply.messages else []
        if reply.person is None or reply.person.stopped:
            await self._mailbox.drop(person, "stopped" if reply.person else "erased")
        await self._mailbox.answered(letter.id, reply.person, calls, person=person, channel=adapter.name)

    async def _reply(self, adapter: Adapter, person: str, letter: Letter) -> Reply:
        """The dialogue's answer, waited for while Rasa comes back."""
        tries, spent, pause = 0, 0.0, 0.5
        while True:
            try:
                async with self._answering:
                    last = spent >= self._settings.patience
                    return await self._correspondence.reply(adapter, letter, person, last_try=last)
            except LaterError as later:
                tries += 1
                pause = later.wait if later.ours else min(pause * 2, 10.0)
                spent += 0 if later.ours else pause
            await asyncio.sleep(pause)

    async def _be_polite(self, adapter: Adapter, calls: list[Call]) -> None:
        with suppress(Exception):
            async with asyncio.timeout(_COURTESY_SECONDS):
                for call in calls:
                    await adapter.send(call)

    async def _deliver(self, adapter: Adapter, person: str, parcel: Parcel) -> None:
        pause = self._paused_until.get(adapter.name, 0) - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        try:
            if await self._window_is_over(adapter, person):
                raise WindowError("window")
            with tracing.part("channel.send", alone=True, kind="CLIENT") as sending:
                sending.note(channel=adapter.name)
                platform_id = await attempt(adapter, adapter.send(parcel.call))
        except PassingError as problem:
            await self._put_off(adapter, parcel, problem)
        except WindowError as problem:
            await self._reopen(adapter, person, parcel, problem)
        except PermanentError as problem:
            self._note(adapter, problem.kind, problem)
            await self._mailbox.failed(parcel.id, problem.name)
            if isinstance(problem, GoneError):
                await self._mailbox.drop(person, problem.name)
        else:
            self._note(adapter, "sent")
            await self._mailbox.sent(parcel.id, adapter.name, platform_id)

    async def _put_off(self, adapter: Adapter, parcel: Parcel, problem: PassingError) -> None:
        self._note(adapter, problem.kind, problem)
        if now() - parcel.created_at > timedelta(seconds=self._settings.give_up):
            await self._mailbox.failed(parcel.id, f"gave_up {problem.name}")
            return
        await self._mailbox.put_off(parcel.id, problem.name)
        backoff = min(2.0 ** min(parcel.attempts, 10), _LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311
        pause = backoff if problem.retry_after is None else problem.retry_after
        if problem.kind == "too_many":
            until = time.monotonic() + pause
            self._paused_until[adapter.name] = max(until, self._paused_until.get(adapter.name, 0))
        await asyncio.sleep(pause)

    async def _window_is_over(self, adapter: Adapter, lookup: str) -> bool:
        hours = adapter.limits.window_hours
        person = await self._mailbox.by_lookup(lookup) if hours else None
        return bool(hours and person and now() - person.seen_at > timedelta(hours=hours))

    async def _reopen(self, adapter: Adapter, lookup: str, parcel: Parcel, problem: WindowError) -> None:
        """Too late to write: ask the person to write again if the channel has a way, and keep the message."""
        person = await self._mailbox.by_lookup(lookup)
        call = adapter.reopening(person.address) if person else None
        if call is None:
            self._note(adapter, "window", problem)
            await self._mailbox.failed(parcel.id, problem.name)
            return
        if not await self._mailbox.is_holding(lookup):
            try:
                await attempt(adapter, adapter.send(call))
            except PassingError as passing:
                await self._put_off(adapter, parcel, passing)
                return
            except PermanentError as refused:
                self._note(adapter, refused.kind, refused)
                await self._mailbox.failed(parcel.id, refused.name)
                return
        self._note(adapter, "held")
        await self._mailbox.hold(parcel.id, problem.name)

    def _note(self, adapter: Adapter, result: str, problem: SendError | None = None) -> None:
        self._sends.labels(adapter.name, result).inc()
        if problem is not None:
            logger.warning("%s: a message did not leave: %s", adapter.name, problem.name)
