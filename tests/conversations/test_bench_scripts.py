"""The bench's conversations are conversations: each choice is offered when it is made, and each leads to a plan."""

import pytest

from tests.bench.scripts import CONVERSATIONS, choice
from tests.conversations.product import Person


@pytest.mark.parametrize("script", CONVERSATIONS, ids=("mason", "employer", "farm"))
async def test_chaque_choix_du_banc_est_propose_et_la_conversation_mene_au_parcours(
    person: Person, script: tuple[str, ...]
) -> None:
    assert script[:2] == ("/start", '/inform{"consent": "yes"}'), "what `person` has said already"
    for message in script[2:]:
        await (person.choose(choice(message)) if message.startswith("/") else person.say(message))
    assert person.plan is not None
