"""Ce qui est montré de ce qui a été compris."""

import pytest

from actions import describe
from actions.plan import _first_words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 jour"),
        (21, "21 jours"),
        (45, "45 jours"),
        (61, "environ 2 mois"),
        (139, "environ 4 mois et demi"),
    ],
)
def test_une_longue_duree_se_compte_en_mois(days: int, words: str) -> None:
    assert describe.length(days) == words


def test_ce_qui_va_sans_dire_n_est_pas_montre_aussitot() -> None:
    known = {"sector": "general", "audience": "worker", "department": "76", "commune": "Le Havre"}
    assert describe.facts(known) == ["Le Havre (76, Seine-Maritime)"]


def test_une_valeur_dans_une_phrase_perd_sa_majuscule_sauf_un_lieu_ou_un_sigle() -> None:
    known = {"status": "salarie_prive", "contract": "cdi", "same_job_possible": "no", "department": "61"}
    assert describe.facts(known) == ["salarié du privé", "Orne (61)", "reprise du même poste : non", "CDI"]


def test_la_premiere_chose_a_faire_donne_un_numero_ou_le_nom_de_l_etape_seul() -> None:
    step = {
        "id": "pdp_cell",
        "title": "Le médecin du travail",
        "contacts": [{"name": "CDG", "url": "https://a.fr"}],
    }
    plan = {"first_step": "pdp_cell", "steps": [step]}
    assert _first_words(plan) == "Le médecin du travail."
    step["contacts"] = [{"name": "Carsat", "phone": "3646"}]
    assert _first_words(plan) == "Le médecin du travail. Carsat : 36\u00a046."
