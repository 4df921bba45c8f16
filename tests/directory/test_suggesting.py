"""Ce que l'on propose à qui commence à écrire un lieu."""

import pytest

from bot.directory.places import resolve
from bot.directory.suggesting import suggest


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ha", "Hautes-Alpes (05)"),
        ("52", "Haute-Marne (52)"),
        ("2a", "Corse-du-Sud (2A)"),
        ("52100", "Saint-Dizier (52, Haute-Marne)"),
        ("st diz", "Saint-Dizier (52, Haute-Marne)"),
        ("SAINT-LO", "Saint-Lô (50, Manche)"),
        ("caen", "Caen (14, Calvados)"),
        ("paris", "Paris (75, Paris)"),
    ],
)
def test_le_lieu_le_plus_connu_vient_d_abord(typed: str, first: str):
    assert suggest(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "a", "zzz", "99999", "x" * 500, "<b>", "1er", "ça va pas"])
def test_rien_n_est_propose_pour_ce_qui_n_est_pas_un_lieu(typed: str):
    assert suggest(typed) == ()


@pytest.mark.parametrize("typed", ["sai", "la ", "521", "pari", "mars", "coucy", "ville"])
def test_chaque_proposition_est_comprise_sans_hesiter(typed: str):
    found = suggest(typed)
    assert 0 < len(found) <= 8
    assert all(resolve(label).sure for label in found)
