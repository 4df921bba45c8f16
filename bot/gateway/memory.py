"""Conversations of people who have not agreed (yet) that anything be kept: in memory, bounded, two hours."""

import time
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.conversation.state import ConversationState, Message, TurnRecord

_TURNS = 400


class MemoryAwayError(Exception):
    """The shared memory does not answer: nothing is known of such a conversation, which is not to be begun again."""


@dataclass(slots=True)
class Remembered:
    """A conversation in memory."""

    state: ConversationState
    written: datetime
    """Activity that the row in the database shows."""
    turns: list[TurnRecord] = field(default_factory=list)

    def add(self, turns: list[TurnRecord]) -> None:
        """Remember what was said, the oldest turns leaving first."""
        self.turns = (self.turns + turns)[-_TURNS:]

    def answers_to(self, message_id: str) -> list[Message] | None:
        """What was answered to the message of that id; None if it was never taken."""
        for rank, turn in enumerate(self.turns):
            if turn.direction == "user" and turn.message_id == message_id:
                answers: list[Message] = []
                for following in self.turns[rank + 1 :]:
                    if following.direction != "bot" or following.message is None:
                        break
                    answers.append(following.message)
                return answers
        return None


class Memory(Protocol):
    """Where such conversations are. What `get` gives may be changed freely: only `keep` makes it last."""

    async def get(self, conversation_id: str) -> Remembered | None:
        """The conversation if it is still remembered. Raises MemoryAwayError."""

    async def keep(self, remembered: Remembered) -> None:
        """Remember it as it now is; its two hours begin again. Raises MemoryAwayError."""

    async def drop(self, conversation_id: str) -> None:
        """Forget a conversation. Raises MemoryAwayError."""

    def expire(self) -> list[str]:
        """Forget what is too old or too many; returns the ids, for the database and Rasa to forget them too."""

    def __len__(self) -> int:
        """How many conversations this process holds."""


class LocalMemory:
    """Memory of one process: at most `limit` conversations, each forgotten after `ttl` seconds without a message."""

    def __init__(self, limit: int, ttl: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._ttl = ttl
        self._clock = clock
        self._conversations: OrderedDict[str, tuple[float, Remembered]] = OrderedDict()

    def __len__(self) -> int:
        """See `Memory`."""
        return len(self._conversations)

    async def get(self, conversation_id: str) -> Remembered | None:
        """See `Memory.get`. A copy: a turn that fails half-way changes nothing."""
        seen, remembered = self._conversations.get(conversation_id, (0.0, None))
        if remembered is None or self._clock() - seen > self._ttl:
            return None
        return Remembered(copy(remembered.state), remembered.written, remembered.turns)

    async def keep(self, remembered: Remembered) -> None:
        """See `Memory.keep`."""
        self._conversations[remembered.state.id] = self._clock(), remembered
        self._conversations.move_to_end(remembered.state.id)
        if len(self._conversations) > 2 * self._limit:  # a flood between two passes of the housekeeping
            self._conversations.popitem(last=False)

    async def drop(self, conversation_id: str) -> None:
        """See `Memory.drop`."""
        self._conversations.pop(conversation_id, None)

    def expire(self) -> list[str]:
        """See `Memory.expire`."""
        gone: list[str] = []
        while self._conversations:
            conversation_id, (seen, _) = next(iter(self._conversations.items()))
            if len(self._conversations) <= self._limit and self._clock() - seen <= self._ttl:
                break
            del self._conversations[conversation_id]
            gone.append(conversation_id)
        return gone
