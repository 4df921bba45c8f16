"""One turn, from what a person said to what they get back. The heart of the gateway.

Order: one message of a conversation at a time → a repeat gets its first answer → safety → masking → Rasa →
one transaction. Whatever breaks, the state is kept and a person in danger gets the numbers.
"""

import logging
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot import tracing
from bot.conversation.messages import message, message_id
from bot.conversation.retention import erase
from bot.conversation.state import ConversationState, Message, TurnRecord, now, rasa_sender
from bot.conversation.store import ConversationGoneError, Event, Store
from bot.gateway.advisers import Advisers
from bot.gateway.emergencies import emergency_message, payload
from bot.gateway.errors import RefusalError
from bot.gateway.guard import Incoming
from bot.gateway.limits import Turnstile
from bot.gateway.measures import Measures
from bot.gateway.memory import Memory, MemoryAwayError, Remembered
from bot.gateway.messages import Shown, read_reply
from bot.gateway.options import Options
from bot.gateway.progress import advance, events
from bot.gateway.rasa import RasaClient, RasaReply, RasaUnavailableError
from bot.gateway.turns import (
    Answer,
    Said,
    Transcript,
    again,
    bot_turns,
    person_turn,
    shown_again,
    understood,
)
from bot.gateway.wording import wording
from bot.language.masking import mask
from bot.language.safety import Alarm

logger = logging.getLogger("relais.dialogue")

_DANGER_PATIENCE = 2.0
"""Seconds that someone in danger waits for a message in progress."""
_DANGER_RASA_TIMEOUT = 5.0
"""Seconds that Rasa has when someone is in danger; then the gateway answers."""
_ROW_EVERY = timedelta(minutes=1)
"""How often the row of a conversation that is not kept gets its time of activity."""
_AWAY = (SQLAlchemyError, MemoryAwayError)
_EVERYTHING = (
    "asks", "choices", "question", "situation", "plan", "department", "audience", "step", "outcome", "flags",
    "rules_version", "model_version",
)  # fmt: skip


def _kind(problem: Exception) -> str:
    return "memory" if isinstance(problem, MemoryAwayError) else "database"


class Dialogue:
    """Conversations between people and Rasa."""

    def __init__(
        self,
        rasa: RasaClient,
        store: Store,
        *,
        memory: Memory,
        turnstile: Turnstile,
        measures: Measures,
        options: Options,
        advisers: Advisers,
    ) -> None:
        self._rasa = rasa
        self._store = store
        self._memory = memory
        self._turnstile = turnstile
        self._measures = measures
        self._advisers = advisers
        self._patience = options.rasa_timeout + 5
        self._danger_limit = min(_DANGER_RASA_TIMEOUT, options.rasa_timeout)

    async def begin(self, channel: str) -> Answer:
        """Open a new conversation. Raises RefusalError("unavailable") if Rasa or the database is away."""
        state = ConversationState.begin(channel)
        try:
            opened = await self._open(state)
            await self._store.create(state)
        except _AWAY as problem:
            raise self._away(state, _kind(problem), problem) from None
        return Answer([turn.message for turn in opened.turns if turn.message], state)

    async def _open(self, state: ConversationState) -> Remembered:
        reply, shown = await self._ask(state, "/start", message_id())
        advance(state, reply, shown)
        remembered = Remembered(state, state.active_at, bot_turns(state, shown.messages))
        await self._memory.keep(remembered)
        return remembered

    async def take(self, conversation_id: str, incoming: Incoming, alarm: Alarm | None) -> Answer:
        """Answer one message. Raises RefusalError, but not for someone in danger whose token is good."""
        patience = self._patience if alarm is None or alarm.kind == "soft" else _DANGER_PATIENCE
        started = time.perf_counter()
        try:
            with tracing.part("turn"):
                async with self._turnstile.hold(conversation_id, patience):
                    answer = await self._turn(conversation_id, incoming, alarm)
        except RefusalError as refusal:
            if alarm is None or refusal.code == "unauthorized":
                raise
            answer = Answer([emergency_message(alarm)], None)
        self._measures.turn_seconds.observe(time.perf_counter() - started)
        return answer

    async def _turn(self, conversation_id: str, incoming: Incoming, alarm: Alarm | None) -> Answer:
        try:
            state, remembered, replay = await self._find(conversation_id, incoming.message_id)
            tracing.current().note(conversation=rasa_sender(state.id), channel=state.channel)
            if replay is not None:
                return Answer(replay, state)
            notices = []
            if remembered is None and not state.kept:
                remembered = await self._open(state)
                notices = [message(wording().resumed)]
            if incoming.choice is not None and incoming.choice not in state.choices:
                raise RefusalError("stale_choice", messages=[state.question] if state.question else None)
            if incoming.text == "":
                return Answer([again(state, wording().only_slash)], state)
            said = self._say(state, incoming, alarm)
            said.notices[:0] = notices
            answer = await self._advisers.answer(state, said.to_rasa, alarm) if state.kept else None
            if answer is not None:
                return await self._without_rasa(state, incoming, alarm, said, answer)
            return await self._exchange(state, remembered, incoming, alarm, said)
        except ConversationGoneError:  # erased while Rasa was answering: its tracker has come back
            await self._rasa.forget(rasa_sender(conversation_id))
            raise RefusalError("unauthorized") from None
        except IntegrityError:  # another process took the same message at the same moment
            raise RefusalError("busy", retry_after=1) from None
        except _AWAY as problem:
            raise self._away(None, _kind(problem), problem) from None

    async def _find(
        self, conversation_id: str, said: str | None
    ) -> tuple[ConversationState, Remembered | None, list[Message] | None]:
        """The state, its memory if it is not kept, and the answer already given to the message `said`."""
        found = await self._store.load(conversation_id, said)
        if found is None:
            raise RefusalError("unauthorized")
        state, answered = found
        remembered = None if state.kept else await self._memory.get(conversation_id)
        if remembered is not None:
            return remembered.state, remembered, remembered.answers_to(said) if said else None
        replay = None if answered is None else await self._store.answers_after(state.id, answered)
        return state, None, replay

    def _say(self, state: ConversationState, incoming: Incoming, alarm: Alarm | None) -> Said:
        if incoming.choice is not None:
            choice = state.choices[incoming.choice]
            return Said(choice["payload"], choice["title"], None, [])
        masked = mask(incoming.text or "")
        text = masked.text.lstrip("/ ") or "…"
        if alarm is not None:
            self._measures.alarms.labels(alarm.kind).inc()
            return Said(payload(alarm) or text, None, "safety", [])
        for kind in masked.kinds:
            self._measures.masked.labels(kind).inc()
        if masked.kinds:
            return Said(text, masked.text, "masked", [message(wording().masked)])
        return Said(text, masked.text, None, [])

    async def _exchange(
        self,
        state: ConversationState,
        remembered: Remembered | None,
        incoming: Incoming,
        alarm: Alarm | None,
        said: Said,
    ) -> Answer:
        turn = person_turn(state, incoming, said)
        changed: set[str] = set()
        reply, shown = None, None
        try:
            reply, shown = await self._ask(state, said.to_rasa, turn.message_id, alarm)
            shown = await self._advisers.offer(state, reply, shown)
            understood(turn, reply, shown)
            if reply.intent == "nlu_fallback":
                self._measures.not_understood.labels(state.channel).inc()
            changed = advance(state, reply, shown)
            messages = said.notices + shown.messages
        except RefusalError:
            if alarm is None:
                raise
            messages = [emergency_message(alarm)]
        if shown is not None and shown.erase:
            await self._forget(state.id)
            return Answer(messages, state, erased=True)
        if turn.flag:
            state.flag(turn.flag)
        state.active_at = now()
        counted = events(state, alarm, turn, shown)
        turns = [turn, *bot_turns(state, messages)]
        await self._write(state, remembered, reply, turns, changed, counted)
        self._count(state.channel, "answered" if reply else "emergency")
        return Answer(messages, state)

    async def _without_rasa(
        self,
        state: ConversationState,
        incoming: Incoming,
        alarm: Alarm | None,
        said: Said,
        answer: list[Message],
    ) -> Answer:
        """Keep what the person said to an adviser, or of one; Rasa knows nothing of it."""
        turn, messages = person_turn(state, incoming, said), said.notices + answer
        if turn.flag:
            state.flag(turn.flag)
        state.active_at = now()
        turns = [turn, *bot_turns(state, messages)]
        counted = events(state, alarm, turn, None)
        await self._write(state, None, None, turns, {"question", "choices"}, counted)
        await self._advisers.handoffs.heard(state.id)
        self._count(state.channel, "adviser")
        return Answer(messages, state)

    async def _write(
        self,
        state: ConversationState,
        remembered: Remembered | None,
        reply: RasaReply | None,
        turns: list[TurnRecord],
        changed: set[str],
        counted: list[Event],
    ) -> None:
        """Keep the turn where the consent says: in the database, or in memory alone."""
        before = state.consent
        if reply is not None and reply.consent is not None:
            state.consent = "yes" if reply.consent == "yes" else "no"
        if before == "yes" and not state.kept:
            await self._store.withdraw(state.id, "no", state.active_at)
        written = turns
        if state.kept and remembered is not None:  # agreed just now: what came before is kept too
            written, changed = remembered.turns + turns, set(_EVERYTHING)
        recent = remembered is not None and state.active_at - remembered.written < _ROW_EVERY
        if state.kept or counted or before != state.consent or not recent:
            try:
                await self._store.save(state, written, changed={*changed, "flags", "step"}, events=counted)
            except ConversationGoneError:
                await self._memory.drop(state.id)
                raise
        if not state.kept:
            remembered = remembered or Remembered(state, state.active_at)
            remembered.state = state
            remembered.written = remembered.written if recent else state.active_at
            remembered.add(turns)
            await self._memory.keep(remembered)
        elif before != "yes":
            with suppress(MemoryAwayError):  # what is kept is in the database, which is looked at first
                await self._memory.drop(state.id)

    async def _ask(
        self, state: ConversationState, text: str, said: str, alarm: Alarm | None = None
    ) -> tuple[RasaReply, Shown]:
        """Rasa's answer and what it shows. Raises RefusalError("unavailable") without one.

        `said`: id of the message, by which Rasa gives the answer again to one that it has already taken.
        """
        metadata: dict[str, Any] = {"id": said, "asked": state.asks, "channel": state.channel}
        metadata["persist"] = state.kept
        if alarm is not None:
            metadata |= {"safety": alarm.kind, "about_other": alarm.about_other}
        if not state.kept:  # Rasa holds these in memory alone: what it needs to go on if it was restarted
            metadata |= {"known": state.situation or {}, "consent": state.consent}
        limit = self._danger_limit if alarm is not None and alarm.kind != "soft" else None
        started = time.perf_counter()
        try:
            with tracing.part("rasa", kind="CLIENT"):
                trace = tracing.carried()
                metadata |= {"trace": trace} if trace else {}
                reply = await self._rasa.send(rasa_sender(state.id), text, metadata, timeout=limit)
            shown = read_reply(reply)
            if not shown.messages:
                raise RasaUnavailableError("empty")
            return reply, shown
        except RasaUnavailableError as problem:
            raise self._away(state, problem.kind, problem) from None
        finally:
            self._measures.rasa_seconds.observe(time.perf_counter() - started)

    def _away(self, state: ConversationState | None, kind: str, problem: Exception) -> RefusalError:
        name = rasa_sender(state.id) if state else "-"
        said = (kind, type(problem).__name__, name)
        logger.warning("turn not answered: %s (%s), conversation %s", *said, extra={"conversation": name})
        self._count(state.channel if state else "-", kind)
        return RefusalError("unavailable", retry_after=10)

    def _count(self, channel: str, outcome: str) -> None:
        self._measures.turns.labels(channel, outcome).inc()
        tracing.current().note(outcome=outcome)

    async def standing(self, conversation_id: str) -> ConversationState | None:
        """The state of a conversation, None when it is gone. Raises RefusalError("unavailable")."""
        try:
            return (await self._find(conversation_id, None))[0]
        except RefusalError:
            return None
        except _AWAY as problem:
            raise self._away(None, _kind(problem), problem) from None

    async def resume(self, conversation_id: str) -> Transcript:
        """The conversation as it stands; one that memory has lost begins again. Raises RefusalError."""
        try:
            state, remembered, _ = await self._find(conversation_id, None)
            if state.kept:
                turns, plan = await self._store.transcript(state.id), await self._store.plan(state.id)
                return Transcript(state, [shown_again(turn) for turn in turns], plan)
            if remembered is None:
                async with self._turnstile.hold(conversation_id, self._patience):
                    state, remembered, _ = await self._find(conversation_id, None)
                    if remembered is None:
                        remembered = await self._open(state)
        except _AWAY as problem:
            raise self._away(None, _kind(problem), problem) from None
        messages = [shown_again(turn) for turn in remembered.turns]
        return Transcript(remembered.state, messages, remembered.state.plan)

    async def erase(self, conversation_id: str) -> None:
        """Erase everything, here and in Rasa; what Rasa cannot do now is done later (housekeeping)."""
        with suppress(RefusalError):  # a message in progress does not prevent it: its own write then fails
            async with self._turnstile.hold(conversation_id, 2):
                pass
        try:
            await self._forget(conversation_id)
        except _AWAY as problem:
            raise self._away(None, _kind(problem), problem) from None

    async def _forget(self, conversation_id: str) -> None:
        await erase(self._store, conversation_id, self._rasa.forget)
        await self._memory.drop(conversation_id)
