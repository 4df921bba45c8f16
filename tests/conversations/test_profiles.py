"""The people of the foundation issue, from their first sentence to their plan."""

from typing import Any

from tests.conversations.product import Person

MASON = "Bonjour, je suis maçon à Saint-Dizier, en arrêt depuis 4 mois pour le dos, j'ai peur de ne pas pouvoir reprendre"


def contact_types(plan: dict[str, Any]) -> set[str]:
    return {contact["type"] for step in plan["steps"] for contact in step["contacts"]}


def device(plan: dict[str, Any], slug: str) -> dict[str, Any]:
    return next(found for found in plan["devices"] if found["id"] == slug)


def reachable(plan: dict[str, Any]) -> bool:
    return all(
        contact.get("phone") or contact.get("url") or contact.get("booking_url")
        for step in plan["steps"]
        for contact in step["contacts"]
    )


async def test_le_macon_de_saint_dizier_en_arret_depuis_quatre_mois(person: Person) -> None:
    await person.say(MASON)
    plan = await person.to_plan({"audience": "worker", "status": "salarie_prive"})
    assert not {"sector", "department", "on_leave", "leave_days", "health_problem", "same_job_possible"} & {
        *person.questions
    }, "never ask again what the sentence said"
    steps = {step["id"]: step for step in plan["steps"]}
    assert {"carsat", "cpam"} & {contact["type"] for contact in steps["cpam_carsat"]["contacts"]}
    assert "BTP" in str(steps["pdp_cell"])
    assert device(plan, "visite_prereprise")["status"] == "open"
    assert reachable(plan)
    assert len(person.questions) <= 12


async def test_l_employe_de_bureau_de_caen_au_travail(person: Person) -> None:
    await person.say("je suis employé de bureau à Caen, je travaille mais j'ai mal au cou")
    plan = await person.to_plan(
        {"audience": "worker", "status": "salarie_prive", "sector": "general", "on_leave": "no"}
    )
    assert plan["first_step"] == "pdp_cell"
    assert plan["steps"][0]["contacts"]
    assert "cpam_carsat" not in [step["id"] for step in plan["steps"] if step["when"] == "now"]


async def test_l_employeur_de_huit_personnes_a_rouen(person: Person) -> None:
    await person.say(
        "j'ai une entreprise de 8 salariés à Rouen, un employé est absent en arrêt depuis 3 mois"
    )
    plan = await person.to_plan(
        {"audience": "employer", "concern": "one_person", "status": "salarie_prive", "sector": "general"}
    )
    assert "company_size" not in person.questions
    assert "department" not in person.questions
    assert device(plan, "rdv_liaison")["status"] == "open"
    assert reachable(plan)
    assert len(person.questions) <= 8


async def test_l_ouvrier_agricole_de_l_orne(person: Person) -> None:
    await person.say("ouvrier agricole dans l'Orne, j'ai de plus en plus mal au dos, je travaille encore")
    plan = await person.to_plan({"audience": "worker", "on_leave": "no"})
    assert "msa" in [step["id"] for step in plan["steps"]]
    assert "msa" in contact_types(plan)
    assert not {"cpam", "carsat"} & contact_types(plan)
