"""Les points de droit qui comptent, un par un, avec leur phrase et leur article."""

from datetime import date, timedelta

import pytest

from bot.orientation import FACTS, Situation, orient

ON = date(2026, 11, 22)
WORKER = {
    "audience": "worker", "department": "52", "status": "salarie_prive", "sector": "general", "health_problem": True,
    "unfit": "none", "boeth": "no",
}  # fmt: skip
EMPLOYER = {"audience": "employer", "concern": "one_person", "department": "76", "status": "salarie_prive"}


def plan(base=WORKER, on=ON, **facts):
    return orient(Situation.from_json({**base, **facts}), on)


def leave(days, base=WORKER, on=ON, **facts):
    return plan(base, on, on_leave=True, leave_days=days, **facts)


def reasons(found, step):
    """Sources des raisons d'une étape."""
    return [said.source for said in found.step(step).why]


@pytest.mark.parametrize(("days", "expected"), [(0, "later"), (30, "later"), (31, "open"), (200, "open")])
def test_le_rendez_vous_de_liaison_s_ouvre_apres_trente_jours(days, expected):
    found = leave(days)
    assert found.device("rdv_liaison").status == expected
    assert found.source_of("rdv_liaison").article == "C. trav. D1226-8-1"


@pytest.mark.parametrize(("days", "cause", "expected"), [
    (59, "non_professional", "later"), (60, "non_professional", "open"),
    (29, "work_accident", "later"), (30, "work_accident", "open"),
    (1, "occupational_disease", "open"), (59, "unknown", "later"),
])  # fmt: skip
def test_la_visite_de_reprise_suit_la_duree_et_l_origine(days, cause, expected):
    found = leave(days, cause=cause)
    assert found.device("visite_reprise").status == expected
    assert found.source_of("visite_reprise").article == "C. trav. R4624-31"


def test_la_visite_de_reprise_compte_jusqu_au_retour():
    back = (ON + timedelta(days=40)).isoformat()
    assert leave(20, return_date=back).device("visite_reprise").status == "open"
    soon = (ON + timedelta(days=39)).isoformat()
    assert leave(20, return_date=soon).device("visite_reprise").status == "closed"


@pytest.mark.parametrize(("on", "start", "words"), [
    (date(2026, 11, 22), "2026-07-25", "votre employeur saura qu'elle a lieu"),
    (date(2026, 11, 22), "2026-05-02", "depuis le 15 juin 2026"),
    (date(2026, 6, 14), "2026-04-01", "Dites si vous vous opposez"),
    (date(2026, 8, 1), "2026-06-15", "votre employeur saura qu'elle a lieu"),
    (date(2026, 8, 1), "2026-06-14", "depuis le 15 juin 2026"),
])  # fmt: skip
def test_depuis_juin_2026_l_employeur_sait_que_la_prereprise_a_lieu(on, start, words):
    found = plan(on=on, on_leave=True, leave_start=start).device("visite_prereprise")
    assert found.status == "open"
    assert words in found.summary


@pytest.mark.parametrize(("on", "start", "waiver"), [
    (date(2026, 11, 22), "2026-07-25", True),
    (date(2026, 6, 14), "2026-02-01", False),
])  # fmt: skip
def test_la_visite_de_reprise_peut_etre_evitee_depuis_juin_2026(on, start, waiver):
    found = plan(on=on, on_leave=True, leave_start=start).device("visite_reprise")
    assert ("pré-reprise récente" in found.summary) is waiver


@pytest.mark.parametrize(("back", "expected"), [
    ("2026-11-22", "open"), ("2026-11-14", "open"), ("2026-11-13", "closed"),
])  # fmt: skip
def test_la_visite_de_reprise_se_fait_dans_les_huit_jours_du_retour(back, expected):
    assert plan(on_leave=False, return_date=back).device("visite_reprise").status == expected


@pytest.mark.parametrize(("back", "shown"), [("2026-12-03", True), ("2026-12-02", False)])
def test_une_echeance_d_apres_le_retour_n_est_pas_dite(back, shown):
    """Vingt jours d'arrêt : la pré-reprise s'ouvrirait le 3 décembre."""
    days = {
        d.day.isoformat()
        for d in leave(20, return_date=back).step("pdp_cell").deadlines
        if "pré-reprise" in d.label
    }
    assert days == ({"2026-12-03"} if shown else set())


def test_le_plan_de_2021_garde_l_ancien_seuil():
    found = leave(60, on=date(2021, 11, 22)).device("visite_prereprise")
    assert (found.status, found.opens_on) == ("later", date(2021, 12, 23))


def test_le_plafond_des_arrets_n_existe_que_depuis_septembre_2026():
    assert leave(40, on=date(2026, 8, 31)).device("plafond_arret").status == "closed"
    found = leave(40).device("plafond_arret")
    assert found.status == "open"
    assert not any(character.isdigit() for character in found.summary)


def test_les_regles_agricoles_a_relire_sont_dites_sans_chiffre():
    found = leave(80, status="salarie_agricole")
    assert found.source_of("visite_prereprise").article == "C. rural R717-17"
    assert "Confirmez" in found.device("visite_prereprise").summary
    assert not any(c.isdigit() for said in found.step("msa").why for c in said.text)


def test_la_msa_remplace_la_caisse_et_le_service_de_sante():
    found = leave(80, status="salarie_agricole")
    assert found.first_step == "msa"
    assert {step.id for step in found.not_concerned} == {"cpam_carsat", "pdp_cell"}
    assert found.step("msa").contact_types == ("msa",)


def test_un_salarie_prive_de_l_agriculture_est_a_la_msa():
    assert leave(80, sector="agricole").first_step == "msa"


def test_le_batiment_a_son_propre_service_de_sante():
    assert leave(80, sector="btp").step("pdp_cell").contact_types == ("spst_btp", "spsti_annuaire")
    assert leave(80).step("pdp_cell").contact_types == ("spsti", "spsti_annuaire")


@pytest.mark.parametrize("status", ["fonctionnaire", "contractuel_public"])
def test_l_agent_public_a_le_fiphfp_et_le_referent_handicap(status):
    found = plan(on_leave=False, status=status, boeth="yes")
    assert "agefiph" in {step.id for step in found.not_concerned}
    assert found.step("fiphfp").when == "next"
    assert found.device("referent_handicap_public").status == "open"
    assert found.device("visite_prereprise").status == "closed"
    assert "FIPHFP" in found.step("fiphfp").title


@pytest.mark.parametrize(("days", "expected"), [(29, "later"), (30, "open")])
def test_a_l_hopital_public_la_reprise_compte_trente_jours(days, expected):
    found = leave(days, status="fonctionnaire")
    assert found.device("visite_reprise_fph").status == expected
    assert found.source_of("visite_reprise_fph").article == "C. trav. R4626-29"


def test_les_delais_d_une_inaptitude_sont_des_dates():
    found = plan(on_leave=False, unfit="declared", unfit_date="2026-11-12", cause="non_professional")
    assert {d.day.isoformat() for d in found.step("employer").deadlines} == {"2026-11-27", "2026-12-12"}
    assert found.step("employer").when == "now"


@pytest.mark.parametrize(("noticed", "source_text"), [
    ("2026-10-22", "doit avoir repris"), ("2026-10-23", "doit reprendre"),
])  # fmt: skip
def test_un_mois_apres_l_avis_le_salaire_repart(noticed, source_text):
    found = plan(on_leave=False, unfit="declared", unfit_date=noticed, cause="non_professional")
    assert any(source_text in said.text for said in found.step("employer").why)
    assert "ct-l1226-4" in reasons(found, "employer")


def test_l_apprenti_inapte_n_a_pas_de_reclassement_du():
    found = plan(
        on_leave=False, status="apprenti", unfit="declared", unfit_date="2026-11-12", cause="unknown"
    )
    assert "ct-l6222-18" in reasons(found, "employer")
    assert found.device("reclassement").status == "closed"
    assert "ct-l1226-4" not in reasons(found, "employer")


def test_l_emploi_a_domicile_a_son_service_national_et_sa_convention():
    found = leave(40, status="particulier_employeur", cause="non_professional")
    assert found.step("pdp_cell").contact_types == ("spstn",)
    assert found.device("rdv_liaison").status == "closed"
    unfit = plan(
        on_leave=False,
        status="particulier_employeur",
        unfit="declared",
        unfit_date="2026-11-12",
        cause="unknown",
    )
    assert "ct-l7221-2" in reasons(unfit, "employer")
    assert [d.day.isoformat() for d in unfit.step("employer").deadlines] == ["2026-11-27"]


@pytest.mark.parametrize(("cause", "expected"), [("work_accident", "open"), ("non_professional", "closed")])
def test_l_indemnite_d_inaptitude_suit_un_accident_du_travail(cause, expected):
    found = plan(on_leave=False, unfit="declared", unfit_date="2026-11-12", cause=cause)
    assert found.device("iti").status == expected
    assert found.source_of("iti").article == "C. trav. R4624-56"


def test_l_indemnite_d_inaptitude_dure_un_mois():
    facts = {"on_leave": False, "unfit": "declared", "cause": "work_accident"}
    assert plan(**facts, unfit_date="2026-10-22").device("iti").status == "open"
    assert plan(**facts, unfit_date="2026-10-21").device("iti").status == "closed"


def test_l_essai_encadre_est_ouvert_aux_exploitants_pas_aux_autres_independants():
    assert leave(50, status="exploitant_agricole").device("essai_encadre").status == "open"
    found = leave(50, status="independant").device("essai_encadre")
    assert (found.status, found.summary[:17]) == ("closed", "Le texte ne vise ")


def test_le_temps_partiel_therapeutique_n_exige_pas_d_arret_pour_un_salarie():
    assert plan(on_leave=False).device("tpt_prive").status == "open"


@pytest.mark.parametrize(
    ("status", "article"), [("independant", "CSS D622-10"), ("exploitant_agricole", "C. rural D732-2-4")]
)
def test_a_son_compte_le_temps_partiel_therapeutique_a_ses_propres_regles(status, article):
    """Après un arrêt complet, sauf longue maladie, que personne ne demande : au travail, la condition est dite."""
    for found, expected in (
        (plan(on_leave=False, status=status), "later"),
        (leave(20, status=status), "open"),
        (plan(therapeutic_part_time=True, status=status), "open"),
    ):
        assert found.device("tpt_prive").status == expected
        assert found.source_of("tpt_prive").article == article
    assert "90 jours" in leave(20, status=status).device("tpt_prive").summary


@pytest.mark.parametrize(("start", "expected", "opens"), [
    ("2026-05-22", "open", None), ("2026-05-23", "later", date(2026, 11, 23)),
])  # fmt: skip
def test_le_ptp_sans_anciennete_s_ouvre_a_six_mois_d_absence(start, expected, opens):
    found = plan(on_leave=True, leave_start=start).device("ptp")
    assert (found.status, found.opens_on) == (expected, opens)


def test_une_pension_d_invalidite_vaut_reconnaissance():
    found = plan(on_leave=False, disability_pension=True)
    assert found.step("cap_emploi").when == found.step("agefiph").when == "next"
    assert found.step("cpam_carsat").when == "now"
    assert "ct-l5212-13" in reasons(found, "cap_emploi")


@pytest.mark.parametrize(("age", "expected"), [(43, "later"), (44, "open"), (45, "open"), (46, "closed")])
def test_la_visite_de_mi_carriere_suit_l_annee_de_l_age(age, expected):
    found = plan(on_leave=False, age=age).device("visite_mi_carriere")
    assert found.status == expected
    assert "45" not in found.summary


@pytest.mark.parametrize(("age", "young"), [(14, False), (15, True), (20, True), (21, False)])
def test_de_quinze_a_vingt_ans_des_titres_valent_rqth(age, young):
    assert ("PPS" in plan(on_leave=False, age=age).device("boeth_equivalence").summary) is young


def test_avant_vingt_six_ans_la_mission_locale_est_citee():
    assert any("mission locale" in said.text for said in plan(on_leave=False, age=25).step("cep").why)
    assert not any("mission locale" in said.text for said in plan(on_leave=False, age=26).step("cep").why)
    assert "mission_locale" in plan(on_leave=False, age=25).step("cep").contact_types
    assert "mission_locale" not in plan(on_leave=False, age=26).step("cep").contact_types


@pytest.mark.parametrize(("size", "expected"), [(249, "closed"), (250, "open")])
def test_le_referent_handicap_est_obligatoire_a_deux_cent_cinquante(size, expected):
    assert (
        plan(EMPLOYER, on_leave=False, unfit="none", company_size=size)
        .device("referent_handicap_prive")
        .status
        == expected
    )


@pytest.mark.parametrize(("size", "words"), [(19, "seulement"), (20, "6 %")])
def test_l_obligation_d_emploi_commence_a_vingt(size, words):
    found = plan(EMPLOYER, on_leave=False, unfit="none", company_size=size)
    assert words in found.device("doeth").summary


def test_l_employeur_ne_peut_pas_demander_la_prereprise():
    found = leave(90, base=EMPLOYER)
    assert "Vous ne pouvez pas la demander" in found.device("visite_prereprise").details["who_asks"]
    assert any("secrète" in said.text for said in found.step("employer").why)


def test_l_employeur_agricole_ecrit_et_motive_sa_demande():
    found = plan(EMPLOYER, on_leave=False, unfit="none", status="salarie_agricole")
    assert "rural-r717-18" in reasons(found, "msa")


def test_l_employeur_signale_un_accident_court_au_medecin_du_travail():
    assert "ct-r4624-33" in reasons(leave(29, base=EMPLOYER, cause="work_accident"), "employer")
    assert "ct-r4624-33" not in reasons(leave(30, base=EMPLOYER, cause="work_accident"), "employer")


def test_sans_souci_de_sante_le_cep_vient_d_abord():
    found = plan(on_leave=False, **{"health_problem": False})
    assert found.first_step == "cep"
    assert found.missing == ()


@pytest.mark.parametrize(
    ("department", "fund"), [("974", "CGSS"), ("976", "CSSM"), ("93", "Cramif"), ("52", "Carsat")]
)
def test_le_service_social_porte_le_nom_de_sa_caisse(department, fund):
    assert fund in leave(40, department=department).step("cpam_carsat").title


@pytest.mark.parametrize(
    ("on", "told"), [(ON, "cette visite a lieu"), (date(2026, 6, 14), "les conseils pour votre poste")]
)
def test_le_droit_de_s_opposer_est_dit(on, told):
    assert any(told in said.text for said in leave(50, on=on, cause="unknown").step("pdp_cell").why)
    assert not any("opposez" in said.text for said in leave(20, on=on).step("pdp_cell").why)


def test_l_employeur_lit_des_titres_pour_lui():
    titles = [step.title for step in leave(90, base=EMPLOYER).steps]
    assert "Ce que vous pouvez et devez faire" in titles
    assert "Votre service de santé au travail et sa cellule PDP" in titles


def test_sans_souci_de_sante_on_ne_demande_pas_l_arret():
    """« J'ai 48 ans, je suis cadre au Havre, je veux changer de métier. »"""
    found = orient(
        Situation.from_json({"audience": "worker", "health_problem": False, "age": 48, "department": "76"}),
        ON,
    )
    assert found.first_step == "cep"
    assert found.missing == ("status",)


def test_sans_departement_le_service_social_garde_ses_trois_noms():
    facts = {name: value for name, value in WORKER.items() if name != "department"}
    found = orient(Situation.from_json({**facts, "on_leave": True, "leave_days": 40}), ON)
    assert "Carsat, Cramif ou CGSS" in found.step("cpam_carsat").title


def test_un_arret_seul_suffit_a_savoir_qu_il_y_a_un_souci_de_sante():
    assert "health_problem" not in orient(Situation.from_json({"leave_days": 40}), ON).missing


def test_un_salarie_sur_le_point_de_revenir_parle_a_son_employeur():
    assert leave(75, return_date="2026-12-22").step("employer").when == "now"
    assert leave(75, return_date="2026-12-23").step("employer").when == "next"


def test_chaque_dispositif_ouvert_ou_a_venir_est_dans_la_premiere_etape_qui_le_porte():
    found = leave(45, cause="non_professional")
    assert found.step("pdp_cell").devices[0] == "visite_prereprise"
    assert "essai_encadre" in found.step("cpam_carsat").devices
    assert "rdv_liaison" in found.step("employer").devices
    assert "crpe" in found.step("cpam_carsat").devices
    assert "crpe" not in found.step("employer").devices
    shown = [name for step in found.steps for name in step.devices]
    assert len(shown) == len(set(shown))


def test_un_dispositif_qui_depend_d_une_reponse_n_est_dans_aucune_etape():
    found = orient(Situation.from_json({"audience": "worker", "on_leave": True, "leave_days": 45}), ON)
    undecided = [d.id for d in found.devices if d.status == "later" and "dépend d'une réponse" in d.summary]
    assert undecided
    assert not {name for step in found.steps for name in step.devices} & set(undecided)


@pytest.mark.parametrize(("facts", "first"), [
    ({"on_leave": True, "leave_days": 90}, "employer"),
    ({"on_leave": True, "leave_days": 12}, "employer"),
    ({"on_leave": False, "unfit": "none"}, "pdp_cell"),
    ({"on_leave": False, "unfit": "declared", "unfit_date": "2026-11-20"}, "employer"),
])  # fmt: skip
def test_un_employeur_qui_ne_dit_pas_le_statut_a_une_premiere_etape_et_sait_ce_qui_est_suppose(facts, first):
    """Le parcours est celui d'un salarié du privé, et il le dit : les règles changent ailleurs (L7221-2)."""
    known = {
        "audience": "employer",
        "concern": "one_person",
        "department": "76",
        "sector": "general",
        **facts,
    }
    declined = frozenset({"status", "company_size", "boeth"})
    found = orient(Situation.from_json(known), ON, declined=declined)
    told = orient(Situation.from_json({**known, "status": "salarie_prive"}), ON, declined=declined)
    assert (found.first_step, found.steps[0].when) == (first, "now")
    assert [(step.id, step.when, step.say) for step in found.steps] == [
        (step.id, step.when, step.say) for step in told.steps
    ]
    assert "salarié du privé" in found.steps[0].why[-1].text
    assert reasons(found, first)[-1] == "ct-l7221-2"
    assert all("salarié du privé" not in said.text for said in told.steps[0].why)


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_qui_ne_sait_rien_dire_a_quand_meme_quelqu_un_a_appeler_maintenant(audience):
    declined = frozenset(FACTS) - {"audience", "danger"}
    found = orient(Situation.from_json({"audience": audience}), ON, declined=declined)
    assert found.steps[0].when == "now"
    assert any(step.contact_types for step in found.steps if step.when == "now")


@pytest.mark.parametrize("status", ["fonctionnaire", "contractuel_public"])
@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_le_centre_de_gestion_n_est_dit_qu_aux_agents_territoriaux(status, audience):
    """L'État et l'hôpital ont leur propre service (CGFP L812-3 ; C. trav. R4626-1 et suivants)."""
    found = leave(90, {**WORKER, "audience": audience, "concern": "one_person", "status": status}).step(
        "pdp_cell"
    )
    assert "centre de gestion" not in found.title
    said = [line.text for line in found.why if "centre de gestion" in line.text]
    assert len(said) == 1
    assert said[0].index("gents territoriaux") < said[0].index("centre de gestion")


def test_un_independant_en_temps_partiel_therapeutique_commence_par_sa_caisse():
    found = plan(status="independant", therapeutic_part_time=True)
    assert found.first_step == "cpam_carsat"
    assert found.step("cpam_carsat").contact_types[0] == "carsat"
    assert reasons(found, "cpam_carsat") == ["css-d622-10"]
    assert found.device("tpt_prive").status == "open"
    at_work = plan(status="independant", on_leave=False)
    assert "cpam_carsat" in [step.id for step in at_work.not_concerned]


def test_un_contrat_fini_pendant_l_arret_mene_d_abord_au_service_social():
    """Les indemnités courent : les droits d'abord, France Travail ensuite (CSS L262-1)."""
    found = leave(400, contract_ended=True)
    assert [(step.id, step.when) for step in found.steps[:2]] == [
        ("cpam_carsat", "now"),
        ("france_travail", "now"),
    ]
    assert reasons(found, "cpam_carsat")[0] == "css-l262-1"
    assert leave(400, contract_ended=True, status="salarie_agricole").first_step == "msa"
    assert plan(on_leave=False, contract_ended=True).first_step == "france_travail"


def test_un_particulier_employeur_n_est_pas_envoye_a_une_aide_d_entreprise():
    found = plan(EMPLOYER, status="particulier_employeur", on_leave=False, unfit="none")
    assert {step.id: step.why for step in found.not_concerned}["cpam_carsat"].startswith(
        "Ces aides sont pour les entreprises"
    )
    assert plan(EMPLOYER, on_leave=False, unfit="none").step("cpam_carsat").when == "if_needed"


@pytest.mark.parametrize("status", ["fonctionnaire", "contractuel_public"])
def test_un_agent_inapte_sait_a_qui_demander_son_medecin_du_travail(status):
    found = plan(status=status, on_leave=False, unfit="declared", unfit_date="2026-11-20")
    assert reasons(found, "pdp_cell") == ["cgfp-l821-1", "cgfp-l812-3"]
