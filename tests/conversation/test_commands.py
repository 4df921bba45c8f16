"""The commands of retention, on a database and a Rasa of their own."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.commands import main
from bot.conversation.state import now
from bot.conversation.store import Store
from tests.conversation.test_retention import talked


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    monkeypatch.setenv("RELAIS_SECRET", "secret-de-test")
    monkeypatch.setenv("RELAIS_RASA_PORT", str(unused_tcp_port))
    monkeypatch.delenv("RELAIS_DATABASE_URL", raising=False)


def run(*words: str) -> int:
    """The command in another thread: this one has a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(main, words).result()


async def test_mettre_la_base_a_jour(capsys: pytest.CaptureFixture[str]):
    assert run("db", "upgrade") == 0
    assert "à jour" in capsys.readouterr().out


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_effacer_une_conversation(store: Store, capsys: pytest.CaptureFixture[str]):
    state = await talked(store)
    assert run("erase", state.id) == 3  # Rasa ne répond pas : la copie y sera effacée plus tard
    printed = capsys.readouterr()
    assert "Conversation effacée." in printed.out
    assert "Rasa ne répond pas" in printed.err
    assert await store.load(state.id) is None
    assert run("erase", state.id) == 1
    assert "Aucune conversation" in capsys.readouterr().err


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_purger(store: Store, capsys: pytest.CaptureFixture[str]):
    old, recent = await talked(store, days_ago=31), await talked(store)
    assert run("purge") == 3
    assert capsys.readouterr().out == "1 conversation(s) effacée(s).\n"
    assert await store.load(old.id) is None
    assert await store.load(recent.id) is not None


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_exporter(store: Store, capsys: pytest.CaptureFixture[str]):
    await talked(store)
    day = now().date().isoformat()
    assert run("export", "--from", day, "--to", day) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["day"] == day
    assert run("export", "--from", day, "--to", "2020-01-01") == 2
