"""The queues that the system fills: why a conversation deserves a reader. One bit each in `review.queues`."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntFlag
from hashlib import sha256


class Queue(IntFlag):
    """In the order in which the inbox lists them: what cannot wait comes first."""

    HUMAN = 1
    """Asked for a person."""
    SAFETY = 2
    """A crisis was flagged."""
    NOT_UNDERSTOOD = 4
    MARGIN = 8
    """Two intents were close for a message that stated no fact."""
    CORRECTED = 16
    """The person corrected an answer."""
    DROPPED = 32
    """Left at a question, for longer than `DROPPED_AFTER`."""
    NEGATIVE = 64
    """« Est-ce que cela vous aide ? — Non »."""
    CONTRADICTION = 128
    """Answers that cannot hold together."""
    SAMPLE = 256
    """Sure of itself and in no other queue: one in `SAMPLED_ONE_IN`, to see what confidence is worth."""

    @property
    def slug(self) -> str:
        """Its name in addresses and in data/console/inbox.yml."""
        return (self.name or "").lower()


SURE = 0.5
"""Under this confidence an intent commands nothing (`actions.talk.SURE`)."""
CLOSE = 0.15
"""Under this margin between the first two intents, the second could as well be the right one."""
CONFIDENT = 0.8
SAMPLED_ONE_IN = 50
DROPPED_AFTER = timedelta(hours=6)
"""People on sick leave put their phone down and come back: less than this is a pause."""

OF_FLAG = {
    "human": Queue.HUMAN,
    "safety": Queue.SAFETY,
    "not_understood": Queue.NOT_UNDERSTOOD,
    "corrected": Queue.CORRECTED,
    "negative_feedback": Queue.NEGATIVE,
}


@dataclass(frozen=True, slots=True)
class Understood:
    """How the machine understood one message that the person wrote in words."""

    confidence: float | None
    margin: float | None
    has_facts: bool


def queues_of(
    conversation_id: str, flags: list[str], written: list[Understood], *, contradictory: bool
) -> Queue:
    """The queues of a conversation, but DROPPED, which time alone decides."""
    found = Queue(0)
    for flag in flags:
        found |= OF_FLAG.get(flag, Queue(0))
    for turn in written:
        if turn.confidence is not None and turn.confidence < SURE and not turn.has_facts:
            found |= Queue.NOT_UNDERSTOOD
        if turn.margin is not None and turn.margin < CLOSE and not turn.has_facts:
            found |= Queue.MARGIN
    if contradictory:
        found |= Queue.CONTRADICTION
    sure = any(turn.confidence is not None and turn.confidence >= CONFIDENT for turn in written)
    if not found and sure and sampled(conversation_id):
        found = Queue.SAMPLE
    return found


def sampled(conversation_id: str) -> bool:
    """One conversation in `SAMPLED_ONE_IN`, always the same ones: drawn by the hash of the random id."""
    return int.from_bytes(sha256(b"sample:" + conversation_id.encode()).digest()[:4]) % SAMPLED_ONE_IN == 0
