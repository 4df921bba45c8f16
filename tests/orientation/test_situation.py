"""Lire une situation, la changer, dire ce qui ne va pas."""

from datetime import date

import pytest

from bot.orientation import FACTS, InvalidSituation, Situation, invalidated_by, orient
from bot.orientation.contradictions import contradictions
from bot.orientation.facts import load_yaml
from bot.orientation.reading import completed

ON = date(2026, 11, 22)
EXAMPLE = {
    "audience": "worker", "status": "salarie_prive", "sector": "general", "department": "52", "commune": "Saint-Dizier",
    "health_problem": True, "on_leave": True, "leave_days": 120, "leave_start": "2026-07-25", "repeated_leaves": False,
    "return_date": None, "same_job_possible": "unsure", "cause": "non_professional", "unfit": "feared",
    "therapeutic_part_time": False, "disability_pension": False, "boeth": "no", "medical_recommendations": False,
    "contract": "cdi", "contract_ended": False, "company_size": 40, "age": 47, "concern": "one_person", "danger": False,
}  # fmt: skip


def test_l_exemple_du_contrat_se_lit_et_se_rend():
    situation = Situation.from_json(EXAMPLE)
    assert situation.to_json() == {name: value for name, value in EXAMPLE.items() if value is not None}
    assert Situation.from_json(situation.to_json()) == situation
    assert hash(Situation.from_json(situation.to_json())) == hash(situation)


def test_l_exemple_du_contrat_donne_le_chemin_du_contrat():
    plan = orient(Situation.from_json(EXAMPLE), ON)
    assert plan.first_step == "cpam_carsat"
    assert plan.missing == ()
    assert plan.contradictions == ()


@pytest.mark.parametrize(("name", "value"), [
    ("department", "2A"), ("department", "974"), ("department", "01"), ("return_date", "2026-12-01"), ("age", 99),
    ("leave_days", 0), ("company_size", 1_000_000), ("commune", " Caen "),
])  # fmt: skip
def test_une_valeur_acceptee(name, value):
    assert Situation.from_json({name: value}).get(name) is not None


@pytest.mark.parametrize(("name", "value"), [
    ("department", "20"), ("department", "96"), ("department", "970"), ("department", 52), ("return_date", "01/12/2026"),
    ("return_date", "2026-12-1"), ("age", 13),
    ("age", 47.5), ("leave_days", "12"),
    ("leave_days", 4001), ("commune", ""),
    ("commune", "x" * 101), ("commune", "a\nb"),
    ("on_leave", "oui"), ("on_leave", 1), ("status", ["cdi"]), ("boeth", True),
])  # fmt: skip
def test_une_valeur_refusee_dit_le_champ_et_ce_qui_est_accepte(name, value):
    with pytest.raises(InvalidSituation, match=rf"^{name} : valeur .* refusée, valeurs acceptées : .+$"):
        Situation.from_json({name: value})


def test_un_fait_inconnu_est_refuse_en_nommant_les_autres():
    with pytest.raises(InvalidSituation, match=r"^nom : fait inconnu, faits acceptés : audience, "):
        Situation.from_json({"nom": "Dupont"})
    with pytest.raises(KeyError):
        Situation.from_json({}).get("nom")


def test_oublier_un_fait():
    situation = Situation.from_json({"on_leave": True, "leave_days": 3})
    assert situation.with_facts({"leave_days": None}).to_json() == {"on_leave": True}


def test_la_duree_et_le_debut_sont_un_seul_fait():
    by_days, by_start = (
        Situation.from_json({"leave_days": 120}),
        Situation.from_json({"leave_start": "2026-07-25"}),
    )
    assert by_days.leave_start(ON) == by_start.leave_start(ON) == date(2026, 7, 25)
    assert by_days.leave_days(ON) == by_start.leave_days(ON) == 120
    assert Situation.from_json({"leave_start": "2026-12-01"}).leave_days(ON) == 0
    assert Situation.from_json({}).leave_days(ON) is None
    both = by_days.with_facts({"leave_days": 10, "leave_start": "2026-11-12"})
    assert set(both.to_json()) == {"leave_days", "leave_start"}
    assert set(by_start.with_facts({"leave_days": 10}).to_json()) == {"leave_days"}


@pytest.mark.parametrize(("facts", "implied"), [
    ({"leave_days": 3}, {"on_leave": True, "health_problem": True}),
    ({"return_date": date(2026, 12, 1)}, {"on_leave": True}),
    ({"return_date": date(2026, 11, 1)}, {}),
    ({"unfit": "feared"}, {"health_problem": True}),
    ({"health_problem": False}, {"on_leave": False}),
    ({"unfit_date": date(2026, 11, 1)}, {"unfit": "declared"}),
    ({"therapeutic_part_time": True}, {"on_leave": False, "health_problem": True}),
    ({"contract": "interim"}, {"status": "interimaire"}),
    ({"status": "salarie_agricole"}, {"sector": "agricole"}),
    ({"concern": "prevention_policy"}, {"audience": "employer"}),
])  # fmt: skip
def test_ce_qu_un_fait_dit_sans_le_dire(facts, implied):
    found = completed(facts, ON)
    assert {name: found.get(name) for name in implied} == implied
    if not implied:
        assert "on_leave" not in found


def test_ce_qui_a_ete_dit_n_est_jamais_remplace():
    assert completed({"on_leave": False, "leave_days": 3}, ON)["on_leave"] is False


@pytest.mark.parametrize("entry", load_yaml("contradictions.yml"), ids=lambda entry: entry["text"][:60])
def test_chaque_contradiction_se_dit_et_nomme_ses_faits(entry):
    examples = {
        "return_before_leave": {"return_date": "2026-10-01", "leave_days": 10},
        "return_passed": {"return_date": "2026-11-01", "on_leave": True},
        "leave_in_the_future": {"leave_start": "2026-12-01"},
        "unfit_in_the_future": {"unfit_date": "2026-12-01"},
        "leave_two_lengths": {"leave_days": 10, "leave_start": "2026-11-01"},
    }
    wild = {
        "leave_days": 10,
        "leave_start": "2026-11-01",
        "unfit_date": "2026-11-01",
        "return_date": "2026-12-01",
    }
    facts = examples.get(entry.get("id")) or {
        name: wild[name] if accepted == ["*"] else accepted[0] for name, accepted in entry["if"].items()
    }
    found = contradictions(Situation.from_json(facts), ON)
    assert entry["text"] in [contradiction.text for contradiction in found]
    assert set(entry["facts"]) <= set(FACTS)


def test_un_retour_d_aujourd_hui_n_est_pas_passe():
    situation = Situation.from_json({"return_date": ON.isoformat(), "on_leave": True})
    assert contradictions(situation, ON) == ()


def test_une_situation_coherente_ne_contient_pas_de_contradiction():
    assert contradictions(Situation.from_json(EXAMPLE), ON) == ()


@pytest.mark.parametrize("fact", list(FACTS))
def test_changer_une_reponse_n_efface_jamais_cette_reponse(fact):
    assert fact not in invalidated_by(fact)


def test_changer_de_public_fait_tout_redemander():
    assert {"on_leave", "leave_days", "unfit", "unfit_date", "status", "sector"} <= invalidated_by("audience")
    assert invalidated_by("age") == frozenset()
