"""Nothing personal on disk before a yes nor after a no; nothing said in any log, even at debug level."""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.conversation.retention import erase
from bot.conversation.store import Store
from bot.gateway.housekeeping import forget_expired
from tests.gateway.conftest import Person, StartGateway, break_rasa
from tests.gateway.fake_rasa import FakeRasa

MARK = "xyzzymarqueur"
COLUMNS_KEPT = {"id", "channel", "consent", "created_at", "active_at", "turns"}


def on_disk(folder: Path, mark: str = MARK) -> list[str]:
    return [file.name for file in folder.iterdir() if mark.encode() in file.read_bytes()]


def row(folder: Path) -> dict[str, Any]:
    with sqlite3.connect(folder / "relais.sqlite") as database:
        database.row_factory = sqlite3.Row
        (found,) = database.execute("SELECT * FROM conversation").fetchall()
        return dict(found)


def nothing_kept(folder: Path) -> None:
    kept = {name for name, value in row(folder).items() if value not in (None, "[]", "{}", 0)}
    assert kept <= COLUMNS_KEPT
    with sqlite3.connect(folder / "relais.sqlite") as database:
        assert database.execute("SELECT count(*) FROM turn").fetchone() == (0,)


async def test_avant_l_accord_rien_n_est_ecrit(person: Person, tmp_path: Path):
    await person.begin()
    await person.say(f"je suis maçon, {MARK}")
    assert on_disk(tmp_path) == []
    nothing_kept(tmp_path)
    assert row(tmp_path)["consent"] is None


async def test_apres_un_refus_rien_n_est_ecrit(person: Person, tmp_path: Path):
    await person.begin(consent="no")
    await person.say(f"je suis maçon, {MARK}")
    await person.say(choice="salarie_prive")
    await person.say(choice="yes")
    await person.say(choice="no")
    assert on_disk(tmp_path) == []
    nothing_kept(tmp_path)
    assert row(tmp_path)["consent"] == "no"
    with sqlite3.connect(tmp_path / "relais.sqlite") as database:
        assert database.execute(
            "SELECT answer, channel, audience, department, count FROM feedback_event"
        ).fetchall() == [("no", "web", "", "", 1)]


async def test_apres_un_accord_tout_est_garde_depuis_le_debut(person: Person, tmp_path: Path):
    await person.begin()
    await person.say(f"je suis maçon, {MARK}")
    await person.say(choice="yes")
    assert on_disk(tmp_path) != []
    with sqlite3.connect(tmp_path / "relais.sqlite") as database:
        said = database.execute("SELECT seq, direction, text FROM turn ORDER BY seq").fetchall()
    assert [seq for seq, _, _ in said] == list(range(1, len(said) + 1))
    assert [direction for _, direction, _ in said] == ["bot", "bot", "user", "bot", "user", "bot"]
    assert MARK in said[2][2]
    assert row(tmp_path)["step"] == "questions"
    assert len(person.gateway.sharing.memory) == 0


async def test_un_accord_repris_efface_ce_qui_etait_garde(person: Person, tmp_path: Path):
    await person.begin(consent="yes")
    await person.say(f"je suis maçon, {MARK}")
    assert on_disk(tmp_path) != []
    await person.say("je retire mon accord")
    assert on_disk(tmp_path) == []
    nothing_kept(tmp_path)
    assert row(tmp_path)["consent"] == "no"
    assert (await person.say(choice="salarie_prive"))[0]["asks"] == "on_leave"


async def test_la_memoire_s_oublie_partout(start: StartGateway, rasa: FakeRasa, tmp_path: Path):
    person = await start(memory_ttl=-1.0)
    await person.begin()
    assert rasa.trackers
    assert await forget_expired(person.gateway) == 1
    assert not rasa.trackers
    with sqlite3.connect(tmp_path / "relais.sqlite") as database:
        assert database.execute("SELECT count(*) FROM conversation").fetchone() == (0,)


async def test_demander_l_effacement_avec_ses_mots(person: Person, rasa: FakeRasa, tmp_path: Path):
    await person.begin(consent="yes")
    await person.say(MARK)
    rasa.understood = "erase_data"
    response = await person.client.post("/api/messages", json={"text": "effacez tout"})
    assert response.status == 200
    assert (await response.json())["messages"][0]["text"] == "Tout est effacé."
    assert response.cookies["relais"]["max-age"] == "0"
    assert on_disk(tmp_path) == []
    assert not rasa.trackers
    assert (await person.post(text="bonjour")).status == 401


async def test_aucun_journal_ne_contient_ce_qui_est_dit(
    start: StartGateway, rasa: FakeRasa, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    person = await start()
    for consent in ("yes", "no"):
        await person.begin(consent=consent)
        await person.say(MARK)
        await person.say(f"je veux mourir {MARK}")
        await person.post(choice=MARK)
        await person.post(text=MARK, id=[MARK])
        await person.post(text=MARK * 500)
        for fault in ("error", "silent", "garbage", "dies"):
            break_rasa(person, rasa, fault)
            await person.post(text=MARK)
            rasa.fault, person.gateway.rasa._timeout = None, 15
        await person.client.get(f"/{MARK}?{MARK}={MARK}")
        await person.client.post("/conversation", data={"text": MARK, "form": MARK})
        await person.conversation()
        await person.client.delete("/api/conversation", headers=person.headers)
    printed = capfd.readouterr()
    assert len(caplog.records) > 40
    for record in caplog.records:
        assert MARK not in record.getMessage()
        assert MARK not in json.dumps(str(record.args))
        assert record.exc_info is None
    assert MARK not in printed.out + printed.err


async def test_une_erreur_imprevue_ne_dit_rien_non_plus(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    await person.begin(consent="yes")

    def broken(*_arguments: object) -> None:
        raise ValueError(MARK)

    monkeypatch.setattr("bot.gateway.dialogue.mask", broken)
    response = await person.post(text=MARK)
    assert response.status == 503
    assert MARK not in await response.text()
    assert MARK not in caplog.text
    assert "ValueError at" in caplog.text


async def test_une_conversation_effacee_par_ailleurs_s_arrete(person: Person, rasa: FakeRasa, tmp_path: Path):
    """`relais erase` runs in another process: memory learns it at the next write."""
    await person.begin(consent="no")
    await erase(person.gateway.store, person.id, person.gateway.rasa.forget)
    response = await person.post(text="je veux mourir")
    assert response.status == 401
    assert "3114" in (await response.json())["messages"][0]["text"]
    assert (await person.post(text="bonjour")).status == 401
    assert not rasa.trackers


async def test_un_accord_que_la_base_n_a_pas_pu_ecrire_s_ecrit_ensuite(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    await person.begin()
    await person.say(f"je suis maçon, {MARK}")

    async def down(*_arguments: object, **_named: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("disk"))

    with monkeypatch.context() as patch:
        patch.setattr(Store, "save", down)
        assert (await person.post(choice="yes")).status == 503
    assert on_disk(tmp_path) == []
    await person.say("bonjour")
    assert row(tmp_path)["consent"] == "yes"
    assert on_disk(tmp_path) != []
