"""An adviser in a messaging channel: asked for, read on the person's own phone, given back; once, also after a crash."""

from datetime import timedelta

import pytest

from bot.conversation.handoff import HandoffError
from bot.conversation.live import PUSHED
from bot.conversation.messages import message
from bot.conversation.presence import Duty
from bot.conversation.pushing import push
from bot.conversation.state import now
from tests.gateway.channels.conftest import Line, StartLine
from tests.gateway.channels.test_once import agreed, rows


async def test_demander_un_conseiller_lui_parler_puis_reprendre(line: Line) -> None:
    phone = await agreed(line)
    await line.gateway.presence.begin(Duty("anne", None, now() + timedelta(hours=1)))
    shown = await phone.say("je veux parler à quelqu'un")
    assert any("/rappel?cle=" in each.text for each in shown)
    shown = await phone.answer("Demander un conseiller", shown)
    assert any("Votre demande est transmise" in each.text for each in shown)
    handoffs = line.gateway.advisers.handoffs
    [request] = await handoffs.open(None)
    assert request.channel == ("sms" if line.name in ("twilio", "gateway") else line.name)
    await handoffs.take(request.id, "anne")
    await handoffs.say(request.id, "anne", "Bonjour, c'est Dominique.")
    await line.carried()
    assert [each.text for each in phone.new()][1:] == ["Bonjour, c'est Dominique."]
    assert "transmis au conseiller" in (await phone.say("Bonjour Dominique"))[0].text
    assert await phone.say("2") == []
    turns = await line.gateway.store.transcript(request.conversation_id)
    assert (turns[-1].text, turns[-1].choice) == ("2", None)  # said to the adviser, not chosen in a list
    await handoffs.give_back(request.id, "anne")
    await line.carried()
    shown = phone.new()
    assert "de nouveau le programme" in shown[0].text
    assert "situation" in shown[-1].text
    assert line.platform.refused == []
    again = await phone.answer("Salarié du privé", shown)
    assert again
    assert not any("Quelle est" in each.text for each in again)


async def test_ce_qu_une_panne_a_laisse_part_une_fois_au_redemarrage(start: StartLine) -> None:
    first = await start("telegram")
    phone = await agreed(first)
    [[conversation]] = await rows(first, "SELECT conversation_id FROM channel_person")
    await first.client.close()
    second = await start("telegram")
    said = [message("Bonjour, c'est Dominique.", sender="adviser")]
    await second.gateway.store.write(lambda connection: push(connection, conversation, said, now()))
    await second.client.close()  # written, told to nobody
    third = await start("telegram")
    await third.carried()
    await third.gateway.live.tell(PUSHED)
    await third.carried()
    assert [each.text for each in phone.new()] == ["Bonjour, c'est Dominique."]


async def test_sur_le_site_il_n_y_a_rien_a_porter(start: StartLine) -> None:
    line = await start("telegram")
    body = await (await line.client.post("/api/conversations", json={})).json()
    headers = {"Authorization": f"Bearer {body['token']}"}
    await line.client.post("/api/messages", json={"choice": "yes"}, headers=headers)
    [[conversation]] = await rows(line, "SELECT id FROM conversation")
    said = [message("Bonjour", sender="adviser")]
    await line.gateway.store.write(lambda connection: push(connection, conversation, said, now()))
    await line.gateway.live.tell(PUSHED)
    await line.carried()
    assert await rows(line, "SELECT * FROM channel_outbox") == []


async def test_stop_ferme_la_demande_et_le_conseiller_l_apprend(start: StartLine) -> None:
    line = await start("whatsapp")
    phone = await agreed(line)
    [[conversation]] = await rows(line, "SELECT conversation_id FROM channel_person")
    handoffs = line.gateway.advisers.handoffs
    await handoffs.request(conversation, None)
    [request] = await handoffs.open(None)
    await handoffs.take(request.id, "anne")
    await line.carried()
    await phone.say("STOP")
    with pytest.raises(HandoffError):
        await handoffs.say(request.id, "anne", "Vous êtes là ?")
    found = await handoffs.get(request.id, None)
    assert found is not None
    assert found.status == "closed"


async def test_au_recapitulatif_le_conseiller_se_demande_aussi(line: Line) -> None:
    phone = await agreed(line)
    await line.gateway.presence.begin(Duty("anne", None, now() + timedelta(hours=1)))
    for answer in ("Intérimaire", "Caen", "20 à 249", "Oui, en arrêt"):
        shown = await phone.say(answer)
    assert "Est-ce exact" in shown[-1].text
    shown = await phone.say("je veux parler à quelqu'un")
    await phone.answer("Demander un conseiller", shown)
    assert len(await line.gateway.advisers.handoffs.open(None)) == 1
    assert line.platform.refused == []
