"""Off by default, refused half configured; polling; the 24 hours; what is forgotten; the command."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.commands import main
from bot.conversation.live import PUSHED
from bot.conversation.messages import message
from bot.conversation.pushing import push
from bot.conversation.secrecy import Secrecy
from bot.conversation.state import now
from bot.gateway.app import create_app
from bot.gateway.channels.mailbox import Mailbox
from bot.gateway.channels.service import telegram_secret
from bot.gateway.channels.settings import ChannelsSettings
from bot.settings import Settings, SettingsError
from tests.gateway.channels.conftest import CHANNELS, DESCRIPTION, Line, StartLine
from tests.gateway.channels.platforms import (
    META_TOKEN,
    PAGE_TOKEN,
    PHONE_ID,
    TEMPLATE,
    TWILIO_TOKEN,
    FakeMeta,
    FakeTelegram,
    FakeTwilio,
)
from tests.gateway.channels.test_words import agreed
from tests.gateway.conftest import UNLIMITED


async def test_sans_reglage_aucune_adresse_n_existe(settings: Settings) -> None:
    app = create_app(settings, options=UNLIMITED)
    assert not [route for route in app.router.resources() if route.canonical.startswith("/channels")]
    async with TestClient(TestServer(app)) as client:
        for name in CHANNELS:
            assert (await client.post(f"/channels/{name}", data=b"{}")).status == 404


async def test_un_canal_a_moitie_regle_empeche_le_demarrage(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAIS_WHATSAPP_TOKEN", "jeton")
    with pytest.raises(SettingsError, match=r"RELAIS_WHATSAPP_PHONE_ID.*RELAIS_WHATSAPP_APP_SECRET"):
        create_app(settings, options=UNLIMITED)


def test_un_secret_se_donne_aussi_par_fichier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "jeton").write_text("700:secret\n", encoding="utf-8")
    monkeypatch.setenv("RELAIS_TELEGRAM_TOKEN_FILE", str(tmp_path / "jeton"))
    read = ChannelsSettings.from_environment()
    assert read.telegram is not None
    assert read.telegram.token == "700:secret"
    assert "secret" not in repr(read)
    monkeypatch.setenv("RELAIS_TELEGRAM_TOKEN_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingsError, match="absent"):
        ChannelsSettings.from_environment()


async def test_la_releve_de_telegram_repond_une_fois_chacun(start: StartLine) -> None:
    line = await start("telegram", polling=True)
    phone = line.phone()
    line.platform.updates += [phone.message("Bonjour"), phone.message("STOP")]
    for _ in range(200):
        if len(line.platform.shown) >= 3 and not line.platform.updates:
            break
        await asyncio.sleep(0.05)
    await phone.idle()
    said = [shown.text for shown in phone.new()]
    assert "programme" in said[0]
    assert "je ne vous écris plus" in said[-1]
    assert max(line.platform.offsets) == 810000000 + 1002 + 1
    assert (await phone.post(phone.message("Bonjour"))).status == 404  # no webhook while fetching


async def age(line: Line, hours: int) -> None:
    moment = f"datetime('now', '-{hours} hours')"
    await line.gateway.store.write(
        lambda connection: connection.execute(text(f"UPDATE channel_person SET seen_at = {moment}")).close()
    )


async def tell(line: Line, said: str) -> None:
    query = text("SELECT conversation_id FROM channel_person")
    found = await line.gateway.store.read(lambda connection: connection.execute(query).scalar_one())
    words = [message(said, sender="adviser")]
    await line.gateway.store.write(lambda connection: push(connection, found, words, now()))
    await line.gateway.live.tell(PUSHED)
    await line.carried()


async def test_apres_24_heures_un_modele_part_et_le_message_attend(start: StartLine) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    await age(line, 25)
    line.platform.closed_window = True
    await tell(line, "Bonjour, une réponse pour vous.")
    await tell(line, "Encore un mot.")
    assert [shown.text for shown in phone.new()] == [f"[{TEMPLATE}]"]
    line.platform.closed_window = False
    shown = await phone.say("écho me voici")
    assert [each.text for each in shown[:3]] == [
        "Bonjour, une réponse pour vous.", "Encore un mot.", "me voici",
    ]  # fmt: skip
    assert line.platform.refused == []


@pytest.mark.parametrize("name", ["whatsapp", "messenger"])
async def test_apres_24_heures_sans_modele_l_echec_est_note(start: StartLine, name: str) -> None:
    line = await start(name, template="") if name == "whatsapp" else await start(name)
    phone = await agreed(line)
    await age(line, 25)
    await tell(line, "trop tard")
    assert phone.new() == []
    query = text("SELECT error FROM channel_outbox WHERE state = 'failed'")
    assert await line.gateway.store.read(lambda connection: connection.execute(query).scalars().all()) == [
        "window"
    ]
    assert line.platform.refused == []  # not even tried


async def test_ce_qui_est_efface_sur_le_site_l_est_ici(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    query = text("SELECT conversation_id FROM channel_person")
    found = await line.gateway.store.read(lambda connection: connection.execute(query).scalar_one())
    await line.gateway.dialogue.erase(found)
    mailbox = Mailbox(line.gateway.store, Secrecy("secret-de-test", purpose="channels"))
    await mailbox.purge(marks_days=8, people_days=30)
    left = await line.gateway.store.read(lambda connection: connection.execute(query).scalars().all())
    assert left == []
    assert "programme" in (await phone.say("me revoilà"))[0].text


async def test_apres_reponse_il_ne_reste_aucun_contenu(start: StartLine) -> None:
    line = await start("telegram")
    await agreed(line)
    for table in ("channel_inbox", "channel_outbox"):
        query = text(f"SELECT count(*) FROM {table} WHERE body IS NOT NULL")
        assert await line.gateway.store.read(lambda c, q=query: c.execute(q).scalar_one()) == 0


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, ["channels", *arguments])


async def test_check_dit_ce_qui_est_eteint(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run("check") == 0
    assert "Telegram : éteint" in capsys.readouterr().out


async def test_check_dit_ce_qui_manque(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_TWILIO_ACCOUNT", "ACtest")
    assert await run("check") == 1
    assert "il manque RELAIS_TWILIO_TOKEN, RELAIS_TWILIO_SENDER" in capsys.readouterr().out


async def test_un_canal_incomplet_n_empeche_pas_de_verifier_les_autres(
    settings: Settings, platform: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_TWILIO_ACCOUNT", "ACtest")
    monkeypatch.setenv("RELAIS_TELEGRAM_TOKEN", "700:test")
    monkeypatch.setenv("RELAIS_TELEGRAM_API", platform[0].url())
    assert await run("check") == 1
    told = capsys.readouterr().out
    assert "il manque RELAIS_TWILIO_TOKEN" in told
    assert "@relais_bot" in told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"MESSENGER_TOKEN": PAGE_TOKEN, "MESSENGER_APP_SECRET": "s", "MESSENGER_VERIFY_TOKEN": "v"}, "page : Relais"),
        ({"TWILIO_ACCOUNT": "ACtest", "TWILIO_TOKEN": TWILIO_TOKEN, "TWILIO_SENDER": "+33700000000"}, "état : active"),
        ({"SMS_GATEWAY": "passerelle.yml", "SMS_SECRET": "s"}, "/v1/messages"),
    ],
)  # fmt: skip
async def test_check_dit_ce_que_chaque_plateforme_repond(
    settings: Settings,
    platform: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: dict[str, str],
    told: str,
) -> None:
    (name,) = {each.partition("_")[0] for each in values}
    (tmp_path / "passerelle.yml").write_text(DESCRIPTION.format(url="https://sms.example"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELAIS_PUBLIC_URL", "https://relais.example.org")
    api = {"MESSENGER": platform[1].url(), "TWILIO": platform[2].url()}.get(name, "")
    for variable, value in (values | {f"{name}_API": api}).items():
        monkeypatch.setenv(f"RELAIS_{variable}", value)
    assert await run("check") == 0
    said = capsys.readouterr().out
    assert told in said
    assert "https://relais.example.org/channels/" in said
    for secret in (PAGE_TOKEN, TWILIO_TOKEN):
        assert secret not in said


@pytest.fixture
async def platform() -> Any:
    fakes = [FakeTelegram(), FakeMeta(), FakeTwilio()]
    for fake in fakes:
        await fake.server.start_server()
    yield fakes
    for fake in fakes:
        await fake.server.close()


async def test_connect_puis_check(
    settings: Settings, platform: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_TELEGRAM_TOKEN", "700:test")
    monkeypatch.setenv("RELAIS_TELEGRAM_API", platform[0].url())
    assert await run("connect") == 1  # no public address
    monkeypatch.setenv("RELAIS_PUBLIC_URL", "https://relais.example.org")
    assert await run("check") == 1
    assert "relais channels connect" in capsys.readouterr().out
    assert await run("connect") == 0
    assert platform[0].webhook["secret_token"] == telegram_secret("secret-de-test")
    assert platform[0].webhook["max_connections"] == 1
    assert await run("check") == 0
    assert "@relais_bot" in capsys.readouterr().out
    platform[0].hook = {"last_error_date": 1795300000, "last_error_message": "SSL error"}
    assert await run("check") == 0
    assert "dernière erreur : SSL error" in capsys.readouterr().out
    monkeypatch.setenv("RELAIS_TELEGRAM_TOKEN", "700:faux")
    assert await run("check") == 1
    assert "identifiants refusés" in capsys.readouterr().out


async def test_check_whatsapp(
    settings: Settings, platform: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_PUBLIC_URL", "https://relais.example.org")
    values = {"TOKEN": META_TOKEN, "PHONE_ID": PHONE_ID, "APP_SECRET": "s", "VERIFY_TOKEN": "v"}
    for name, value in (values | {"API": platform[1].url()}).items():
        monkeypatch.setenv(f"RELAIS_WHATSAPP_{name}", value)
    assert await run("check") == 0
    told = capsys.readouterr().out
    assert "+33 7 00 00 00 00" in told
    assert "https://relais.example.org/channels/whatsapp" in told
    assert META_TOKEN not in told
