"""The plan by e-mail, against a real SMTP server in this process."""

import asyncio
import email
import logging
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.gateway.options import Options
from bot.mail import MailServer, address
from bot.settings import SettingsError
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.test_advisers import ASK, on_duty
from tests.gateway.test_documents import HEALTH, planned
from tests.gateway.test_pages import Browser

TO = "xyzzymarqueur@exemple.fr"


class Post:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.answer = "250 OK"
        self.recipients = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if self.recipients.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.recipients

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos, message))
        return self.answer


@pytest.fixture
async def post() -> AsyncIterator[tuple[Post, MailServer]]:
    made = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(made, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield made, MailServer("127.0.0.1", port, "none", "relais@exemple.fr")
    server.close()
    await server.wait_closed()


async def send(person: Person, to: Any = TO) -> Any:
    return await person.client.post("/api/conversation/mail", json={"address": to}, headers=person.headers)


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_le_parcours_part_par_courriel(
    start: StartGateway, post: tuple[Post, MailServer], consent: str
):
    person = await planned(await start(mail=post[1]), consent=consent)
    assert (await send(person)).status == 204
    ((recipients, message),) = post[0].received
    assert recipients == [TO]
    assert message["From"] == "relais@exemple.fr"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body()
    assert body is not None
    assert not HEALTH.search(f"{message['Subject']} {body.get_content()}"), "read over a shoulder"
    files = {part.get_filename(): part for part in message.iter_attachments()}
    assert set(files) == {"relais-2026-11-22.pdf", "relais-2026-11-22.ics"}
    assert files["relais-2026-11-22.pdf"].get_content().startswith(b"%PDF-")
    assert "BEGIN:VEVENT" in files["relais-2026-11-22.ics"].get_content()


async def test_l_adresse_n_est_ni_gardee_ni_dans_un_journal(
    start: StartGateway,
    post: tuple[Post, MailServer],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    caplog.set_level(logging.DEBUG, logger="relais")
    person = await planned(await start(mail=post[1], mails_per_hour=0))
    assert (await send(person)).status == 204
    post[0].recipients = f"550 unknown {TO}"
    assert (await send(person)).status == 400
    post[0].recipients, post[0].answer = "250 OK", f"451 try later {TO}"
    refused = await send(person)
    assert refused.status == 503
    printed = capfd.readouterr()
    ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("relais"))
    assert "mail not sent: SMTPDataError" in ours
    for text in (ours, printed.out, printed.err, await refused.text()):
        assert "xyzzymarqueur" not in text
    assert not [file for file in tmp_path.iterdir() if b"xyzzymarqueur" in file.read_bytes()]


async def test_un_serveur_absent_se_dit(start: StartGateway):
    person = await planned(await start(mail=MailServer("127.0.0.1", 1, "none", "relais@exemple.fr")))
    response = await send(person)
    assert response.status == 503
    assert (await response.json())["error"]["code"] == "mail_failed"


async def test_un_serveur_qui_ne_chiffre_pas_ne_recoit_rien(
    start: StartGateway, post: tuple[Post, MailServer]
):
    server = MailServer("127.0.0.1", post[1].port, "starttls", "relais@exemple.fr")
    person = await planned(await start(mail=server))
    assert (await send(person)).status == 503
    assert post[0].received == []


async def test_les_envois_sont_comptes(start: StartGateway, post: tuple[Post, MailServer]):
    person = await planned(await start(mail=post[1], mails_per_hour=2))
    for _ in range(2):
        assert (await send(person)).status == 204
    refused = await send(person)
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 60
    assert len(post[0].received) == 2


async def test_sans_serveur_ou_sans_parcours_rien_ne_part(start: StartGateway, post: tuple[Post, MailServer]):
    without = await planned(await start())
    assert (await send(without)).status == 404
    person = await start(mail=post[1])
    await person.begin(consent="yes")
    assert (await (await send(person)).json())["error"]["code"] == "no_plan"
    assert post[0].received == []


@pytest.mark.parametrize(
    "typed",
    ["", "x", "a@b", "a@b c.fr", "a b@exemple.fr", "a@exemple.fr\r\nBcc: c@exemple.fr", f"{'a' * 65}@b.fr"],
)
async def test_ce_qui_n_est_pas_une_adresse(start: StartGateway, post: tuple[Post, MailServer], typed: str):
    person = await planned(await start(mail=post[1]))
    response = await send(person, typed)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == "bad_address"
    assert post[0].received == []


def test_une_adresse_au_domaine_accentue():
    assert address(" jean.dupont+relais@Éléphant.fr ") == "jean.dupont+relais@xn--lphant-9uab.fr"


async def test_le_courriel_sans_javascript(start: StartGateway, post: tuple[Post, MailServer]):
    browser = Browser(await start(mail=post[1]))
    page = await browser.start()
    for choice in ("salarie_prive", "yes"):
        page = await browser.send(page, "/conversation", choice=choice)
    page = await browser.send(await browser.get("/garder"), "/garder/courriel", address="x")
    assert browser.status == 400
    page = await browser.send(page, "/garder/courriel", address=TO)
    assert "C'est envoyé" in page.text
    assert post[0].received[0][0] == [TO]
    assert TO not in page.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://moi:mot%2Fde@mail.exemple.fr", ("mail.exemple.fr", 465, "tls", "moi", "mot/de")),
        ("smtp://mail.exemple.fr:2525", ("mail.exemple.fr", 2525, "starttls", "", "")),
        ("smtp://localhost:25", ("localhost", 25, "none", "", "")),
    ],
)
def test_le_serveur_vient_des_reglages(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: tuple[object, ...]
):
    monkeypatch.setenv("RELAIS_SMTP_URL", url)
    monkeypatch.setenv("RELAIS_MAIL_FROM", "relais@exemple.fr")
    server = Options.from_environment().mail
    assert server is not None
    assert (server.host, server.port, server.security, server.username, server.password) == expected
    assert "mot/de" not in repr(server)


def test_le_serveur_peut_venir_d_un_fichier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = tmp_path / "smtp"
    file.write_text("smtps://mail.exemple.fr\n")
    monkeypatch.delenv("RELAIS_SMTP_URL", raising=False)
    monkeypatch.setenv("RELAIS_SMTP_URL_FILE", str(file))
    monkeypatch.setenv("RELAIS_MAIL_FROM", "relais@exemple.fr")
    server = MailServer.from_environment()
    assert server is not None
    assert server.host == "mail.exemple.fr"


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [
        ("http://mail.exemple.fr", "relais@exemple.fr", "RELAIS_SMTP_URL"),
        ("smtps://", "relais@exemple.fr", "RELAIS_SMTP_URL"),
        ("smtps://mail.exemple.fr", "", "RELAIS_MAIL_FROM"),
    ],
)
def test_un_reglage_faux_se_dit_au_demarrage(
    monkeypatch: pytest.MonkeyPatch, url: str, sender: str, named: str
):
    monkeypatch.setenv("RELAIS_SMTP_URL", url)
    monkeypatch.setenv("RELAIS_MAIL_FROM", sender)
    with pytest.raises(SettingsError, match=re.escape(named)):
        Options.from_environment()


async def test_les_conseillers_en_service_sont_prevenus(start: StartGateway, post: tuple[Post, MailServer]):
    person = await start(mail=post[1])
    await person.begin(consent="yes")
    await on_duty(person, email="anne@exemple.fr")
    await person.say(ASK)
    await person.say(choice="adviser")
    await person.gateway.notices.close()
    ((recipients, message),) = post[0].received
    assert recipients == ["anne@exemple.fr"]
    body = message.get_body()
    assert body is not None
    said = f"{message['Subject']} {body.get_content()}"
    assert "/console/demandes" in said
    assert not HEALTH.search(said)
