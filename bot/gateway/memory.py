"""Conversations of people who have not agreed (yet) that anything be kept: in memory, bounded, two hours."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.state import ConversationState, Message, TurnRecord

_TURNS = 400


@dataclass(slots=True)
class Remembered:
    """A conversation in memory."""

    state: ConversationState
    written: datetime
    """Activity that the row in the database shows."""
    turns: list[TurnRecord] = field(default_factory=list)
    seen: float = 0.0

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


class Memory:
    """At most `limit` conversations, each forgotten after `ttl` seconds without a message."""

    def __init__(self, limit: int, ttl: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._ttl = ttl
        self._clock = clock
        self._conversations: OrderedDict[str, Remembered] = OrderedDict()

    def __len__(self) -> int:
        return len(self._conversations)

    def get(self, conversation_id: str) -> Remembered | None:
        """The conversation if it is still remembered."""
        remembered = self._conversations.get(conversation_id)
        if remembered is None or self._clock() - remembered.seen > self._ttl:
            return None
        return remembered

    def put(self, state: ConversationState, *, written: datetime | None = None) -> Remembered:
        """Remember a conversation (again); `written`: activity just put in its row."""
        remembered = self._conversations.setdefault(state.id, Remembered(state, state.active_at))
        remembered.state, remembered.written = state, written or remembered.written
        self.touch(remembered)
        if len(self._conversations) > 2 * self._limit:  # a flood between two passes of the housekeeping
            self._conversations.popitem(last=False)
        return remembered

    def touch(self, remembered: Remembered) -> None:
        """A message came: its two hours begin again."""
        remembered.seen = self._clock()
        self._conversations.move_to_end(remembered.state.id)

    def drop(self, conversation_id: str) -> Remembered | None:
        """Forget a conversation."""
        return self._conversations.pop(conversation_id, None)

    def expire(self) -> list[str]:
        """Forget what is too old or too many; returns the ids, for Rasa to forget them too."""
        gone: list[str] = []
        while self._conversations:
            conversation_id, oldest = next(iter(self._conversations.items()))
            if len(self._conversations) <= self._limit and self._clock() - oldest.seen <= self._ttl:
                break
            del self._conversations[conversation_id]
            gone.append(conversation_id)
        return gone
