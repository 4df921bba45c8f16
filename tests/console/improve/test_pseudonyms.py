"""What tells who said a sentence is replaced, what the path needs stays."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.improve.pseudonyms import Names, is_public, pseudonymise, pseudonymised
from bot.console.improve.recogniser import StartingError, stop
from bot.directory.places import resolve
from bot.language.masking.pattern import PLACEHOLDER


def spans(text: str, **found: str) -> list[tuple[int, int, str]]:
    return [(text.index(name), text.index(name) + len(name), label) for label, name in found.items()]


def test_une_personne_garde_le_meme_nom_invente() -> None:
    names = Names()
    first = pseudonymise("Ahmed Benali m'a dit", [(0, 12, "PER")], names)
    again = pseudonymise("selon ahmed benali", [(6, 18, "PER")], names)
    other = pseudonymise("et Sophie Petit", [(3, 15, "PER")], names)
    assert first == "Camille m'a dit"
    assert again == "selon Camille"
    assert other == "et Dominique"


def test_un_lieu_devient_la_prefecture_de_son_departement() -> None:
    text = "je suis maçon à Saint-Dizier, je vais à Joinville et mon médecin est à Caen"
    said = pseudonymise(text, [], Names())
    assert "Saint-Dizier" not in said
    assert said.startswith("je suis maçon à Chaumont,")
    place = resolve("Chaumont", "52").place
    assert place is not None
    assert place.department == "52"
    assert said.endswith("à Caen"), "a prefecture names nobody"


def test_les_acteurs_du_parcours_restent() -> None:
    text = "la CPAM et Cap emploi ne répondent pas, la MSA non plus"
    found = spans(text, LOC="CPAM", ORG="Cap emploi", PER="MSA")
    assert pseudonymise(text, found, Names()) == text
    assert is_public("France Travail")
    assert not is_public("Bouygues Travaux")


def test_une_entreprise_et_un_lieu_inconnu_sont_remplaces() -> None:
    text = "chez Bouygues sur le chantier des Quatre Saules"
    said = pseudonymise(text, spans(text, ORG="Bouygues", LOC="Quatre Saules"), Names())
    assert said == "chez Entreprise Martin sur le chantier des Villeneuve"


def test_les_marques_de_masquage_restent_entieres() -> None:
    text = "appelez [NOM MASQUÉ] au [TÉLÉPHONE MASQUÉ]"
    found = [(9, 12, "PER"), (8, 20, "PER"), (25, 34, "ORG")]
    assert pseudonymise(text, found, Names()) == text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 59), st.integers(1, 9)), max_size=4))
def test_des_noms_n_importe_ou_ne_cassent_rien(text: str, places: list[tuple[int, int]]) -> None:
    found = [(start, start + length, "PER") for start, length in places if start + length <= len(text)]
    said = pseudonymise(text, found, Names())
    for start, end, _ in found:
        name = text[start:end].strip()
        if len(name) > 6 and not PLACEHOLDER.search(text) and not is_public(name) and text.count(name) == 1:
            assert name not in said


async def patiently(texts: list[str]) -> list[str]:
    """As an adviser who comes back until the recogniser is loaded."""
    try:
        for _ in range(60):
            with suppress(StartingError):
                return await pseudonymised(texts)
        raise AssertionError("spaCy did not load")
    finally:
        await stop()


@pytest.mark.rasa
async def test_spacy_trouve_les_noms_dans_l_environnement_de_rasa() -> None:
    said = await patiently(
        [
            "Bonjour, je suis maçon à Saint-Dizier chez Bouygues, mon chef Ahmed Benali ne veut rien entendre",
            "mon numéro est le 06 12 34 56 78 et la CPAM de Bayeux a mon dossier",
        ]
    )
    for name in ("Saint-Dizier", "Bouygues", "Benali"):
        assert name not in said[0]
    assert "Chaumont" in said[0]
    assert "06 12" not in said[1]
    assert said[1].endswith("la CPAM de Caen a mon dossier")
