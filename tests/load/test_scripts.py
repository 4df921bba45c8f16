"""The load scripts themselves, on little data: they must run on the day somebody needs them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.console.review.models import Review, ReviewEvent, ReviewWord
from bot.conversation.migrate import upgrade
from bot.conversation.models import Conversation, Turn
from bot.database import sync_engine
from bot.settings import Settings
from tests.load import console
from tests.load.console import FILTERS, measure
from tests.load.populate import fill, index


async def test_les_scripts_de_charge_remplissent_et_mesurent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    url = f"sqlite+aiosqlite:///{tmp_path / 'load.sqlite'}"
    upgrade(url)
    engine = sync_engine(url)
    longest = fill(engine, 30, 500, longest=60)
    assert await index(engine) == 30
    engine = sync_engine(url)
    with engine.connect() as connection:
        for model, expected in ((Conversation, 30), (Turn, 500), (Review, 30)):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == expected
        for model in (ReviewEvent, ReviewWord):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() > 100
        turns = select(Conversation.turns).where(Conversation.id == longest)
        assert connection.execute(turns).scalar_one() == 60
    with pytest.raises(SystemExit, match="already holds"):
        fill(engine, 1, 60, longest=60)
    engine.dispose()
    monkeypatch.setattr(console, "FILTERS", {name: FILTERS[name] for name in ("toutes", "cinq filtres")})
    settings = replace(Settings.from_environment(), database_url=url, retention_days=3650)
    found = await measure(settings, rounds=1)
    assert len(found) == 2 + 3
    assert all(each.times and each.p95 > 0 for each in found)
