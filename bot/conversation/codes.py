"""Resume codes: twelve letters that bring a person back to their conversation, without an account.

Fifteen letters that neither look nor sound alike in French, no vowel so that no word appears: 15**12 codes,
47 bits. Kept as a keyed hash. Guessing is only possible through us, where attempts are counted: at 60 a minute
without a pause for a month, against ten thousand codes, one guess in about five thousand such months succeeds.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, select

from bot.conversation.models import Conversation, ResumeCode
from bot.conversation.state import now
from bot.conversation.store import Store

LETTERS = "CFHJKLMPRTVWXYZ"
_GROUPS, _GROUP = 3, 4
_LIFE = timedelta(days=30)
_HEARD = str.maketrans("BDGINSU12", "PTJLMFVLZ")
"""Letters and digits that never are in a code, and the one that was meant: heard or read in its place."""
_NOT_A_LETTER = re.compile(r"[\s.·_'-]+")
_CODES = cast(Table, ResumeCode.__table__)
_C = _CODES.c
_CONVERSATION = cast(Table, Conversation.__table__).c


@dataclass(frozen=True)
class IssuedCode:
    """A code just made: the only time that it is readable."""

    code: str
    """« CFHJ-KLMP-RTVW »."""
    expires_at: datetime


def read(typed: str) -> str | None:
    """The code meant by what a person typed, in its written form; None when it cannot be one."""
    letters = _NOT_A_LETTER.sub("", typed[:64].upper()).translate(_HEARD)
    if len(letters) != _GROUPS * _GROUP or not set(letters) <= set(LETTERS):
        return None
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


class ResumeCodes:
    """Makes, reads and revokes codes. `key` is the secret of the settings."""

    def __init__(self, store: Store, key: str, *, retention_days: int) -> None:
        self._store = store
        self._key = key.encode()
        self._retention = timedelta(days=retention_days)

    def _digest(self, code: str) -> str:
        return hmac.new(self._key, b"resume:" + code.encode(), sha256).hexdigest()

    async def issue(self, conversation_id: str) -> IssuedCode:
        """A new code for this conversation; the one before stops working.

        It does not outlive the conversation, erased after its retention if nothing more is said. Raises
        ConversationGoneError for a conversation that is not kept.
        """
        letters = [secrets.choice(LETTERS) for _ in range(_GROUPS * _GROUP)]
        code = read("".join(letters))
        assert code is not None
        row: dict[str, Any] = {"conversation_id": conversation_id, "digest": self._digest(code)}
        active_at = select(_CONVERSATION.active_at).where(_CONVERSATION.id == conversation_id)

        def writing(connection: Connection) -> None:
            kept_until: datetime = connection.execute(active_at).scalar_one() + self._retention
            row["expires_at"] = min(now() + _LIFE, kept_until)
            connection.execute(delete(_CODES).where(_C.conversation_id == conversation_id))
            connection.execute(insert(_CODES), row)

        await self._store.write_kept(conversation_id, writing)
        return IssuedCode(code, row["expires_at"])

    async def conversation(self, typed: str) -> str | None:
        """The conversation that a code opens, or None: wrong, expired, revoked, or its conversation is gone."""
        code = read(typed)
        if code is None:
            return None
        query = (
            select(_C.conversation_id)
            .join(Conversation, _CONVERSATION.id == _C.conversation_id)
            .where(_C.digest == self._digest(code), _C.expires_at > now())
            .where(_CONVERSATION.erased_at.is_(None), _CONVERSATION.consent == "yes")
        )
        return await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def expiry(self, conversation_id: str) -> datetime | None:
        """Until when this conversation's code works; None when it has none."""
        query = select(_C.expires_at).where(_C.conversation_id == conversation_id, _C.expires_at > now())
        return await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def revoke(self, conversation_id: str) -> bool:
        """Make this conversation's code useless; False when there was none."""
        statement = delete(_CODES).where(_C.conversation_id == conversation_id)
        gone = await self._store.write(lambda connection: connection.execute(statement).rowcount)
        return gone > 0
