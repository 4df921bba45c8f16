"""What is done without being asked goes on whatever happens."""

import asyncio
from datetime import timedelta

import pytest

from bot.conversation.state import now
from bot.conversation.store import Store
from bot.gateway.housekeeping import keep_house
from tests.gateway.conftest import Person
from tests.gateway.fake_rasa import FakeRasa


async def test_la_conservation_survit_a_une_panne(
    person: Person, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    await person.begin(consent="yes")
    store, gone = person.gateway.store, person.id
    found = await store.load(gone)
    assert found is not None
    found[0].active_at = now() - timedelta(days=31)
    await store.save(found[0], [], changed=[])
    overwrite, calls = Store.overwrite_journal, 0

    async def sometimes(self: Store) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("motsecret")
        await overwrite(self)

    monkeypatch.setattr(Store, "overwrite_journal", sometimes)
    task = asyncio.create_task(keep_house(person.gateway, pause=0.01))
    while calls < 3:
        await asyncio.sleep(0.01)
    task.cancel()
    assert await store.load(gone) is None
    assert not rasa.trackers
    assert "housekeeping put off: ValueError" in caplog.text
    assert "motsecret" not in caplog.text
