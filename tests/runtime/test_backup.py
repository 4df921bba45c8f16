"""A backup made while Relais serves brings a conversation back, on SQLite and on PostgreSQL."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import main
from bot.runtime.backup import BackupError, backup, restore
from bot.settings import Settings
from tests import engines
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

PHRASE = "une phrase secrète assez longue"


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """Settings whose Rasa has trackers of its own, and whose key is a file."""
    with closing(sqlite3.connect(settings.var / "trackers.sqlite")) as database:
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT)")
        database.execute("INSERT INTO events (sender_id) VALUES ('c1')")
        database.commit()
    (settings.var / "secret.key").write_text("clef", encoding="utf-8")
    return settings


async def talked(person: Person) -> dict[str, object]:
    await person.begin(consent="yes")
    await person.say(choice="salarie_prive")
    return await person.conversation()


def emptied(settings: Settings) -> None:
    for path in settings.var.glob("*.sqlite*"):
        path.unlink()
    (settings.var / "secret.key").unlink(missing_ok=True)


@pytest.mark.parametrize("passphrase", ["", PHRASE])
async def test_ce_qui_est_remis_reprend_ou_l_on_en_etait(
    filled: Settings, start: StartGateway, rasa: FakeRasa, tmp_path: Path, passphrase: str
):
    before = await start()
    seen = await talked(before)
    archive = tmp_path / "sauvegarde"
    backup(filled, archive, passphrase=passphrase)  # while it serves
    await before.say(choice="yes")
    await before.client.close()
    emptied(filled)
    restore(filled, archive, passphrase=passphrase)
    after = await start()
    after.token = before.token
    assert await after.conversation() == seen
    assert (await after.say(choice="yes"))[0]["plan"] is not None
    with closing(sqlite3.connect(filled.var / "trackers.sqlite")) as database:
        assert database.execute("SELECT sender_id FROM events").fetchall() == [("c1",)]


def test_la_clef_n_est_que_dans_une_archive_chiffree(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("RELAIS_SECRET")
    with closing(sqlite3.connect(filled.var / "relais.sqlite")) as database:
        database.execute("CREATE TABLE a (b)")
    archive = tmp_path / "sauvegarde"
    assert backup(filled, archive) == ["relais.sqlite", "trackers.sqlite"]
    assert backup(filled, archive, passphrase=PHRASE) == ["relais.sqlite", "secret.key", "trackers.sqlite"]
    assert b"SQLite" not in archive.read_bytes()
    assert archive.stat().st_mode & 0o077 == 0
    emptied(filled)
    restore(filled, archive, passphrase=PHRASE)
    assert (filled.var / "secret.key").read_text() == "clef"
    assert (filled.var / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["wrong", "none", "cut", "changed"])
def test_une_archive_abimee_ou_mal_ouverte_ne_touche_a_rien(filled: Settings, tmp_path: Path, damage: str):
    with closing(sqlite3.connect(filled.var / "relais.sqlite")) as database:
        database.execute("CREATE TABLE a (b)")
    archive = tmp_path / "sauvegarde"
    backup(filled, archive, passphrase=PHRASE)
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        archive.write_bytes(content[:-40])
    if damage == "changed":
        content[-30] ^= 1
        archive.write_bytes(content)
    phrase = {"wrong": "une autre", "none": ""}.get(damage, PHRASE)
    before = (filled.var / "relais.sqlite").read_bytes()
    with pytest.raises(BackupError):
        restore(filled, archive, passphrase=phrase, replace=True)
    assert (filled.var / "relais.sqlite").read_bytes() == before


def test_des_donnees_presentes_ne_sont_remplacees_que_sur_demande(
    filled: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["db", "upgrade"]) == 0
    archive = str(tmp_path / "sauvegarde")
    assert main(["backup", archive]) == 0
    assert main(["restore", archive]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", archive, "--replace"]) == 0
    assert main(["restore", str(tmp_path / "rien")]) == 1
    (tmp_path / "texte").write_text("bonjour")
    assert main(["restore", str(tmp_path / "texte"), "--replace"]) == 1


async def test_sur_postgresql_aussi(
    settings: Settings, start: StartGateway, rasa: FakeRasa, postgresql: engines.Postgres, tmp_path: Path
):
    first, second = (
        replace(settings, database_url=url, tracker_database_url=url.replace("+psycopg", ""))
        for url in (postgresql.url(), postgresql.url())
    )
    before = await start(database_url=first.database_url)
    seen = await talked(before)
    archive = tmp_path / "sauvegarde"
    assert await asyncio.to_thread(backup, first, archive) == ["relais.pgdump"]
    with pytest.raises(BackupError, match="--replace"):
        restore(first, archive)
    await asyncio.to_thread(restore, second, archive)
    after = await start(database_url=second.database_url)
    after.token = before.token
    assert await after.conversation() == seen
    assert (await after.say(choice="yes"))[0]["plan"] is not None
