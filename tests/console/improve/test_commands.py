"""`relais models`: lists, and compares on what advisers reviewed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.commands import main, models
from bot.console.improve.comparison import Answer, compare
from bot.console.improve.models import Correction
from bot.conversation.migrate import upgrade
from bot.conversation.models import Conversation, Turn
from bot.conversation.state import now
from bot.database import sync_engine
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    for name in ("RELAIS_DATABASE_URL", "RELAIS_MODELS"):
        monkeypatch.delenv(name, raising=False)
    found = Settings.from_environment()
    found.models.mkdir()
    for name in ("relais-a", "relais-b"):
        (found.models / f"{name}.tar.gz").touch()
    return found


def review(settings: Settings) -> None:
    upgrade(settings.database_url)
    engine = sync_engine(settings.database_url)
    turn = {
        "conversation_id": "c",
        "direction": "user",
        "message_id": "m",
        "channel": "web",
        "created_at": now(),
    }
    row = {
        "id": "c",
        "channel": "web",
        "consent": "yes",
        "created_at": now(),
        "active_at": now(),
        "flags": [],
        "choices": {},
    }
    with engine.begin() as connection:
        connection.execute(insert(Conversation), row | {"turns": 1})
        connection.execute(insert(Turn), turn | {"seq": 1, "text": "zanzibar"})
        connection.execute(
            insert(Correction).values(
                conversation_id="c",
                seq=1,
                subject="intent",
                before="greet",
                after="thank",
                comment="",
                author=1,
                at=now(),
                state="new",
            )
        )
    engine.dispose()


def test_les_modeles_se_listent(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    assert set(capsys.readouterr().out.split()) == {"relais-a", "relais-b"}


def test_la_comparaison_se_lit_sans_les_messages(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["models", "compare", "relais-a", "relais-b"]) == 2
    assert "Aucun message relu" in capsys.readouterr().err
    review(settings)
    assert main(["models", "compare", "relais-a", "absent"]) == 2

    def understood(first: Path, second: Path, reviewed: Any) -> Any:
        said = {first: [Answer("greet", 0.4)], second: [Answer("thank", 0.8)]}
        return compare(first, second, reviewed, lambda model, texts: said[model])

    monkeypatch.setattr(models, "compare", understood)
    capsys.readouterr()
    assert main(["models", "compare", "relais-a", "relais-b"]) == 0
    told = capsys.readouterr().out
    assert "relais-a : 0 / 1 justes" in told
    assert "gagnés : 1, perdus : 0" in told
    assert "zanzibar" not in told
    assert main(["models", "compare", "relais-a", "relais-b", "--texts"]) == 0
    assert "zanzibar" in capsys.readouterr().out
