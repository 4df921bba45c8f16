"""From Rasa's answer to the contract's messages."""

from typing import Any

import pytest

from bot.gateway.messages import choice_id, read_reply
from bot.gateway.rasa import RasaReply, RasaUnavailableError


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('/inform{"status": "salarie_prive"}', "salarie_prive"),
        ('/inform{"on_leave": true}', "yes"),
        ('/inform{"on_leave": false}', "no"),
        ('/inform{"leave_days": 120}', "120"),
        ('/inform{"department":"2A"}', "2A"),
        ("/why_question", "why_question"),
        ("/inform{}", "inform"),
        ('/inform{"a": 1, "b": 2}', "inform"),
        ('/inform{"a": [1]}', "inform"),
        ('/inform{"a": ', "choice"),
        ("/inform{[}", "inform"),
        ("bonjour", "choice"),
    ],
)
def test_le_nom_public_d_un_choix(payload: str, expected: str):
    assert choice_id(payload) == expected


def reply(*messages: dict[str, Any], **more: Any) -> RasaReply:
    return RasaReply.from_json({"messages": list(messages), **more})


def button(title: str, payload: str) -> dict[str, str]:
    return {"title": title, "payload": payload}


def test_deux_choix_de_meme_nom_restent_distincts():
    shown = read_reply(
        reply({"text": "?", "buttons": [button("A", '/a{"x": "oui"}'), button("B", '/b{"x": "oui"}')]})
    )
    assert [choice["id"] for choice in shown.messages[0]["choices"]] == ["oui", "oui-2"]
    assert shown.choices["oui-2"] == {"payload": '/b{"x": "oui"}', "title": "B"}


def test_ce_qui_accompagne_un_texte_le_rejoint():
    links = [
        {"title": "Ameli", "url": "https://www.ameli.fr/"},
        {"title": "mal", "url": "javascript:alert(1)"},
    ]
    shown = read_reply(
        reply(
            {"text": "Voici.", "buttons": []},
            {"text": None, "custom": {"links": links, "plan": {"steps": []}}},
            {"text": None, "custom": {"feedback": "no"}, "buttons": [button("Revenir", "/go_back")]},
            {"text": None, "custom": {"safety": "soft"}},
            asks="feedback",
            input="choice",
        )
    )
    (message,) = shown.messages
    assert message["links"] == links[:1]
    assert message["plan"] == {"steps": []}
    assert message["choices"] == [{"id": "go_back", "title": "Revenir"}]
    assert (message["asks"], message["input"]) == ("feedback", "choice")
    assert (shown.feedback, shown.safety, shown.erase) == ("no", "soft", False)


def test_la_question_va_avec_ses_choix():
    shown = read_reply(
        reply(
            {"text": "Question ?", "buttons": [button("Oui", "/affirm")]}, {"text": "Au fait."}, asks="unfit"
        )
    )
    assert [message["asks"] for message in shown.messages] == ["unfit", None]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (None, "garbage"),
        ([], "garbage"),
        ({}, "garbage"),
        ({"messages": "x"}, "garbage"),
        ({"messages": ["x"]}, "garbage"),
        ({"messages": []}, "empty"),
    ],
)
def test_une_reponse_qui_n_en_est_pas_une(body: Any, kind: str):
    with pytest.raises(RasaUnavailableError) as raised:
        RasaReply.from_json(body)
    assert raised.value.kind == kind


def test_une_reponse_a_moitie_juste_est_lue_avec_prudence():
    shown = reply(
        {"text": 3, "buttons": "x", "custom": []},
        {
            "text": "ok",
            "buttons": [None, {"title": 1, "payload": "/a"}],
            "custom": {"links": [1, {"url": 2}]},
        },
        parse={"intent": {"name": "x"}, "confidence": "haut", "facts": [1], "ranking": {}},
        asks=4,
        consent="peut-être",
        situation=[],
    )
    assert [message["text"] for message in read_reply(shown).messages] == ["ok"]
    assert (shown.intent, shown.confidence, shown.asks, shown.consent) == (None, None, None, None)
