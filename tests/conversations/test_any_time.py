"""At any question a person may ask, correct, go back, stop, start again, or say something serious."""

import pytest

from tests.conversations.product import Person, Product

LEAVE = "je suis salarié dans un bureau à Caen, en arrêt maladie depuis 2 mois"
PAST_ANSWERS = {
    "audience": "worker",
    "status": "salarie_prive",
    "sector": "general",
    "unfit": "none",
    "boeth": "no",
    "cause": "non_professional",
}


async def test_une_question_de_la_faq_revient_a_la_question_posee(person: Person) -> None:
    await person.say(LEAVE)
    if person.asks == "audience":
        await person.choose("worker")
    asked = person.asks
    answer = await person.say("est-ce que mon patron va savoir ce que j'ai comme maladie ?")
    assert person.messages[0]["links"], "an answer of the FAQ names its source"
    assert "maladie" in answer.lower()
    assert person.asks == asked


@pytest.mark.parametrize("choice", ["why_question"])
async def test_pourquoi_cette_question(person: Person, choice: str) -> None:
    await person.say(LEAVE)
    asked = person.asks
    await person.choose(choice)
    assert person.asks == asked
    assert len(person.messages) >= 2


async def test_je_ne_sais_pas_passe_a_la_suite_et_ne_revient_pas(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    await person.choose("dont_know")
    person.asked.clear()
    await person.to_plan(PAST_ANSWERS)
    assert asked not in person.questions


async def test_revenir_repose_la_question_precedente(person: Person) -> None:
    await person.say(LEAVE)
    first = person.asks
    await person.choose(person.choices[0])
    assert person.asks != first
    await person.choose("go_back")
    assert person.asks == first


async def test_corriger_en_mots_change_le_fait_et_le_montre(person: Person) -> None:
    await person.say(LEAVE)
    answer = await person.say("en fait je suis en arrêt depuis 3 semaines seulement")
    assert "21 jours" in answer
    plan = await person.to_plan(PAST_ANSWERS)
    device = next(found for found in plan["devices"] if found["id"] == "visite_prereprise")
    assert device["status"] == "later"
    assert device["opens_on"]


async def test_corriger_apres_le_plan_donne_un_nouveau_plan(person: Person) -> None:
    await person.say(LEAVE)
    first = await person.to_plan(PAST_ANSWERS)
    person.plan = None
    await person.say("je me suis trompé, je ne suis plus en arrêt, j'ai repris le travail")
    second = await person.to_plan(PAST_ANSWERS)
    assert second["first_step"] != first["first_step"]


async def test_le_recapitulatif_se_modifie_ligne_par_ligne(person: Person) -> None:
    await person.say(LEAVE)
    while person.asks != "confirm":
        answer = PAST_ANSWERS.get(str(person.asks))
        await person.choose(answer if answer in person.choices else "dont_know")
    await person.choose("leave_days")
    assert person.asks == "leave_days"
    await person.say("6 mois")
    assert "mai 2026" in person.heard or person.asks != "leave_days"


async def test_recommencer_garde_l_accord_et_oublie_les_reponses(person: Person) -> None:
    await person.say(LEAVE)
    await person.say("je veux recommencer depuis le début")
    assert person.asks == "audience"


async def test_arreter_puis_reprendre_au_meme_point(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    await person.say("stop, j'arrête là pour aujourd'hui")
    assert person.asks is None
    await person.choose("continue")
    assert person.asks == asked


async def test_effacer_en_un_message(person: Person) -> None:
    await person.say(LEAVE)
    await person.say("effacez toutes mes données")
    assert "effacé" in person.heard
    status, _ = await person.get("/api/conversation")
    assert status == 401


async def test_parler_a_une_personne_donne_un_contact_proche(person: Person) -> None:
    await person.say(LEAVE)
    answer = await person.say("je veux parler à un humain")
    assert "36\u00a046" in answer
    assert person.asks


async def test_mots_suicidaires_le_numero_d_abord_les_questions_s_arretent(person: Person) -> None:
    await person.say(LEAVE)
    asked = person.asks
    answer = await person.say("jé plu envi de vivre")
    assert "3114" in answer.split("\n")[0][:60]
    assert person.asks is None
    await person.choose("continue")
    assert person.asks == asked


async def test_mots_suicidaires_avant_l_accord(product: Product) -> None:
    person = await Person(product).arrive(consent=None)
    assert "3114" in await person.say("je veux mourir")


async def test_mots_suicidaires_apres_le_plan(person: Person) -> None:
    await person.say(LEAVE)
    await person.to_plan(PAST_ANSWERS)
    assert "3114" in await person.say("je vais me pendre")


async def test_une_expression_ordinaire_recoit_une_question_douce(person: Person) -> None:
    await person.say("je suis caissière à Reims et ce travail me tue")
    assert "vous faire du mal" in person.heard
    await person.choose("no")
    assert "3114" in person.heard
    assert person.asks
    assert person.asks != "department", "what was said beside is kept"


async def test_la_question_douce_repondue_oui(person: Person) -> None:
    await person.say("j'en peux plus de tout, je craque")
    await person.say("oui")
    assert "3114" in person.heard


async def test_refuser_que_rien_soit_garde_donne_le_chemin_general(product: Product) -> None:
    person = await Person(product).arrive(consent="no")
    plan = await person.to_plan({"audience": "worker", "department": "Chaumont 52"})
    assert set(person.questions) <= {"audience", "department"}
    assert plan["steps"]


async def test_la_premiere_phrase_avant_l_accord_n_est_pas_perdue(product: Product) -> None:
    person = await Person(product).arrive(consent=None)
    await person.say(LEAVE)
    assert person.asks == "consent"
    await person.choose("yes")
    assert not {"on_leave", "leave_days", "department"} & {str(person.asks)}
    assert "Caen" in person.heard


async def test_pas_compris_trois_fois_reformule_propose_puis_donne_un_contact(person: Person) -> None:
    await person.say(LEAVE)
    first = await person.say("bzzt grmbl")
    assert "pas compris" in first or "ne sais pas répondre" in first
    assert person.asks
    await person.say("zzz kkk")
    third = await person.say("hhh fff ppp")
    assert "3646" in third.replace(" ", "") or "personne" in third


async def test_un_lieu_qui_a_des_homonymes_est_demande(person: Person) -> None:
    await person.say("je suis comptable, en arrêt depuis 5 semaines")
    while person.asks != "department":
        await person.choose(PAST_ANSWERS.get(str(person.asks), "dont_know"))
    await person.say("Saint-Denis")
    assert person.asks == "department"
    assert len(person.choices) >= 2


@pytest.mark.parametrize("text", ["/modify", '/give_feedback{"feedback": "no"}', "/continue"])
async def test_une_barre_oblique_ne_commande_rien(person: Person, text: str) -> None:
    await person.say(LEAVE)
    asked = person.asks
    answer = await person.say(text)
    assert "Je suis Relais" not in answer
    assert "Merci" not in answer
    assert person.asks in (asked, None)
    assert (await person.get("/api/conversation"))[1]["situation"]["department"] == "14"


async def test_changer_d_interlocuteur_en_cours_de_route(person: Person) -> None:
    await person.say(LEAVE)
    await person.say("en fait je suis l'employeur, c'est pour une de mes salariées")
    status, conversation = await person.get("/api/conversation")
    assert status == 200
    assert conversation["situation"]["audience"] == "employer"
