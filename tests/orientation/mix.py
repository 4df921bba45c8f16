"""Un mélange réaliste de personnes : tous les faits vrais de chacune, et son poids dans la population.

Poids relatifs, choisis d'après qui écrit à un tel service : surtout des salariés du privé, en arrêt long ou au
travail avec des difficultés. Un fait absent est un fait que la personne ne sait pas dire.
"""

WORKER = {
    "audience": "worker", "department": "52", "commune": "Saint-Dizier", "sector": "general", "health_problem": True,
    "on_leave": False, "unfit": "none", "boeth": "no", "cause": "non_professional", "contract": "cdi",
    "contract_ended": False, "repeated_leaves": False, "therapeutic_part_time": False, "disability_pension": False,
    "medical_recommendations": False, "same_job_possible": "unsure", "status": "salarie_prive", "age": 47,
    "company_size": 40, "danger": False,
}  # fmt: skip
LEAVE = {**WORKER, "on_leave": True}
AT_WORK = {
    "audience": "employer", "department": "76", "sector": "general", "concern": "one_person", "status": "salarie_prive",
    "on_leave": False, "unfit": "none", "health_problem": True, "company_size": 8,
}  # fmt: skip
EMPLOYER = {**AT_WORK, "on_leave": True, "leave_days": 90}

WORKERS = {
    "P01 au travail, des difficultés": (12, WORKER),
    "P01 au travail, RQTH": (4, {**WORKER, "boeth": "yes"}),
    "P02 arrêt court": (6, {**LEAVE, "leave_days": 12}),
    "P03 arrêt de 45 jours": (8, {**LEAVE, "leave_days": 45}),
    "P04 arrêt de 4 mois": (14, {**LEAVE, "leave_days": 120, "unfit": "feared"}),
    "P04 arrêt de 10 mois": (8, {**LEAVE, "leave_days": 300}),
    "P05 arrêts répétés": (4, {**WORKER, "repeated_leaves": True}),
    "P06 retour dans dix jours": (5, {**LEAVE, "leave_days": 75, "return_date": "2026-12-02"}),
    "P07 temps partiel thérapeutique": (4, {**WORKER, "therapeutic_part_time": True}),
    "P08 inaptitude redoutée": (5, {**WORKER, "unfit": "feared"}),
    "P09 inaptitude prononcée": (4, {**WORKER, "unfit": "declared", "unfit_date": "2026-11-12"}),
    "P10 accident du travail": (5, {**LEAVE, "leave_days": 40, "cause": "work_accident"}),
    "P11 invalidité": (3, {**WORKER, "disability_pension": True, "boeth": "yes"}),
    "P20 CDD": (3, {**LEAVE, "leave_days": 50, "contract": "cdd"}),
    "P21 intérim": (3, {**LEAVE, "status": "interimaire", "contract": "interim", "leave_days": 70}),
    "P22 apprenti": (1, {**WORKER, "status": "apprenti", "contract": "apprentissage", "age": 18}),
    "P23 salarié agricole": (
        3,
        {**LEAVE, "status": "salarie_agricole", "sector": "agricole", "leave_days": 80},
    ),
    "P23 exploitant": (2, {**LEAVE, "status": "exploitant_agricole", "sector": "agricole", "leave_days": 80}),
    "P24 BTP": (6, {**LEAVE, "sector": "btp", "leave_days": 120, "unfit": "feared"}),
    "P25 assistante maternelle": (2, {**LEAVE, "status": "particulier_employeur", "leave_days": 40}),
    "P26 fonctionnaire": (7, {**LEAVE, "status": "fonctionnaire", "leave_days": 100}),
    "P26 contractuelle, au travail": (3, {**WORKER, "status": "contractuel_public"}),
    "P27 indépendant": (4, {**LEAVE, "status": "independant", "leave_days": 60}),
    "P28 sans emploi": (4, {**WORKER, "status": "demandeur_emploi", "contract_ended": True}),
    "CEP sans souci de santé": (6, {**WORKER, "health_problem": False}),
}
"""Par profil : poids, faits."""

EMPLOYERS = {
    "E01 arrêt de 3 mois": (10, EMPLOYER),
    "E01 arrêt court": (4, {**EMPLOYER, "leave_days": 15}),
    "E01 agricole": (2, {**EMPLOYER, "status": "salarie_agricole"}),
    "E02 adapter un poste": (6, AT_WORK),
    "E03 avis d'inaptitude": (
        4,
        {**AT_WORK, "unfit": "declared", "unfit_date": "2026-11-12"},
    ),
    "E05 organiser la prévention": (3, {**EMPLOYER, "concern": "prevention_policy", "company_size": 60}),
    "E06 employeur public": (3, {**EMPLOYER, "status": "fonctionnaire"}),
    "particulier employeur": (2, {**EMPLOYER, "status": "particulier_employeur", "company_size": 1}),
}
