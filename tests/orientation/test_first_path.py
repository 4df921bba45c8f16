"""Le contrat du moteur, tel que le reste du projet s'en sert."""

from datetime import date

import pytest

from bot.orientation import FACTS, InvalidSituation, Situation, invalidated_by, orient
from bot.orientation.findings import refinements

ON = date(2026, 11, 22)


def plan(**facts):
    return orient(Situation.from_json(facts), ON)


@pytest.mark.parametrize(("leave_days", "expected"), [(29, "later"), (30, "later"), (31, "open")])
def test_la_visite_de_prereprise_s_ouvre_apres_trente_jours(leave_days, expected):
    found = plan(audience="worker", status="salarie_prive", on_leave=True, leave_days=leave_days)
    assert found.device("visite_prereprise").status == expected
    assert found.source_of("visite_prereprise").article == "C. trav. R4624-29"


def test_une_situation_vide_donne_un_plan_et_ses_questions():
    found = plan()
    assert found.steps
    assert found.missing[0] == "audience"
    assert "department" in found.missing


def test_un_danger_ne_laisse_que_les_secours():
    found = plan(danger=True, audience="worker", on_leave=True)
    assert [step.id for step in found.steps] == ["emergency"]
    assert found.missing == ()
    assert found.devices == ()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"status": "roi"}, "status"),
        ({"leave_days": -1}, "leave_days"),
        ({"leave_days": True}, "leave_days"),
        ({"return_date": "2026-02-30"}, "return_date"),
        ({"department": "99"}, "department"),
        ({"couleur": "bleu"}, "couleur"),
        ([], "situation"),
    ],
)
def test_une_situation_impossible_dit_le_champ_en_une_ligne(facts, field):
    with pytest.raises(InvalidSituation) as refused:
        Situation.from_json(facts)
    assert str(refused.value).startswith(field)
    assert "\n" not in str(refused.value)


LEAVE = {
    "audience": "worker", "status": "salarie_prive", "sector": "general", "department": "52", "on_leave": True,
    "leave_days": 120, "unfit": "none", "boeth": "no",
}  # fmt: skip


def test_ce_que_personne_ne_demande_mais_qui_compterait():
    found = refinements(Situation.from_json(LEAVE), ON)
    assert {"cause", "return_date", "disability_pension", "contract", "contract_ended", "danger"} <= set(
        found
    )
    assert not {"commune", "concern", "unfit_date", "health_problem", "boeth"} & set(found)
    assert "cause" in refinements(Situation.from_json({}), ON) or "cause" in plan().missing


def test_ne_pas_savoir_laisse_un_plan_prudent():
    known = {name: value for name, value in LEAVE.items() if name not in ("leave_days", "unfit")}
    found = orient(Situation.from_json(known), ON, declined=frozenset({"leave_days", "unfit"}))
    assert not {"leave_days", "unfit", "unfit_date"} & set(found.missing)
    assert found.device("visite_prereprise").status == "later"
    assert found.device("visite_prereprise").opens_on is None
    assert found.device("inaptitude").status == "closed"
    assert found.step("cpam_carsat").when == "now"


def test_ce_qui_ne_depend_que_d_un_fait_refuse_n_est_pas_demande():
    """Sans savoir si la personne est en arrêt, sa durée d'arrêt ne se demande pas."""
    known = {name: value for name, value in LEAVE.items() if name not in ("leave_days", "on_leave")}
    found = orient(Situation.from_json(known), ON, declined=frozenset({"on_leave"}))
    assert "on_leave" not in found.missing


def test_donner_le_debut_de_l_arret_remplace_sa_duree():
    first = Situation.from_json({"leave_days": 10})
    second = first.with_facts({"leave_start": "2026-10-01"})
    assert second.to_json() == {"leave_start": "2026-10-01"}
    assert second.leave_days(ON) == 52


def test_changer_l_arret_fait_redemander_sa_duree():
    assert "leave_days" in invalidated_by("on_leave")
    assert set(FACTS) >= invalidated_by("audience")


def test_une_question_en_amene_une_autre():
    """Demander si un avis a été rendu rend utiles sa date et l'origine."""
    known = {name: value for name, value in LEAVE.items() if name != "unfit"}
    found = orient(Situation.from_json({**known, "on_leave": False, "leave_days": None}), ON).missing
    assert {"unfit", "unfit_date", "cause"} <= set(found)


def test_un_fait_qui_contredirait_un_arret_deduit_compte():
    """« En arrêt depuis aujourd'hui » fait croire à un arrêt ; un temps partiel thérapeutique dirait le contraire."""
    found = refinements(Situation.from_json({"leave_days": 0, "health_problem": True}), ON)
    assert "therapeutic_part_time" in found
