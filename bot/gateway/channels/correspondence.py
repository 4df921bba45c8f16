"""One message of a channel, taken to the dialogue: what to show, and what becomes of the person's row."""

import logging
from dataclasses import dataclass

from bot.conversation.messages import message
from bot.conversation.state import ConversationState, Message
from bot.gateway.channels.handover import Handover
from bot.gateway.channels.mailbox import Letter, Mailbox, Person
from bot.gateway.channels.model import Adapter, Outgoing, Received
from bot.gateway.channels.outgoing import outgoing
from bot.gateway.channels.reading import Said, said
from bot.gateway.channels.wording import channel_words, meaning
from bot.gateway.context import Gateway
from bot.gateway.emergencies import emergency_message
from bot.gateway.errors import RefusalError
from bot.gateway.guard import read_message, words_to_watch
from bot.gateway.turns import Answer
from bot.language.safety import Alarm, detect

logger = logging.getLogger("relais.channels")

_LATER = ("unavailable", "busy")
_WITHHELD = 1_000
"""Openings kept back at the same time, at most; a restart forgets them."""
_SENTENCES = {"edited": "edited", "reaction": "reaction", "media": "media"}


class LaterError(Exception):
    """The dialogue cannot answer now. `wait`: seconds to let pass; `ours`: because of our own limits."""

    def __init__(self, wait: float, *, ours: bool = False) -> None:
        super().__init__()
        self.wait, self.ours = wait, ours


@dataclass(frozen=True)
class Reply:
    """What a message leads to."""

    messages: list[Outgoing]
    person: Person | None
    """As they are from now on; None when nothing of them is kept."""


class Correspondence:
    """Takes received messages to the dialogue."""

    def __init__(self, gateway: Gateway, mailbox: Mailbox, handover: Handover) -> None:
        self._gateway = gateway
        self._mailbox = mailbox
        self._handover = handover
        self._url = gateway.settings.public_url
        self._withheld: dict[str, list[Message]] = {}
        """Openings that a danger told at once has kept back, by conversation."""

    async def reply(self, adapter: Adapter, letter: Letter, lookup: str, *, last_try: bool = False) -> Reply:
        """The answer to a message. Raises LaterError, but not on the last try: it then says so to the person."""
        received = letter.received
        known = await self._mailbox.person(adapter.name, received.person)
        person = Person(adapter.name, lookup, received.address, letter.received_at)
        if known is not None:
            person.conversation_id = known.conversation_id
            person.seen_at = max(known.seen_at, letter.received_at)
        alarm = _watch(received.text)
        try:
            messages, state = await self._taken(adapter, letter, person, alarm)
        except RefusalError as refusal:
            if alarm is not None:
                messages, state = [emergency_message(alarm)], None
            elif refusal.code in _LATER and not last_try:
                raise LaterError(refusal.retry_after or 1) from None
            else:
                messages, state = [message(refusal.sentence), *refusal.messages], None
        kept = person if person.conversation_id or person.stopped else None
        url = self._handover.plan_url(person.conversation_id) if person.conversation_id else ""
        shown = outgoing(messages, state, plan_url=url, brief=adapter.channel == "sms")
        return Reply(shown, kept)

    async def _taken(
        self, adapter: Adapter, letter: Letter, person: Person, alarm: Alarm | None
    ) -> tuple[list[Message], ConversationState | None]:
        received = letter.received
        if received.kind == "stop":  # the operator has already confirmed, and now refuses what we send
            await self._stop(person)
            return [], None
        asked = meaning(received.text) if received.kind == "text" and alarm is None else None
        if asked == "stop":
            await self._stop(person)
            return [self._say("stopped")], None
        if asked == "erase":
            return await self._erased(person), None
        if asked == "help":
            return await self._with_question(person, self._say("help", url=self._url))
        if asked == "code":
            return await self._code(person)
        if received.kind == "text" and alarm is None and self._handover.is_code(received.text):
            return await self._handed(person, received.text)
        if received.kind in _SENTENCES and alarm is None and person.conversation_id:
            name = received.notice or _SENTENCES[received.kind]
            return await self._with_question(person, self._say(name))
        return await self._talked(adapter, letter, person, alarm)

    async def _talked(
        self, adapter: Adapter, letter: Letter, person: Person, alarm: Alarm | None
    ) -> tuple[list[Message], ConversationState | None]:
        """The ordinary way: to the dialogue, which is opened first for someone new."""
        received = letter.received
        if person.conversation_id:
            asked = person.conversation_id
            try:
                answer = await self._asked(letter, person, alarm)
                opening = [] if _grave(alarm) else self._withheld.pop(asked, [])
                return [*opening, *self._noticed(received, self._settled(answer, person))], answer.state
            except RefusalError as refusal:
                if refusal.code != "unauthorized":
                    return await self._refused(person, refusal)
                person.conversation_id = None  # erased elsewhere, or too old
        return await self._begun(adapter, letter, person, alarm)

    async def _begun(
        self, adapter: Adapter, letter: Letter, person: Person, alarm: Alarm | None
    ) -> tuple[list[Message], ConversationState | None]:
        """A conversation that opens, with what the person already said."""
        received, grave = letter.received, _grave(alarm)
        begun = await self._gateway.dialogue.begin(adapter.channel)
        assert begun.state is not None
        person.conversation_id, state = begun.state.id, begun.state
        opening = self._opening(adapter, begun.messages)
        if grave:  # the number first, and nothing else: who we are, who else reads come with the next message
            self._withheld[state.id] = [each for each in opening if not each["asks"]]
            if len(self._withheld) > _WITHHELD:
                del self._withheld[next(iter(self._withheld))]
        if alarm is None and (received.kind != "text" or meaning(received.text) == "begin"):
            return opening, state
        try:
            answer = await self._asked(letter, person, alarm)
        except RefusalError as refusal:
            if alarm is not None or refusal.code in _LATER:
                raise
            return [message(refusal.sentence), *opening], state
        messages = self._settled(answer, person)
        if grave:
            return messages, answer.state
        if any(each["asks"] for each in messages):
            opening = [each for each in opening if not each["asks"]]
        return [*opening, *messages], answer.state

    async def _asked(self, letter: Letter, person: Person, alarm: Alarm | None) -> Answer:
        """The dialogue's answer. Raises RefusalError, LaterError when the person goes too fast."""
        conversation_id = person.conversation_id
        assert conversation_id is not None
        if alarm is None:
            wait = await self._gateway.messages.take(conversation_id)
            if wait is not None:
                raise LaterError(wait, ours=True)
        read = said(letter.received, await self._standing(conversation_id))
        return await self._gateway.dialogue.take(
            conversation_id, read_message(_body(read, letter.key)), alarm
        )

    async def _standing(self, conversation_id: str) -> ConversationState | None:
        return await self._gateway.dialogue.standing(conversation_id)

    def _settled(self, answer: Answer, person: Person) -> list[Message]:
        if answer.erased:
            person.conversation_id = None
        return answer.messages

    async def _refused(
        self, person: Person, refusal: RefusalError
    ) -> tuple[list[Message], ConversationState | None]:
        """A message that cannot be taken as it is: why, and the question again."""
        if refusal.code in _LATER:
            raise refusal
        return await self._with_question(person, message(refusal.sentence))

    async def _with_question(
        self, person: Person, sentence: Message
    ) -> tuple[list[Message], ConversationState | None]:
        """A sentence of ours, then the question that stands, if there is one."""
        if person.conversation_id is None:
            return [sentence], None
        try:
            state = (await self._gateway.dialogue.resume(person.conversation_id)).state
        except RefusalError as refusal:
            if refusal.code != "unauthorized":
                raise
            person.conversation_id = None
            return [sentence], None
        asked = state.question if state.handoff != "taken" else None
        return [sentence, *([asked] if asked else [])], state

    def _noticed(self, received: Received, messages: list[Message]) -> list[Message]:
        return [self._say(received.notice), *messages] if received.notice else messages

    def _opening(self, adapter: Adapter, messages: list[Message]) -> list[Message]:
        """The opening, then what the platform itself sees, then the question of consent."""
        told = message(channel_words().privacy[adapter.channel].format(url=self._url))
        rank = next((rank for rank, each in enumerate(messages) if each["asks"]), len(messages))
        return [*messages[:rank], told, *messages[rank:]]

    async def _stop(self, person: Person) -> None:
        """Nothing more is sent; an adviser who was answering learns that they are no longer read."""
        person.stopped = True
        if person.conversation_id is not None:
            await self._gateway.advisers.handoffs.leave(person.conversation_id)

    async def _erased(self, person: Person) -> list[Message]:
        if person.conversation_id is None:
            return [self._say("nothing_to_erase")]
        await self._gateway.dialogue.erase(person.conversation_id)
        person.conversation_id = None
        return [self._say("erased")]

    async def _code(self, person: Person) -> tuple[list[Message], ConversationState | None]:
        if person.conversation_id is None:
            return [self._say("code_unavailable", url=self._url)], None
        code = await self._handover.code(person.conversation_id)
        if code is None:
            return await self._with_question(person, self._say("code_later"))
        return await self._with_question(person, self._say("code_given", code=code[0], url=code[1]))

    async def _handed(self, person: Person, text: str) -> tuple[list[Message], ConversationState | None]:
        """A conversation begun on the web goes on here."""
        found = await self._handover.conversation(text, person.lookup)
        if found is None:
            return await self._with_question(person, self._say("code_wrong"))
        person.conversation_id = found
        return await self._with_question(person, self._say("code_taken"))

    def _say(self, name: str, **values: str) -> Message:
        return message(channel_words().say[name].format(**values))


def _body(read: Said, key: str) -> dict[str, str]:
    """As the web API gives it. A button of an older question goes as a choice that nothing offers: a message
    already taken is then answered as it was, any other one is refused with the question that stands."""
    if read.stale:
        return {"choice": "?", "id": key}
    return {"choice": read.choice, "id": key} if read.choice else {"text": read.text or "", "id": key}


def _grave(alarm: Alarm | None) -> bool:
    """Whether numbers to call come before anything else."""
    return alarm is not None and alarm.kind != "soft"


def _watch(text: str) -> Alarm | None:
    """Look for danger; a fault of the detector must not silence everyone."""
    if not text:
        return None
    try:
        return detect(words_to_watch({"text": text}))
    except Exception as problem:
        logger.error("safety detection failed: %s", type(problem).__name__)
        return None
