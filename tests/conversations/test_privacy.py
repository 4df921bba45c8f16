"""What a person writes is in no log, at any level; and on disk only after they agreed."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.adviser import Adviser
from tests.conversations.product import Person, Product

MARKER = "zanzibarque"
NIR = "1 85 05 78 006 084 36"


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Product]:
    """The product at debug level, alone in its directory."""
    with Product(tmp_path / "var", RELAIS_LOG_LEVEL="DEBUG", LOG_LEVEL="DEBUG").running() as running:
        yield running


def files_with(product: Product, word: str) -> list[str]:
    return [
        path.name
        for path in product.var.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes() and "models" not in path.parts
    ]


async def test_aucun_mot_dans_les_journaux_meme_au_niveau_debug(talkative: Product) -> None:
    person = await Person(talkative).arrive()
    for text in (
        f"je suis en arrêt depuis 2 mois à Caen pour {MARKER}",
        f"est-ce que le {MARKER} est une maladie professionnelle ?",
        f"{MARKER}",
        f"je veux mourir {MARKER}",
        "oui",
        f"effacer {MARKER}",
    ):
        try:
            await person.say(text)
        except AssertionError:
            break  # erased
    assert talkative.output.stat().st_size > 1000, "the debug log is really on"
    assert MARKER not in talkative.output.read_text()


async def test_rien_sur_le_disque_avant_l_accord_ni_apres_un_refus(talkative: Product) -> None:
    person = await Person(talkative).arrive(consent=None)
    await person.say(f"je suis en arrêt depuis 2 mois à Caen pour {MARKER}")
    assert files_with(talkative, MARKER) == []
    await person.choose("no")
    await person.say(f"je répète {MARKER}")
    assert files_with(talkative, MARKER) == []


async def test_le_texte_d_une_detresse_n_est_jamais_garde(talkative: Product) -> None:
    person = await Person(talkative).arrive()
    await person.say(f"je veux mourir {MARKER}")
    await person.say("merci")
    assert files_with(talkative, MARKER) == []


async def test_un_numero_de_securite_sociale_n_atteint_ni_rasa_ni_le_disque(talkative: Product) -> None:
    person = await Person(talkative).arrive()
    answer = await person.say(f"mon numero est {NIR} et je suis en arret depuis 2 mois")
    assert "masquer" in answer
    assert files_with(talkative, NIR) == []
    assert files_with(talkative, NIR.replace(" ", "")) == []


async def test_tout_est_efface_sur_demande(talkative: Product) -> None:
    """Said, understood, read and annotated in the console, then erased: the word is in no file, running or stopped."""
    person = await Person(talkative).arrive()
    await person.say(f"je suis en arrêt depuis 2 mois à Caen pour {MARKER}")
    async with Adviser(talkative) as adviser:
        page = await listed(adviser)
        assert MARKER in await adviser.get(page)
        await adviser.post(f"{page}/notes", note=f"parle de {MARKER}")
        await adviser.post(f"{page}/etiquettes", etiquette=MARKER)
        assert len(files_with(talkative, MARKER)) >= 2, "kept after consent, by us and by Rasa"
        await person.say("effacez toutes mes données")
        assert await gone(talkative), files_with(talkative, MARKER)
        await adviser.get(page, status=404)
    talkative.stop()
    assert files_with(talkative, MARKER) == []


async def listed(adviser: Adviser) -> str:
    """The page of the only conversation, once the inbox has it: a few seconds after what was said."""
    for _ in range(60):
        found = re.search(
            r"/console/conversations/[A-Za-z0-9_-]{16,}", await adviser.get("/console/conversations")
        )
        if found:
            return found[0]
        await asyncio.sleep(0.5)
    raise AssertionError("not in the inbox")


async def gone(product: Product) -> bool:
    """Whether the word leaves the disk while all runs; a journal that someone was reading is emptied within a minute."""
    for _ in range(90):
        if not files_with(product, MARKER):
            return True
        await asyncio.sleep(1)
    return False
