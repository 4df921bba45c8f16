"""Ce qui est vrai de tout plan, quelle que soit la situation."""

import json
import random
import re
from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import DAYS, NAMES, ON, complete, situations, values

from bot.orientation import FACTS, Situation, orient
from bot.orientation.findings import refinements
from bot.orientation.law import SOURCES
from bot.orientation.reading import completed
from bot.orientation.steps import FIVE

RELAXED = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
SLOW = settings(RELAXED, max_examples=15)


def path(situation, on=ON, declined=frozenset()):
    """Le plan sans ce qu'il reste à demander : ce que la personne lit, et qui l'annuaire lui donnera."""
    plan = orient(situation, on, declined=declined)
    found = plan.to_json()
    del found["missing"], found["contradictions"]
    found["contact_types"] = {step.id: list(step.contact_types) for step in plan.steps}
    return found


@RELAXED
@given(situations(), st.sampled_from(DAYS))
def test_un_plan_a_toujours_une_etape_et_quelqu_un_a_contacter(situation, on):
    plan = orient(situation, on)
    assert plan.first_step == plan.steps[0].id
    assert any(step.contact_types for step in plan.steps)
    json.dumps(plan.to_json())


@RELAXED
@given(situations())
def test_les_cinq_etapes_se_lisent_toujours_en_entier(situation):
    plan = orient(situation, ON)
    shown = [step.id for step in plan.steps] + [step.id for step in plan.not_concerned]
    assert set(FIVE) <= set(shown)
    assert len(shown) == len(set(shown))


@RELAXED
@given(situations(), st.randoms(use_true_random=False))
def test_l_ordre_des_reponses_ne_change_rien(situation, shuffle):
    answers = list(situation.to_json().items())
    shuffle.shuffle(answers)
    rebuilt = Situation.from_json({})
    for name, value in answers:
        rebuilt = rebuilt.with_facts({name: value})
    assert orient(rebuilt, ON).to_json() == orient(situation, ON).to_json()


@RELAXED
@given(situations(), st.sampled_from(DAYS))
def test_un_dispositif_n_a_qu_un_etat_et_une_echeance_n_est_jamais_passee(situation, on):
    plan = orient(situation, on)
    assert len({device.id for device in plan.devices}) == len(plan.devices)
    for device in plan.devices:
        assert device.status in ("open", "later", "closed")
        assert device.opens_on is None or (device.status == "later" and device.opens_on > on)
    for step in plan.steps:
        assert [d.day for d in step.deadlines] == sorted(d.day for d in step.deadlines)
        assert all(deadline.day >= on for deadline in step.deadlines)


@RELAXED
@given(situations())
def test_tout_ce_qui_est_dit_a_sa_source(situation):
    shown = orient(situation, ON).to_json()
    cited = {why["source"] for step in shown["steps"] for why in step["why"]}
    cited |= {d["source"] for step in shown["steps"] for d in step["deadlines"]}
    cited |= {name for device in shown["devices"] for name in (device["source"], *device.get("also", ()))}
    assert cited == set(shown["sources"]) <= set(SOURCES)
    for source in shown["sources"].values():
        assert source["url"].startswith("http")
        assert source["last_checked"]


@RELAXED
@given(situations())
def test_un_dispositif_ferme_n_est_propose_dans_aucune_etape(situation):
    plan = orient(situation, ON)
    for step in plan.steps:
        assert all(plan.device(name).status != "closed" for name in step.devices)


SPEAKS_TO_THE_WORKER = re.compile(
    r"vo(?:tre|s) (?:propre )?(?:arrêt|emploi|travail\b|médecin\b(?! du travail)|traitement|poste|reconnaissance|santé"
    r"|indemnités|employeur|absence|caisse|pension)|m(?:on|es) (?:poste|arrêt|emploi|employeur)|je suis en arrêt",
    re.IGNORECASE,
)


@RELAXED
@given(complete())
def test_un_employeur_ne_lit_pas_de_mots_faits_pour_son_salarie(situation):
    """Ce qu'il dit à son salarié (`say`) est à la deuxième personne : seul ce qu'il lit est regardé."""
    plan = orient(situation.with_facts({"audience": "employer"}), ON)
    for device in plan.devices:
        if device.status != "closed":
            read = {"summary": device.summary, **device.details, "say": ""}
            for field, text in read.items():
                assert not SPEAKS_TO_THE_WORKER.search(str(text)), (device.id, field, text)
    for step in plan.steps:
        for said in (*(said.text for said in step.why), *step.bring):
            assert not SPEAKS_TO_THE_WORKER.search(said), (step.id, said)


@RELAXED
@given(complete())
def test_qui_a_tout_dit_a_une_etape_a_faire_maintenant(situation):
    assert orient(situation, ON).steps[0].when == "now"


@RELAXED
@given(situations())
def test_une_echeance_n_est_dite_qu_une_fois(situation):
    said = [(d.label, d.day) for step in orient(situation, ON).steps for d in step.deadlines]
    assert len(said) == len(set(said))


@RELAXED
@given(situations())
def test_un_danger_efface_tout_le_reste(situation):
    plan = orient(situation.with_facts({"danger": True}), ON)
    assert [step.id for step in plan.steps] == ["emergency"]
    assert plan.devices == plan.not_concerned == plan.missing == ()


@SLOW
@example(Situation.from_json({"department": "974", "unfit_date": "2026-05-06"}), 0)
@given(situations(), st.integers(0, 10**6))
def test_toute_question_posee_peut_changer_le_plan(situation, seed):
    choose = random.Random(seed)
    for fact in set(orient(situation, ON).missing) - {"department"}:
        assert any(changes(situation, fact, choose) for _ in range(400)), (
            f"{fact} ne change rien à {situation.to_json()}"
        )


def changes(situation, fact, choose):
    """Une complétion au hasard des autres faits : deux réponses à celui-ci donnent-elles deux plans ?"""
    others = {}
    for name in orient(situation, ON).missing:
        if name != fact and choose.random() < 0.9:
            others[name] = sample(name, choose)
    base = situation.with_facts(others)
    answers = [sample(fact, choose) for _ in range(4)]
    return len({json.dumps(path(base.with_facts({fact: answer})), sort_keys=True) for answer in answers}) > 1


def sample(name, choose):
    """Une valeur du fait, au hasard."""
    fact = FACTS[name]
    if name == "department":
        return choose.choice(["52", "14", "974"])
    if fact.kind == "choice":
        return choose.choice(list(fact.values))
    if fact.kind == "boolean":
        return choose.random() < 0.5
    if name == "leave_days":
        return choose.choice([5, 30, 31, 45, 60, 120, 400])
    if name == "company_size":
        return choose.choice([5, 20, 250])
    return choose.choice(["2026-11-21", "2026-11-08", "2026-10-01", "2026-12-10", "2027-02-01"])


def test_un_retour_a_venir_contredit_un_arret_que_rien_d_autre_ne_dit():
    """« Pas de souci de santé » suppose qu'il n'y a pas d'arrêt ; une date de retour dit le contraire."""
    assert "return_date" in refinements(
        Situation.from_json({"audience": "worker", "health_problem": False}), ON
    )


@SLOW
@given(situations(), st.data())
def test_ce_qui_n_est_pas_demande_ne_change_rien(situation, data):
    plan = orient(situation, ON)
    implied = completed(situation.facts, ON)  # « en arrêt depuis 3 jours » : l'arrêt est connu sans être dit
    can_change = {*plan.missing, *refinements(situation, ON), *implied}
    before = path(situation)
    for name in NAMES:
        if name not in can_change and situation.get(name) is None and name != "leave_days":
            assert path(situation.with_facts({name: data.draw(values(name))})) == before, name


@RELAXED
@given(complete())
def test_les_questions_finissent_et_restent_peu_nombreuses(person):
    situation, asked = Situation.from_json({}), []
    while missing := orient(situation, ON).missing:
        asked.append(missing[0])
        situation = situation.with_facts({missing[0]: person.to_json()[missing[0]]})
    assert len(asked) == len(set(asked))
    assert len(asked) <= (8 if person.get("audience") == "employer" else 12)


@RELAXED
@given(complete(), st.sets(st.sampled_from(NAMES)))
def test_je_ne_sais_pas_n_est_jamais_redemande(person, unknown):
    situation, declined = Situation.from_json({}), frozenset()
    while missing := orient(situation, ON, declined=declined).missing:
        assert not declined & set(missing)
        if missing[0] in unknown:
            declined |= {missing[0]}
        else:
            situation = situation.with_facts({missing[0]: person.to_json()[missing[0]]})
    assert orient(situation, ON, declined=declined).steps


@RELAXED
@given(situations(), st.sampled_from(["worker", "employer"]))
def test_un_dispositif_annonce_pour_une_date_est_ouvert_ce_jour_la(situation, audience):
    """« À partir du 24 août » : le plan refait ce jour-là dit que c'est ouvert."""
    person = situation.with_facts({"audience": audience, "return_date": None, "unfit_date": None})
    started = person.leave_start(ON)
    if started is not None:
        person = person.with_facts({"leave_start": started.isoformat()})
    for device in orient(person, ON).devices:
        if device.opens_on:
            assert orient(person, device.opens_on).device(device.id).status == "open", device.id


def test_la_commune_ne_change_jamais_le_chemin():
    assert path(Situation.from_json({"audience": "worker"})) == path(
        Situation.from_json({"audience": "worker", "commune": "Caen"})
    )


def test_le_jour_du_plan_est_dans_le_plan():
    assert orient(Situation.from_json({}), date(2026, 3, 2)).to_json()["as_of"] == "2026-03-02"
