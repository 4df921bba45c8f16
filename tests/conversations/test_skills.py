"""How people steer a conversation, in their own words."""

import pytest

from tests.conversations.product import Person

LEAVE = "je suis salarié dans un bureau à Caen, en arrêt maladie depuis 2 mois"


async def situation(person: Person) -> dict[str, object]:
    """What is known now."""
    return dict((await person.get("/api/conversation"))[1]["situation"])


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [
        ("non, intérimaire, pas salarié", "status", "interimaire"),
        ("en fait 3 mois", "leave_days", None),
        ("pardon, je travaille à Rouen pas à Caen", "department", "76"),
        ("non j'ai repris le travail lundi", "on_leave", False),
    ],
)
async def test_une_correction_en_mots_remplace_ce_qui_etait_note(
    person: Person, words: str, fact: str, value: object
) -> None:
    await person.say(LEAVE)
    before = (await situation(person)).get(fact)
    await person.say(words)
    after = (await situation(person)).get(fact)
    assert after != before
    if value is not None:
        assert after == value


@pytest.mark.parametrize("words", ["ouais", "oui tout à fait", "yes", "exact", "c'est ça"])
async def test_oui_se_dit_de_bien_des_facons(person: Person, words: str) -> None:
    await person.say("je suis salarié à Caen, je suis malade")
    while person.asks != "on_leave":
        await person.choose("dont_know" if person.asks != "sector" else "general")
    await person.say(words)
    assert (await situation(person))["on_leave"] is True


@pytest.mark.parametrize("words", ["nan", "pas du tout", "non pas encore", "no", "pas en ce moment"])
async def test_non_se_dit_de_bien_des_facons(person: Person, words: str) -> None:
    await person.say("je suis salarié à Caen, je suis malade")
    while person.asks != "on_leave":
        await person.choose("dont_know" if person.asks != "sector" else "general")
    await person.say(words)
    assert (await situation(person))["on_leave"] is False


async def test_un_nombre_seul_repond_a_la_question(person: Person) -> None:
    await person.say("je suis salarié, en arrêt")
    while person.asks != "department":
        await person.choose("general" if person.asks == "sector" else "dont_know")
    await person.say("51")
    assert (await situation(person))["department"] == "51"


async def test_une_insulte_qui_dit_un_fait_est_entendue(person: Person) -> None:
    await person.say(
        "putain de robot de merde je suis en arrêt depuis 3 mois à Lyon ça fait 2 fois que je le dis"
    )
    known = await situation(person)
    assert known["on_leave"] is True
    assert known["department"] == "69"


async def test_deux_personnes_les_faits_sont_ceux_de_qui_ecrit(person: Person) -> None:
    await person.say("moi et mon mari on est arrêtés, moi depuis 2 mois et lui depuis 5 mois")
    days = (await situation(person))["leave_days"]
    assert isinstance(days, int)
    assert days < 70


async def test_un_fait_et_une_question_dans_le_meme_message(person: Person) -> None:
    await person.say(
        "je suis en arrêt depuis 2 mois à Caen, est-ce que mon employeur peut savoir quelle maladie j'ai ?"
    )
    assert (await situation(person))["on_leave"] is True
    assert any(message.get("links") for message in person.messages), "the question is answered too"
    assert person.asks


async def test_et_mon_employeur_suit_la_question_d_avant(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    await person.say("c'est quoi le temps partiel thérapeutique ?")
    first = person.messages[0]["text"]
    await person.say("et mon employeur ?")
    assert person.messages[0].get("links"), person.heard
    assert person.messages[0]["text"] != first
    assert (
        "temps partiel" in person.messages[0]["text"].lower()
        or "employeur" in person.messages[0]["text"].lower()
    )
    assert person.asks == asked


@pytest.mark.parametrize(
    "words", ["hello, can you help me? I am sick", "no hablo francés, estoy enfermo y no puedo trabajar"]
)
async def test_une_autre_langue_recoit_une_reponse_bienveillante(person: Person, words: str) -> None:
    await person.say(LEAVE)
    answer = await person.say(words)
    assert "112" in answer


@pytest.mark.parametrize("words", ["que sais-tu faire", "tu sers à quoi", "comment ça marche"])
async def test_que_sais_tu_faire(person: Person, words: str) -> None:
    await person.say(LEAVE)
    asked = person.asks
    assert "étapes" in await person.say(words)
    assert person.asks == asked


async def test_merci_ne_deplace_rien(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    assert "plaisir" in await person.say("merci bcp")
    assert person.asks == asked


async def test_repeter_redit_la_question(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    assert "autrement" not in await person.say("vous pouvez répéter ?")
    assert len(person.messages) >= 2, "the question, and what it is for"
    assert person.asks == asked


async def test_apres_des_mots_de_danger_un_message_obscur_ne_relance_pas_les_questions(
    person: Person,
) -> None:
    await person.say(LEAVE)
    await person.say("j'ai envie de mourir")
    await person.say("bzzt grmblf kkk")
    assert person.asks is None
    await person.choose("continue")
    assert person.asks


async def test_les_mots_d_un_bouton_valent_le_bouton(person: Person) -> None:
    await person.say("je suis malade à Caen")
    while person.asks != "status":
        await person.choose("worker" if person.asks == "audience" else "dont_know")
    titles = {
        choice["id"]: choice["title"]
        for message in person.messages
        for choice in message.get("choices") or []
    }
    await person.say(titles["interimaire"].lower())
    assert (await situation(person))["status"] == "interimaire"


async def test_une_question_apres_des_faits_recoit_sa_reponse_et_les_faits_sont_gardes(
    person: Person,
) -> None:
    heard = await person.say("mon salarié est en arrêt depuis 3 mois à Caen, je peux le virer ?")
    assert "médecin du travail" in heard
    known = await situation(person)
    assert (known["audience"], known["department"], known["on_leave"]) == ("employer", "14", True)
