"""What the platforms' libraries may not change: nothing printed, lost or held up, no cost to who has none."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from bot.gateway.channels.model import Call, SendError, attempt
from bot.gateway.channels.service import adapters
from bot.gateway.channels.settings import (
    ChannelsSettings,
    MessengerSettings,
    TelegramSettings,
    TwilioSettings,
    WhatsAppSettings,
)
from bot.settings import Settings
from tests.gateway.channels.__main__ import CHANNELS, SHAPES, variables
from tests.gateway.channels.conftest import Line, StartLine, on
from tests.gateway.channels.long_rasa import LongRasa
from tests.gateway.channels.phones import recorded
from tests.gateway.channels.platforms import META_TOKEN, PAGE_TOKEN, TELEGRAM_TOKEN, TWILIO_TOKEN
from tests.gateway.channels.test_once import agreed, echoes

LIBRARIES = ("telegram", "pywa", "pywa_async", "twilio", "httpx")
NOWHERE = "http://127.0.0.1:9"
IMPORTED = """
import sys
from bot.gateway.app import create_app
from bot.gateway.options import Options
from bot.settings import Settings
import bot.commands.channels
create_app(Settings.from_environment(), options=Options())
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    ("variables", "used"),
    [
        ({}, set()),
        ({"MESSENGER_TOKEN": "j", "MESSENGER_APP_SECRET": "s", "MESSENGER_VERIFY_TOKEN": "v"}, set()),
        ({"TELEGRAM_TOKEN": "700:test"}, {"telegram", "httpx"}),
    ],
)
def test_une_bibliotheque_n_est_chargee_que_pour_son_canal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], used: set[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"RELAIS_{name}", value)
    ran = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) & set(LIBRARIES) == used


@pytest.mark.parametrize("name", ["telegram", "whatsapp", "messenger", "twilio"])
async def test_a_tout_niveau_les_journaux_ne_disent_ni_mots_ni_numeros_ni_jetons(
    start: StartLine, name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    line = await start(name)
    phone = await agreed(line)
    words = "lombalgie"
    line.platform.faults = [
        (400, {"ok": False, "description": f"Bad Request: {words}", "error": {"code": 100, "message": words},
               "code": 21601, "message": words}, {}),
        (200, {"ok": words}, {}),
        (500, {"ok": False, "description": words, "error": {"code": 1, "message": words}}, {"Retry-After": "0"}),
    ]  # fmt: skip
    await phone.say(f"écho {words}")
    await phone.say(f"écho {words}")
    printed = "".join(capfd.readouterr())
    for logged in (caplog.text, printed):
        for secret in (words, phone.me, TELEGRAM_TOKEN, META_TOKEN, PAGE_TOKEN, TWILIO_TOKEN):
            assert secret not in logged


async def test_la_releve_de_telegram_ne_dit_rien_non_plus(
    start: StartLine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    line = await start("telegram", polling=True)
    phone = line.phone()
    line.platform.updates.append(phone.message("mon dos, lombalgie"))
    while not line.platform.shown:
        await line.carried()
    for secret in ("lombalgie", phone.me, TELEGRAM_TOKEN):
        assert secret not in caplog.text


@pytest.mark.parametrize("message", [{"chat": 3}, {"message_id": 1, "chat": {"id": 1}}, [], "x"])
async def test_un_message_de_telegram_illisible_ne_retient_pas_les_autres(
    start: StartLine, message: Any
) -> None:
    line = await start("telegram")
    phone = line.phone()
    assert (await phone.post({"update_id": 7, "message": message})).status == 200
    assert "programme" in (await phone.say("Bonjour"))[0].text


async def test_un_bouton_dont_telegram_a_oublie_le_message_recoit_une_reponse(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    update = phone._filled("telegram_callback")
    tap = update["callback_query"]
    tap["message"] = {"message_id": 1, "date": 0, "chat": tap["message"]["chat"]}
    assert "ne correspond plus" in (await phone.send(update))[0].text


async def test_une_faute_de_la_bibliotheque_est_reessayee(
    start: StartLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    from pywa_async.api import GraphAPIAsync

    real, tries = GraphAPIAsync.send_message, []

    async def breaks(self: Any, *given: Any, **named: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise KeyError("to")
        return await real(self, *given, **named)

    monkeypatch.setattr(GraphAPIAsync, "send_message", breaks)
    assert echoes(await phone.say("écho malgré tout"))[0] == "malgré tout"
    assert len(tries) > 1


async def test_whatsapp_tous_les_messages_d_une_notification_sont_lus(
    start: StartLine, rasa: LongRasa
) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    first, second = phone.message("écho un"), phone.message("écho deux")
    change = first["entry"][0]["changes"][0]["value"]
    change["messages"] += second["entry"][0]["changes"][0]["value"]["messages"]
    assert echoes(await phone.send(first)) == ["un", "deux"]


@pytest.mark.parametrize("user", ["FR.13491208655302741918", "FR.8aBc0d91Z", "FR.ENT.11815799212886844830"])
async def test_whatsapp_un_identifiant_sans_numero_n_est_pas_un_groupe(start: StartLine, user: str) -> None:
    line = await start("whatsapp")
    body = recorded("whatsapp_username")
    value = body["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["user_id"] = value["messages"][0]["from_user_id"] = user
    await line.phone().send(body)
    assert {(shown.raw.get("recipient"), shown.raw.get("to")) for shown in line.platform.shown} == {
        (user, None)
    }
    assert {shown.raw["recipient_type"] for shown in line.platform.shown} == {"individual"}


CALLS = {
    "telegram": Call("sendMessage", {"chat_id": 1, "text": "Bonjour"}),
    "whatsapp": Call("send_message", {"to": "33600000001", "recipient": None, "recipient_type": "individual",
                                      "typ": "text", "msg": {"body": "Bonjour"}}),
    "messenger": Call("me/messages", {"recipient": {"id": "1"}, "message": {"text": "Bonjour"}}),
    "twilio": Call("Messages.json", {"To": "+33600000001", "Body": "Bonjour", "StatusCallback": "https://x",
                                     "From": "+33700000000"}),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CALLS))
async def test_une_plateforme_muette_est_une_panne_qui_passe(settings: Settings, name: str) -> None:
    channels = ChannelsSettings(
        telegram=TelegramSettings(token="1:x", api=NOWHERE),
        whatsapp=WhatsAppSettings(token="x", phone_id="1", api=NOWHERE),
        messenger=MessengerSettings(token="x", api=NOWHERE),
        twilio=TwilioSettings(account="ACx", token="x", sender="+33700000000", api=NOWHERE),
    )
    async with adapters(settings, channels)[name] as adapter:
        with pytest.raises(SendError) as refused:
            await attempt(adapter, adapter.send(CALLS[name]))
    assert refused.value.kind == "network"


REFUSALS = [
    ("telegram", 429, {"parameters": {"retry_after": 3}}, "too_many:RetryAfter"),
    ("telegram", 400, {"description": "Bad Request: chat not found"}, "gone:BadRequest"),
    ("telegram", 400, {"description": "Bad Request: message is too long"}, "refused:BadRequest"),
    ("telegram", 403, {"description": "Forbidden: bot was blocked by the user"}, "gone:Forbidden"),
    ("telegram", 401, {"description": "Unauthorized"}, "credentials:InvalidToken"),
    ("telegram", 409, {"description": "Conflict"}, "conflict:Conflict"),
    ("telegram", 502, {}, "platform:NetworkError"),
    ("whatsapp", 400, {"error": {"code": 131047, "message": "m"}}, "window:131047"),
    ("whatsapp", 400, {"error": {"code": 131026, "message": "m"}}, "gone:131026"),
    ("whatsapp", 400, {"error": {"code": 131056, "message": "m"}}, "too_many:131056"),
    ("whatsapp", 401, {"error": {"code": 190, "message": "m"}}, "credentials:190"),
    ("whatsapp", 400, {"error": {"code": 131009, "message": "m"}}, "refused:131009"),
    ("whatsapp", 500, {}, "platform:500"),
    ("messenger", 403, {"error": {"code": 10, "error_subcode": 2018278}}, "window:10"),
    ("messenger", 403, {"error": {"code": 10}}, "credentials:10"),
    ("messenger", 400, {"error": {"code": 551}}, "gone:551"),
    ("twilio", 429, {"code": 20429, "message": "m"}, "too_many:429"),
    ("twilio", 400, {"code": 21611, "message": "m"}, "too_many:21611"),
    ("twilio", 400, {"code": 21610, "message": "m"}, "gone:21610"),
    ("twilio", 400, {"code": 21617, "message": "m"}, "refused:21617"),
    ("twilio", 401, {"code": 20003, "message": "m"}, "credentials:401"),
    ("twilio", 503, {}, "platform:503"),
]


@pytest.mark.parametrize(("name", "status", "body", "told"), REFUSALS)
async def test_chaque_refus_est_range(
    settings: Settings, fakes: Any, tmp_path: Any, name: str, status: int, body: Any, told: str
) -> None:
    platform = await fakes(name)
    channels = on(name, platform, tmp_path)
    platform.faults = [(status, {"ok": False, "error_code": status} | body, {"Retry-After": "3"})]
    async with adapters(replace(settings, public_url="https://x"), channels)[name] as adapter:
        with pytest.raises(SendError) as refused:
            await attempt(adapter, adapter.send(CALLS[name]))
    assert refused.value.name == told
    if told.startswith("too_many"):
        assert refused.value.retry_after in (3.0, None)


async def test_rien_ne_reste_des_mots_apres_un_refus(start: StartLine) -> None:
    line: Line = await start("twilio")
    phone = await agreed(line)
    line.platform.blocked = True
    await phone.say("écho lombalgie")
    query = text("SELECT error FROM channel_outbox WHERE state = 'failed'")
    found = await line.gateway.store.read(lambda connection: connection.execute(query).scalars().all())
    assert set(found) <= {"gone:21610"}
    assert found


def test_les_telephones_du_terminal_ont_les_formes_et_les_reglages_de_chaque_plateforme(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(recorded(shape) for shapes in SHAPES.values() for shape in shapes.values())
    platform = SimpleNamespace(url=lambda: "https://plateforme.example")
    for adapter in CHANNELS.values():
        settings = getattr(on(adapter, platform, tmp_path), adapter)  # type: ignore[arg-type]
        for name, value in variables(settings).items():
            monkeypatch.setenv(name, value)
        assert type(settings).read() == settings
