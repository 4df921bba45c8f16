"""Pseudonymised export: what happened in conversations, without what tells who.

Ids become keyed pseudonyms (the same for one key, linked to nothing else), moments become days, communes are
left out and ages, company sizes and lengths of leave become classes. Texts are left out unless asked for:
even masked they may hold a name. This remains personal data (GDPR, recital 26): it is not anonymous.
"""

import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Table, select

from bot.conversation.models import Conversation, Turn
from bot.conversation.state import ConversationState
from bot.conversation.store import Store

_C = cast(Table, Conversation.__table__).c
_T = cast(Table, Turn.__table__).c
_COLUMNS = (
    "channel", "audience", "department", "step", "outcome", "flags", "asks", "turns", "rules_version",
    "model_version",
)  # fmt: skip
_CLASSES = {"age": 10, "company_size": 50, "leave_days": 30}
"""Width of the classes that replace exact numbers."""
_LEFT_OUT = frozenset({"commune", "leave_start", "return_date", "unfit_date"})


def pseudonym(conversation_id: str, key: str) -> str:
    """Name of a conversation in exports: cannot be turned back without the key."""
    return hmac.new(key.encode(), b"export:" + conversation_id.encode(), sha256).hexdigest()[:16]


async def export(
    store: Store, first: date, last: date, *, key: str, texts: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """The kept conversations begun from `first` to `last` included (UTC days), in the order of pseudonyms.

    `key` makes the pseudonyms; `texts` adds the masked texts.
    """
    beginning = datetime.combine(first, time.min, timezone.utc)
    end = datetime.combine(last, time.min, timezone.utc) + timedelta(days=1)
    query = (
        select(_C.id)
        .where(_C.created_at >= beginning, _C.created_at < end)
        .where(_C.consent == "yes", _C.erased_at.is_(None))
    )
    ids = await store.read(lambda connection: list(connection.execute(query).scalars()))
    for conversation_id in sorted(ids, key=lambda found: pseudonym(found, key)):
        found = await store.load(conversation_id)
        if found is not None and found[0].kept:
            yield await _one(store, found[0], key, texts)


async def _one(store: Store, state: ConversationState, key: str, texts: bool) -> dict[str, Any]:
    turns = await store.transcript(state.id, last=10_000)
    said = []
    for turn in turns:
        line: dict[str, Any] = {
            "from": turn.direction,
            "asked": turn.asked,
            "choice": turn.choice,
            "intent": turn.intent,
            "confidence": turn.confidence,
            "facts": [fact.get("name") for fact in turn.facts or []],
            "flag": turn.flag,
        }
        if texts:
            line["text"] = turn.text
        said.append({name: value for name, value in line.items() if value not in (None, [])})
    row = {name: getattr(state, name) for name in _COLUMNS}
    return {
        "conversation": pseudonym(state.id, key),
        "day": state.created_at.date().isoformat(),
        **row,
        "situation": coarse(state.situation or {}),
        "said": said,
    }


def coarse(situation: Mapping[str, Any]) -> dict[str, Any]:
    """A situation with classes for exact numbers (« 40-49 »), no place finer than a department, no date."""
    shown: dict[str, Any] = {}
    for name, value in situation.items():
        if name in _LEFT_OUT:
            continue
        width = _CLASSES.get(name)
        if width is not None and isinstance(value, int):
            start = value // width * width
            value = f"{start}-{start + width - 1}"
        shown[name] = value
    return shown
