"""Peu de questions, et les bonnes : mesuré sur un mélange réaliste de personnes."""

import statistics
from collections import Counter
from datetime import date

import pytest
from mix import EMPLOYERS, WORKERS

from bot.orientation import Situation, about_left, orient
from bot.orientation.facts import load_yaml

ON = date(2026, 11, 22)


def asked(person):
    """Les questions posées à quelqu'un qui ne dit rien de lui-même, dans l'ordre."""
    return [missing[0] for missing in stages(person)]


def stages(person):
    """À chaque question, tout ce qui pouvait encore être demandé, la question posée en tête."""
    situation, declined, found = Situation.from_json({}), frozenset(), []
    while missing := orient(situation, ON, declined=declined).missing:
        found.append(missing)
        if missing[0] in person:
            situation = situation.with_facts({missing[0]: person[missing[0]]})
        else:
            declined |= {missing[0]}
    return found


def counts(mix):
    return [count for weight, person in mix.values() for count in [len(asked(person))] * weight]


def test_un_travailleur_repond_a_huit_questions_au_plus_dans_la_mediane():
    found = counts(WORKERS)
    assert statistics.median(found) <= 8
    assert max(found) <= 12


def test_un_employeur_repond_a_six_questions_au_plus():
    assert statistics.median(counts(EMPLOYERS)) <= 6


def test_qui_donne_tout_dans_sa_premiere_phrase_n_a_presque_rien_a_repondre():
    """« Je suis maçon à Saint-Dizier, en arrêt depuis 4 mois pour le dos, j'ai peur de ne pas pouvoir reprendre »."""
    said = Situation.from_json(
        {
            "audience": "worker", "status": "salarie_prive", "sector": "btp", "department": "52",
            "commune": "Saint-Dizier", "on_leave": True, "leave_days": 120, "unfit": "feared",
        }
    )  # fmt: skip
    assert orient(said, ON).missing == ("boeth",)


@pytest.mark.parametrize("profile", ["P04 arrêt de 4 mois", "P01 au travail, des difficultés"])
def test_les_premieres_questions_sont_celles_qui_choisissent_le_chemin(profile):
    first = asked(WORKERS[profile][1])[:5]
    assert first[0] == "audience"
    assert {"on_leave", "status", "department"} <= set(first)


def test_la_commune_le_danger_et_l_age_ne_sont_jamais_demandes():
    for mix in (WORKERS, EMPLOYERS):
        for _, person in mix.values():
            assert not {"commune", "danger", "age", "leave_start"} & set(asked(person))


def test_la_date_de_l_avis_n_est_demandee_qu_apres_un_avis():
    assert "unfit_date" in asked(WORKERS["P09 inaptitude prononcée"][1])
    assert "unfit_date" not in asked(WORKERS["P08 inaptitude redoutée"][1])


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_aucun_echange_de_deux_questions_voisines_ne_ferait_mieux(audience, monkeypatch):
    """L'ordre écrit est le meilleur de ceux qu'un échange permet d'atteindre, sur le mélange."""
    mix = WORKERS if audience == "worker" else EMPLOYERS
    orders = load_yaml("questions.yml")["orders"]
    best = list(orders[audience])
    reference = sum(counts(mix))
    for index in range(3, len(best) - 1):
        if best[index : index + 2] == ["on_leave", "leave_days"]:
            continue  # on ne demande pas « depuis quand ? » à qui n'a pas dit être en arrêt
        swapped = [*best[:index], best[index + 1], best[index], *best[index + 2 :]]
        monkeypatch.setitem(orders, audience, swapped)
        assert sum(counts(mix)) >= reference, swapped


def test_le_nombre_de_questions_annonce_est_juste_a_une_pres_huit_fois_sur_dix():
    close = total = 0
    for weight, person in (*WORKERS.values(), *EMPLOYERS.values()):
        found = stages(person)
        said = [rank + about_left(missing) for rank, missing in enumerate(found)]
        assert said[-1] >= len(found)
        close += weight * sum(abs(about - len(found)) <= 1 for about in said)
        total += weight * len(found)
    assert close / total >= 0.8


def test_la_chance_ecrite_de_chaque_question_est_celle_que_l_on_mesure():
    met, put = Counter(), Counter()
    for weight, person in (*WORKERS.values(), *EMPLOYERS.values()):
        found = stages(person)
        for rank, missing in enumerate(found):
            later = {each[0] for each in found[rank + 1 :]}
            for name in missing[1:]:
                met[name] += weight
                put[name] += weight * (name in later)
    written = load_yaml("questions.yml")["likelihood"]
    measured = {name: round(put[name] / met[name], 2) for name in met}
    assert written == pytest.approx(measured, abs=0.05), measured
