"""Nothing lost, nothing twice: replays, bursts, disorder, storms, crashes."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversation.secrecy import Secrecy
from bot.gateway.channels.mailbox import Mailbox
from bot.gateway.channels.model import Call, Received
from bot.gateway.channels.settings import TelegramSettings
from bot.gateway.channels.telegram import Telegram
from tests.gateway.channels.conftest import Line, StartLine
from tests.gateway.channels.long_rasa import LongRasa
from tests.gateway.channels.platforms import Shown


def too_many(name: str, wait: str = "0.05") -> tuple[int, dict[str, Any], dict[str, str]]:
    """How each platform says « too many »."""
    match name:
        case "telegram":
            return 429, {"ok": False, "error_code": 429, "parameters": {"retry_after": float(wait)}}, {}
        case "whatsapp":
            return 400, {"error": {"code": 130429, "message": "Rate limit hit"}}, {"Retry-After": wait}
        case "messenger":
            return (
                400,
                {"error": {"code": 613, "message": "Calls to this api have exceeded"}},
                {"Retry-After": wait},
            )
        case "twilio":
            return 429, {"code": 20429, "message": "Too Many Requests"}, {"Retry-After": wait}
    return 429, {}, {"Retry-After": wait}


async def agreed(line: Line) -> Any:
    phone = line.phone()
    await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    return phone


def echoes(shown: list[Shown]) -> list[str]:
    """First lines of what came, the question that stands left out."""
    return [each.text.split("\n")[0] for each in shown if not each.text.startswith("Quelle est")]


async def rows(line: Line, query: str) -> list[Any]:
    return await line.gateway.store.read(lambda connection: list(connection.execute(text(query))))


async def test_un_message_redistribue_est_ignore(line: Line, rasa: LongRasa) -> None:
    phone = await agreed(line)
    body = phone.message("écho une fois")
    first = await phone.send(body)
    again = await phone.send(body)
    assert next(shown.text for shown in first).startswith("une fois")
    assert again == []
    assert rasa.texts.count("écho une fois") == 1


async def test_une_conversation_dont_chaque_appel_arrive_deux_fois_est_la_meme(
    line: Line, rasa: LongRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, taps and what came before: the platform calls twice each time, the second after the first or with it."""
    phone, once = line.phone(), line.phone().post

    async def twice(body: Any, **headers: str) -> Any:
        if len(rasa.received) % 2:
            await once(body, **headers)
            return await once(body, **headers)
        return (await asyncio.gather(once(body, **headers), once(body, **headers)))[0]

    monkeypatch.setattr(phone, "post", twice)
    shown = await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    shown = await phone.answer("Intérimaire", shown)
    shown = await phone.say("Caen")
    shown = await phone.answer("20 à 249", shown)
    shown = await phone.answer("Oui, en arrêt", shown)
    shown = await phone.answer("C'est exact", shown)
    assert "Est-ce que cela vous aide" in shown[-1].text
    assert len(rasa.texts) == len(set(rasa.texts)) == 7
    texts = line.platform.texts
    assert sum("Est-ce exact" in each for each in texts) == 1
    assert sum("Combien de personnes" in each for each in texts) == 1
    assert await rows(line, "SELECT count(*) FROM turn WHERE direction = 'user'") == [(6,)]


async def test_une_rafale_de_cinquante_est_repondue_dans_l_ordre(line: Line, rasa: LongRasa) -> None:
    phone = await agreed(line)
    bodies = [phone.message(f"écho message {rank:02}") for rank in range(50)]
    answers = await asyncio.gather(*(phone.post(body) for body in bodies))
    assert {answer.status for answer in answers} == {200}
    await phone.idle()
    said = echoes(phone.new())
    assert sorted(said) == [f"message {rank:02}" for rank in range(50)]
    if line.name in ("telegram", "whatsapp", "messenger"):  # the platform numbers or dates its messages
        assert said == sorted(said)
    assert rasa.overlaps == 0


async def test_cinquante_personnes_a_la_fois_ont_chacune_leur_conversation(
    start: StartLine, rasa: LongRasa
) -> None:
    line = await start("messenger")
    phones = [line.phone(number) for number in range(50)]
    await asyncio.gather(*(phone.post(phone.message("Bonjour")) for phone in phones))
    await phones[0].idle()
    assert [len(phone.new()) for phone in phones] == [2] * 50
    assert len(rasa.trackers) == 50


async def test_une_notification_groupee_depasse_la_limite_du_web(start: StartLine) -> None:
    line = await start("whatsapp")
    phone = line.phone()
    body = phone.message("Bonjour")
    body["entry"][0]["unknown"] = "x" * 200_000
    assert len(await phone.send(body)) == 2


async def test_ce_qui_arrive_en_desordre_est_traite_dans_l_ordre_de_la_plateforme(start: StartLine) -> None:
    line = await start("telegram", settle=0.5)
    phone = await agreed(line)
    first, second = phone.message("écho un"), phone.message("écho deux")
    await phone.post(second)
    await phone.post(first)
    await phone.idle()
    assert echoes(phone.new()) == ["un", "deux"]


async def test_une_tempete_de_429_ne_perd_ni_ne_double_rien(line: Line) -> None:
    phone = await agreed(line)
    line.platform.faults = [too_many(line.name) for _ in range(6)]
    for rank in range(3):
        assert (await phone.post(phone.message(f"écho m{rank}"))).status == 200
    await phone.idle()
    assert echoes(phone.new()) == ["m0", "m1", "m2"]


async def test_le_delai_demande_par_la_plateforme_est_respecte(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    line.platform.faults = [too_many("telegram", "0.8")]
    began = asyncio.get_running_loop().time()
    await phone.say("écho plus tard")
    assert asyncio.get_running_loop().time() - began >= 0.8


async def test_une_panne_de_la_plateforme_est_reessayee(start: StartLine) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    line.platform.faults = [
        (503, {}, {"Retry-After": "0.05"}),
        (500, {"error": {"code": 2}}, {"Retry-After": "0"}),
    ]
    assert (await phone.say("écho enfin"))[0].text.startswith("enfin")


async def test_une_personne_injoignable_ne_bloque_pas_les_autres(start: StartLine) -> None:
    line = await start("telegram")
    first, other = await agreed(line), line.phone(2)
    line.platform.faults = [(503, {}, {"Retry-After": "30"})]
    await first.post(first.message("écho coincé"))
    await asyncio.sleep(0.5)
    await other.post(other.message("Bonjour"))
    for _ in range(100):
        if other.new():
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the other person waits for the first one")


async def test_un_refus_definitif_est_note_et_la_suite_part(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    line.platform.faults = [(400, {"ok": False, "error_code": 400, "description": "Bad Request: no"}, {})]
    assert echoes(await phone.say("écho refusé")) == []
    assert (await phone.say("écho suivant"))[0].text.startswith("suivant")
    failed = await rows(line, "SELECT error, body FROM channel_outbox WHERE state = 'failed'")
    assert failed == [("refused:BadRequest", None)]


async def test_qui_nous_a_bloques_ne_recoit_plus_rien(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    line.platform.blocked = True
    assert await phone.say("écho pour rien") == []
    assert await rows(line, "SELECT DISTINCT state FROM channel_outbox WHERE error LIKE 'gone%'") == [
        ("failed",)
    ]


async def test_un_arret_entre_la_reception_et_la_reponse_ne_perd_rien(
    start: StartLine, rasa: LongRasa
) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    rasa.delay = 5.0
    assert (await phone.post(phone.message("écho tenu"))).status == 200
    await asyncio.sleep(0.3)
    await line.client.close()  # the message is kept, its answer is not there yet
    assert phone.new() == phone.new() == []
    rasa.delay = 0.0
    again = await start("telegram")
    phone.client = again.client
    await phone.idle()
    assert echoes(phone.new()) == ["tenu"]


async def test_un_arret_apres_le_dialogue_et_avant_l_envoi_ne_double_rien(
    start: StartLine, rasa: LongRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    real = Mailbox.answered
    reached = asyncio.Event()

    async def dies(*_given: Any, **_named: Any) -> None:
        reached.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(Mailbox, "answered", dies)
    shown = line.platform.shown[-1]
    await phone.post(phone.tapped(next(iter(shown.buttons.values())), shown))
    await asyncio.wait_for(reached.wait(), 10)
    await line.client.close()
    monkeypatch.setattr(Mailbox, "answered", real)
    before = len(rasa.texts)
    phone.client = (await start("whatsapp")).client
    await phone.idle()
    assert len(rasa.texts) == before  # the dialogue gives its first answer again
    assert echoes(phone.new()) == ["Dans quelle ville travaillez-vous ?"]


async def test_un_arret_avant_l_envoi_laisse_la_reponse_partir_au_retour(
    start: StartLine, rasa: LongRasa
) -> None:
    line = await start("twilio")
    phone = await agreed(line)
    line.platform.faults = [(503, {}, {"Retry-After": "60"})]
    await phone.post(phone.message("écho gardé"))
    for _ in range(100):
        if not line.platform.faults:
            break
        await asyncio.sleep(0.05)
    await line.client.close()
    phone.client = (await start("twilio")).client
    await phone.idle()
    assert echoes(phone.new()) == ["gardé"]
    assert rasa.texts.count("écho gardé") == 1


async def test_tant_que_rasa_revient_le_message_attend(start: StartLine, rasa: LongRasa) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    rasa.fault = "error"
    await phone.post(phone.message("écho patience"))
    await asyncio.sleep(0.3)
    rasa.fault = None
    await phone.idle()
    assert echoes(phone.new()) == ["patience"]


async def test_quand_rasa_ne_revient_pas_une_phrase_le_dit(start: StartLine, rasa: LongRasa) -> None:
    line = await start("telegram", patience=0.0)
    phone = await agreed(line)
    rasa.fault = "error"
    shown = await phone.say("écho perdu")
    assert "Je ne peux pas répondre pour le moment" in shown[0].text
    assert "3114" in shown[0].text


async def test_en_danger_personne_n_attend_rasa(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    rasa.fault = "error"
    shown = await phone.say("je veux en finir, je vais me tuer ce soir")
    assert "3114" in shown[0].text


async def test_une_base_absente_fait_rappeler_la_plateforme(
    start: StartLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    line = await start("telegram")
    phone = line.phone()

    async def away(*_given: Any, **_named: Any) -> None:
        raise OperationalError("insert", {}, Exception("away"))

    monkeypatch.setattr(Mailbox, "receive", away)
    body = phone.message("Bonjour")
    assert (await phone.post(body)).status == 503
    monkeypatch.undo()
    assert len(await phone.send(body)) > 0


async def test_trop_de_messages_d_un_coup_sont_dits_une_fois(start: StartLine, rasa: LongRasa) -> None:
    line = await start("telegram", waiting=3, settle=1.0)
    phone = await agreed(line)
    for rank in range(8):
        assert (await phone.post(phone.message(f"écho f{rank}"))).status == 200
    await phone.idle()
    said = echoes(phone.new())
    assert said[:3] == ["f0", "f1", "f2"]
    assert sum("beaucoup de messages" in each for each in said) == 1


async def test_deux_processus_ne_repondent_pas_deux_fois_au_meme_message(start: StartLine) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    first = Mailbox(line.gateway.store, Secrecy.of(line.gateway.settings, "channels"))
    [message] = Telegram(TelegramSettings(token="1:x"), "s").parse(
        json.dumps(phone.message("écho une fois")).encode()
    )
    assert isinstance(message, Received)
    [person] = await first.receive("telegram", [message], waiting=60)
    letter = await first.next_letter(person)
    assert letter is not None
    calls = [Call("sendMessage", {"chat_id": 1, "text": "une fois"})]
    known = await first.by_lookup(person)
    for _ in range(2):
        await first.answered(letter.id, known, calls, person=person, channel="telegram")
    assert await rows(line, "SELECT count(*) FROM channel_outbox WHERE state = 'waiting'") == [(1,)]
