"""Towards an adviser: what is offered to someone who asks for a person, their request, and the bot's silence after."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.handoff import HandoffError, Handoffs, Request
from bot.conversation.handoff_words import handoff_words
from bot.conversation.messages import message, message_id
from bot.conversation.presence import Presence
from bot.conversation.queues import queue_of, queues
from bot.conversation.state import ConversationState, Message, now
from bot.directory.wording import types
from bot.gateway.emergencies import emergency_message
from bot.gateway.messages import Shown
from bot.gateway.notices import Notices
from bot.gateway.progress import current_question
from bot.gateway.rasa import RasaReply
from bot.gateway.tokens import Tokens
from bot.language.safety import Alarm
from bot.orientation import InvalidSituation, Situation
from bot.path import contacts_for
from bot.settings import SettingsError

logger = logging.getLogger("relais.advisers")

_PARIS = ZoneInfo("Europe/Paris")
ASK, CANCEL = TOWARDS_ADVISER = ("adviser", "adviser_cancel")
"""Ids of our choices. On a recap, every other choice but « yes » changes a line of it."""
_OURS = "relais:"
"""Beginning of the payloads that Rasa never sees."""
_NOBODY_LEFT = timedelta(minutes=5)
"""A request waits at least so long, even when nobody is on duty any more."""


@dataclass(frozen=True)
class Counter:
    """What can be done for someone who asks for a person, at this moment."""

    here: bool
    """An adviser is on duty for them, at an hour when advisers answer."""
    said: str
    """When they are not: the sentence that says so, and whom to turn to."""


class Advisers:
    """The gateway's side of the advisers."""

    def __init__(
        self, handoffs: Handoffs, presence: Presence, notices: Notices, tokens: Tokens, *, public_url: str
    ) -> None:
        self.handoffs = handoffs
        self._presence = presence
        self._notices = notices
        self._tokens = tokens
        self._public_url = public_url

    async def counter(self, situation: Mapping[str, Any], *, already: str = "") -> Counter:
        """Whether an adviser answers now. `already`: what was just said, not to name the same structure twice."""
        department = situation.get("department")
        queue = queue_of(department)
        if queue is not None and queue.open_at(now()) and await self._presence.for_department(department):
            return Counter(True, "")
        words = handoff_words()
        said = words.absent_hours.format(hours=queue.said) if queue and queue.said else words.absent
        contacts = await asyncio.to_thread(_contacts, situation, queue.structure if queue else ())
        if contacts and contacts[0]["name"] not in already:
            phone = contacts[0].get("phone") or contacts[0].get("url") or ""
            said = f"{said} {words.structure.format(name=contacts[0]['name'], phone=phone).strip()}"
        return Counter(False, said)

    async def offer(self, state: ConversationState, reply: RasaReply, shown: Shown) -> Shown:
        """Rasa's answer to someone who asks for a person, with what an adviser can do for them."""
        consent = reply.consent or state.consent
        if reply.intent != "ask_human" or shown.safety or consent is None:
            return shown
        words = handoff_words()
        if state.handoff == "waiting" and (request := await self.handoffs.current(state.id)):
            since = hour_in_france(request.requested_at)
            return _with(shown, message(words.already.format(time=since)), {CANCEL: words.cancel})
        texts = " ".join(each["text"] or "" for each in shown.messages)
        counter = await self.counter(reply.situation, already=texts)
        if not counter.here:
            return _with(shown, message(counter.said), {})
        link = [{"title": words.call_back, "url": self.call_back_url(state.id)}]
        if consent == "no":
            return _with(shown, message(words.offer_call_back, links=link), {})
        return _with(shown, message(words.offer, links=link), {ASK: words.choice})

    def call_back_url(self, conversation_id: str) -> str:
        """The form to be called back, from anywhere: a page of ours, another site, a messaging channel."""
        return f"{self._public_url}/rappel?cle={self._tokens.call_back(conversation_id)}"

    async def answer(
        self, state: ConversationState, payload: str, alarm: Alarm | None
    ) -> list[Message] | None:
        """What the gateway answers in Rasa's place; None when the message is for Rasa."""
        if payload.startswith(_OURS):
            return await self._chosen(state, payload.removeprefix(_OURS))
        if state.handoff != "taken":
            return None
        held = await self.handoffs.hear(state.id)
        if held is None:
            state.handoff = None
            return None
        if alarm is not None:
            return [emergency_message(alarm)]
        return [message(handoff_words().noticed)] if held == "first" else []

    async def _chosen(self, state: ConversationState, choice: str) -> list[Message]:
        words = handoff_words()
        if choice == CANCEL:
            await self.handoffs.cancel(state.id)
            state.handoff, said = None, words.cancelled
        elif not (counter := await self.counter(state.situation or {})).here:  # they have just gone
            said = counter.said
        else:
            asked = await self.handoffs.request(state.id, state.department)
            state.handoff, said = "waiting", words.requested
            if asked:
                self._notices.of_request(
                    state.department, await self._presence.for_department(state.department)
                )
        return [message(said), *_question_without_us(state)]

    async def look_after(self, wait: timedelta) -> None:
        """Without being asked: conversations that their adviser left, requests that nobody takes."""
        await self._presence.forget_over()
        await self.handoffs.return_silent()
        for request in await self.handoffs.waited_since(now() - min(wait, _NOBODY_LEFT)):
            late = request.requested_at < now() - wait
            if late or not await self._presence.for_department(request.department):
                await self._give_up(request)

    async def _give_up(self, request: Request) -> None:
        counter = await self.counter({"department": request.department} if request.department else {})
        messages = [message(handoff_words().unanswered)]
        if not counter.here:
            messages.append(message(counter.said))
        try:
            await self.handoffs.give_up(request.id, messages)
        except HandoffError:
            logger.info("a request was taken at the last moment")


def _with(shown: Shown, said: Message, choices: dict[str, str]) -> Shown:
    """What is shown, with our sentence before the question, and our choices among those of the question."""
    offered = [{"id": name, "title": title} for name, title in choices.items()]
    question = current_question(shown.messages)
    if question is None:
        messages = [*shown.messages, said | {"choices": offered}]
    else:
        rank = next(rank for rank, each in enumerate(shown.messages) if each["id"] == question["id"])
        asked = shown.messages[rank]
        asked = asked | {"choices": [*asked["choices"], *offered]}
        messages = [*shown.messages[:rank], said, *shown.messages[rank + 1 :], asked]
    ours = {name: {"payload": _OURS + name, "title": title} for name, title in choices.items()}
    return replace(shown, messages=messages, choices=shown.choices | ours)


def _question_without_us(state: ConversationState) -> list[Message]:
    """The question that stands, once our choice is made; the state then offers what the question shows."""
    state.choices = {name: each for name, each in state.choices.items() if name not in TOWARDS_ADVISER}
    if state.question is None:
        return []
    left = [each for each in state.question["choices"] if each["id"] not in TOWARDS_ADVISER]
    if not left and not state.question["asks"]:
        state.question = None
        return []
    state.question = state.question | {"id": message_id(), "choices": left}
    return [state.question]


def _contacts(situation: Mapping[str, Any], types: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        known = Situation.from_json(dict(situation))
    except InvalidSituation:
        known = Situation.from_json({})
    return contacts_for(known, types)


def known_structures() -> None:
    """Read the queues now: a type that the directory does not know stops the start. Raises SettingsError."""
    for each in queues():
        if unknown := sorted(set(each.structure) - set(types())):
            raise SettingsError(f"queue {each.id}: type d'organisme inconnu : {', '.join(unknown)}")


def hour_in_france(moment: datetime) -> str:
    """« 10 h 12 »."""
    return moment.astimezone(_PARIS).strftime("%-H h %M")
