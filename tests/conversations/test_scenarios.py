"""Every scenario of `scenarios/`, made by hand or from a reviewed conversation, holds through the real product."""

import pytest

from tests.conversations.product import Person
from tests.conversations.scenarios import Scenario, every, read, replay

SCENARIOS = every()


@pytest.mark.parametrize("name", SCENARIOS)
async def test_le_scenario_tient(name: str, person: Person) -> None:
    await replay(SCENARIOS[name], person)


@pytest.mark.parametrize(
    "text",
    [
        "title: a\nturns: [{hear: a}]\nexpect: {}",
        "title: a\nturns: []\nexpect: {first_stop: cep}",
        "title: a\nturns: [{say: a, choose: b}]\nexpect: {}",
    ],
)
def test_un_scenario_mal_ecrit_est_refuse(text: str) -> None:
    with pytest.raises(ValueError, match=r"unknown|says or chooses"):
        read(text)


async def test_un_scenario_qui_ne_tient_pas_echoue(person: Person) -> None:
    wrong = Scenario(
        "x", ({"say": "je suis en arrêt depuis 2 mois à Caen"},), {"situation": {"department": "75"}}
    )
    with pytest.raises(AssertionError):
        await replay(wrong, person)
