"""Each profile goes from a first sentence to its plan, interrupted at every question in every way."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.conversations.product import Person

CORRECTED_PLACE = ("en fait c'est à Reims, je me suis trompé de ville", "51")
FAQ = "mon patron va-t-il savoir de quoi je souffre ?"
CHIT_CHAT = "vous allez bien ?"
GIBBERISH = "bzzt grmblf kkk"
DESPAIR = "j'ai envie de mourir"


class Story(NamedTuple):
    """The first sentence of somebody, and what they answer to the questions that it leaves open."""

    first: str
    answers: Mapping[str, str]


WORKER = {"audience": "worker", "sector": "general", "on_leave": "no", "same_job_possible": "unsure"}
STORIES = {
    "maçon": Story(
        "chui maçon a St Dizier en aret dpui 4 moi pr mon dos, g peur de pa pouvoir reprendre",
        {**WORKER, "status": "salarie_prive", "cause": "non_professional"},
    ),
    "épouse inquiète": Story(
        "Mon mari est cariste à Lens, arrêté depuis début juillet pour l'épaule, il ne parle plus de son travail.",
        {**WORKER, "status": "salarie_prive", "unfit": "feared"},
    ),
    "infirmière": Story(
        "infirmière titulaire au CHU de Rouen, en arrêt depuis deux mois, lombalgie",
        {**WORKER, "status": "fonctionnaire", "department": "Rouen"},
    ),
    "agriculteur": Story(
        "je suis éleveur dans le Cantal, mes genoux ne suivent plus, je continue à travailler",
        {**WORKER, "status": "exploitant_agricole", "sector": "agricole"},
    ),
    "responsable RH": Story(
        "RH d'une PME de 140 salariés à Nantes, une comptable est absente depuis 3 mois",
        {"audience": "employer", "concern": "one_person", "status": "salarie_prive", "sector": "general"},
    ),
    "demandeuse d'emploi": Story(
        "je suis au chômage à Dijon, j'ai une RQTH et mal au dos",
        {**WORKER, "status": "demandeur_emploi", "boeth": "yes"},
    ),
    "assistante maternelle": Story(
        "assistante maternelle à Albi, mal au dos, toujours au travail",
        {**WORKER, "status": "particulier_employeur"},
    ),
}


@pytest.mark.parametrize("who", STORIES)
async def test_interrompu_a_chaque_question_chacun_arrive_a_son_plan(person: Person, who: str) -> None:
    await person.say(STORIES[who].first)
    for _ in range(14):
        if person.plan:
            break
        asked = person.asks
        await _interrupt(person, asked)
        assert person.asks == asked, "after all that, the same question"
        await _answer(person, asked, STORIES[who].answers)
    assert person.plan
    assert person.plan["steps"]


async def _interrupt(person: Person, asked: str | None) -> None:
    answer = await person.say(FAQ)
    assert person.messages[0]["links"], answer
    assert person.asks == asked
    await person.say(CHIT_CHAT)
    if person.asks != asked:
        await person.say(FAQ)  # a doubtful remark may be asked about first
    assert person.asks == asked
    await person.say(FAQ)  # two messages in a row that are not understood would open another question
    answer = await person.say(GIBBERISH)
    assert "J'ai noté" not in answer
    assert person.asks == asked
    answer = await person.say(DESPAIR)
    assert "3114" in answer.split("\n")[0]
    assert person.asks is None
    await person.choose("continue")
    assert person.asks == asked
    if asked not in ("audience", "department", "confirm", "commune"):
        await person.say(CORRECTED_PLACE[0])
        situation = (await person.get("/api/conversation"))[1]["situation"]
        assert situation["department"] == CORRECTED_PLACE[1]
        assert person.asks == asked


async def _answer(person: Person, asked: str | None, answers: Mapping[str, str]) -> None:
    if asked == "confirm":
        await person.say("oui c'est exact")
    elif asked in answers and answers[asked] in person.choices:
        await person.choose(answers[asked])
    elif asked in answers:
        await person.say(answers[asked])
    else:
        await person.say("je sais pas")
