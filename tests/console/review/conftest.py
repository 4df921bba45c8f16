"""Conversations written by the store itself, and the rows of the inbox computed from them."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.console.review.index import Index
from bot.conversation.migrate import upgrade
from bot.conversation.state import ConversationState, TurnRecord, now
from bot.conversation.store import Store
from bot.database import sync_engine

Talk = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, to copy: migrating takes half a second."""
    path = tmp_path_factory.mktemp("migrated") / "relais.sqlite"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
async def store(tmp_path: Path, migrated: Path) -> AsyncIterator[Store]:
    path = tmp_path / "relais.sqlite"
    shutil.copyfile(migrated, path)
    made = Store(sync_engine(f"sqlite+aiosqlite:///{path}"))
    yield made
    await made.close()


@pytest.fixture
def index(store: Store) -> Index:
    return Index(store)


def person(
    text: str | None = "bonjour", intent: str = "inform", confidence: float = 0.95, **more: Any
) -> TurnRecord:
    """Something that the person wrote."""
    made = TurnRecord("user", "", now(), "web", text=text, intent=intent, confidence=confidence)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def bot(text: str = "?", asks: str | None = None, plan: dict[str, Any] | None = None) -> TurnRecord:
    """Something that the bot said."""
    message = {"id": "", "from": "bot", "text": text, "asks": asks, "plan": plan, "choices": []}
    return TurnRecord("bot", "", now(), "web", text=text, message=message)


async def converse(store: Store, *turns: TurnRecord, hours_ago: float = 0, **state: Any) -> str:
    """Write a kept conversation; returns its id. Keyword arguments are fields of its state."""
    begun = ConversationState.begin(state.pop("channel", "web"))
    await store.create(begun)
    begun.consent = "yes"
    for name, value in state.items():
        setattr(begun, name, value)
    begun.active_at = now() - timedelta(hours=hours_ago)
    for rank, turn in enumerate(turns):
        turn.message_id = f"{begun.id}-{rank}"
    await store.save(begun, turns, changed=list(state))
    return begun.id


@pytest.fixture
def talk(store: Store) -> Talk:
    async def talking(*turns: TurnRecord, **state: Any) -> str:
        return await converse(store, *turns, **state)

    return talking
