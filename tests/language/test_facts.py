"""Reading facts: positions, certainty, dates, spelling, and what must never happen."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.facts import extract
from bot.language.facts.durations import durations
from bot.language.facts.lexicon import DATA, load, rules
from bot.language.facts.reading import read
from bot.language.facts.spelling import LOOKALIKES, corrected

TODAY = date(2026, 11, 22)

CONTRACT = {
    "audience": {"worker", "employer"},
    "status": {
        "salarie_prive", "interimaire", "apprenti", "particulier_employeur", "salarie_agricole", "exploitant_agricole",
        "fonctionnaire", "contractuel_public", "independant", "demandeur_emploi",
    },
    "sector": {"general", "btp", "agricole"},
    "cause": {"non_professional", "work_accident", "occupational_disease", "unknown"},
    "unfit": {"none", "feared", "declared"},
    "same_job_possible": {"yes", "no", "unsure"},
    "boeth": {"yes", "pending", "no", "unknown"},
    "contract": {"cdi", "cdd", "interim", "apprentissage", "other"},
    "concern": {"one_person", "prevention_policy"},
}  # fmt: skip


QUESTIONS = [
    *CONTRACT, *load("answers")["booleans"], "leave_days", "leave_start", "return_date", "unfit_date", "age",
    "company_size", "department", "commune", "consent",
]  # fmt: skip


def values(text, **context):
    return {fact.name: fact.value for fact in extract(text, today=TODAY, **context)}


def fact(text, name, **context):
    return next(fact for fact in extract(text, today=TODAY, **context) if fact.name == name)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Bonjour, je suis en arrêt depuis 4 mois", "leave_days", "depuis 4 mois"),
        ("JSUI EN ARET DEPUI 4 MOI", "on_leave", "EN ARET"),
        ("Âgé de 61 ans, œuvrant à l’usine", "age", "Âgé de 61 ans"),
        (
            "je reprends quatre-vingt-dix jours après… dans trois semaines",
            "return_date",
            "dans trois semaines",
        ),
        ("🤕 accident du travail ☹️", "cause", "accident du travail"),
    ],
)
def test_chaque_fait_garde_les_mots_du_message(text, name, words):
    found = fact(text, name)
    assert found.words == words
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    ("text", "name", "deduced"),
    [
        ("je suis maçon", "status", True),
        ("je suis salarié du privé", "status", False),
        ("je suis maçon", "sector", True),
        ("je travaille dans le BTP", "sector", False),
        ("je suis en arrêt maladie", "cause", True),
        ("je suis en accident du travail", "cause", False),
        ("je suis en arrêt", "health_problem", True),
        ("j'ai mal au dos", "health_problem", False),
        ("mon salarié est en arrêt", "audience", False),
        ("mon salarié est en arrêt", "concern", True),
    ],
)
def test_ce_qui_est_suppose_est_distingue_de_ce_qui_est_dit(text, name, deduced):
    assert fact(text, name).deduced is deduced


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("en arrêt depuis le 3 mars", False),
        ("en arrêt depuis 4 mois", False),
        ("en arrêt depuis début juillet", True),
        ("en arrêt depuis environ 4 mois", True),
    ],
)
def test_une_periode_vague_est_marquee_comme_approximative(text, approximate):
    assert fact(text, "leave_days").approximate is approximate


@pytest.mark.parametrize(
    ("today", "text", "days"),
    [
        (date(2026, 11, 22), "depuis 4 mois", 123),
        (date(2026, 3, 31), "depuis 1 mois", 31),  # 28 February: there is no 31st
        (date(2024, 2, 29), "depuis un an", 366),  # 28 February 2023
        (date(2026, 3, 1), "depuis le 29 février 2024", 731),
        (date(2026, 1, 2), "depuis le 30 décembre", 3),
        (date(2026, 1, 2), "depuis décembre", 32),
        (date(2026, 11, 22), "plus de 30 jours", 31),
        (date(2026, 11, 22), "moins de 30 jours", 29),
    ],
)
def test_la_duree_se_compte_en_jours_de_calendrier(today, text, days):
    assert {f.name: f.value for f in extract(text, today=today, asked="leave_days")}["leave_days"] == days


@pytest.mark.parametrize(
    "text", ["depuis le 31 février", "depuis le 45/13/2026", "depuis le 30/02", "depuis 99999 ans"]
)
def test_une_date_impossible_ne_donne_rien(text):
    assert values(text, asked="leave_days") == {}


def test_un_arret_a_venir_n_a_pas_commence():
    assert "leave_days" not in values("je serai en arrêt à partir du 3 décembre 2026")


def test_la_fin_de_l_arret_est_suivie_de_la_reprise():
    assert values("mon arrêt se termine le 30 novembre")["return_date"] == "2026-12-01"
    assert values("je reprends le 30 novembre")["return_date"] == "2026-11-30"


def test_les_faits_d_un_employeur_decrivent_le_salarie():
    found = values("je suis artisan, mon ouvrier, maçon de 50 ans, est en arrêt depuis 2 mois")
    assert found["audience"] == "employer"
    assert found["age"] == 50
    assert found["leave_days"] == 61
    assert found["status"] == "salarie_prive"


def test_le_public_deja_connu_eclaire_un_message_sans_sujet():
    assert "audience" not in values("il est en arrêt", audience="employer")
    assert values("il est en arrêt", audience="employer")["on_leave"] is True


def test_un_message_contredit_le_public_connu():
    assert values("en fait je suis employeur", audience="worker")["audience"] == "employer"


@pytest.mark.parametrize("asked", ["consent", "confirm", "feedback", "nothing_known", None])
@pytest.mark.parametrize("text", ["oui", "non", "je ne sais pas", "3", "merci"])
def test_oui_et_non_ne_disent_rien_hors_d_une_question_sur_un_fait(text, asked):
    assert values(text, asked=asked) == {}


@pytest.mark.parametrize("name", sorted(load("answers")["booleans"]))
@pytest.mark.parametrize(
    ("text", "value"),
    [("oui", True), ("Non.", False), ("ouais", True), ("nan", False), ("pas encore", False), ("yes", True)],
)
def test_oui_et_non_repondent_a_toute_question_fermee(name, text, value):
    assert values(text, asked=name) == {name: value}


@pytest.mark.parametrize("name", sorted(load("answers")["choices"]))
def test_chaque_valeur_a_choix_peut_etre_repondue_en_mots(name):
    table = load("answers")["choices"][name]
    assert set(table) == CONTRACT[name]
    for value, words in table.items():
        for answer in words[:4]:
            assert values(answer, asked=name).get(name) == value, answer


def test_toute_valeur_supposee_par_un_mot_est_une_valeur_du_contrat():
    data = load("employment")
    assert set(data["said"]) <= CONTRACT["status"]
    assert set(data["sectors"]) <= CONTRACT["sector"]
    for group in data["occupations"] + data["places"]:
        assert group["sector"] in CONTRACT["sector"]
        assert group.get("status", "salarie_prive") in CONTRACT["status"]


@pytest.mark.parametrize("topic", sorted(path.stem for path in (DATA / "rules").glob("*.yml")))
def test_chaque_regle_est_une_expression_valable(topic):
    assert all(rule.startswith("(?:") for rule in rules(topic).values())


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("jsui", "je suis"), ("masson", "macon"), ("kariste", "cariste"), ("aksidan", "accident"), ("depuit", "depuis"),
        ("boulangé", "boulanger"), ("larret", "le arret"), ("dinaptitude", "de inaptitude"), ("arrêtée", "arretee"),
        ("RQTH", "rqth"), ("qu", "que"),
    ],
)  # fmt: skip
def test_une_ecriture_phonetique_est_ramenee_au_mot(written, plain):
    assert corrected(written) == plain


@pytest.mark.parametrize("word", ["arrivée", "bonheur", "poison", "contact", "repris", "tester", "garçon"])
def test_un_mot_francais_voisin_n_est_pas_corrige(word):
    assert corrected(word) in (word, word.replace("é", "e").replace("ç", "c"))


def test_la_liste_des_voisins_ne_contient_aucun_mot_du_vocabulaire():
    vocabulary = {w for words in load("spelling")["vocabulary"].values() for w in words.split()}
    assert not vocabulary & LOOKALIKES


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("J'ai quatre-vingt-dix jours d'arrêt", "je ai 90 jours de arret"),
        ("S'il vous plaît, 3 moi", "si il vous plait , 3 mois"),
        ("C.D.I. / R.Q.T.H.", "cdi / rqth"),
        ("le 3 sept, puis cent vingt et un jours", "le 3 septembre , puis 121 jours"),
        ("4mois 75j 6sem", "4 mois 75 jours 6 semaine"),
        ("1 200 salariés… 52100", "1200 salaries . 52100"),
        ("", ""),
    ],
)
def test_la_forme_simple_d_un_message(text, plain):
    assert read(text).plain == plain


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("un an et demi", 549), ("2 mois et demi", 76), ("une demi année", 184), ("une quinzaine de jours", 15),
        ("trois semaines et demie", 24), ("2 ans et 3 mois", 822), ("un trimestre", 92),
    ],
)  # fmt: skip
def test_les_durees_composees(text, days):
    found = next(durations(read(text).plain))
    assert (TODAY - found.before(TODAY)).days == days


@given(
    st.text(max_size=300),
    st.sampled_from([None, *QUESTIONS]),
)
@settings(max_examples=150, deadline=None)
def test_aucun_texte_ne_fait_echouer_la_lecture(text, asked):
    for found in extract(text, today=TODAY, asked=asked):
        assert text[found.start : found.end] == found.words
        assert found.value in CONTRACT.get(found.name, {found.value})


_WORDS = st.sampled_from(
    [
        "je", "suis", "en", "arrêt", "depuis", "4", "mois", "pas", "plus", "maçon", "mon", "salarié", "est", "inapte",
        "le", "31/12", "30", "février", "?", ".", ",", "si", "ne", "2A", "quatre", "vingt", "et", "un", "demi",
        "jusqu'au", "au", "RQTH", "moi", "m'a", "arrêtée", "reprends", "dans", "99999999999", "99/99/9999", "ans",
        "sept", "lundi", "fin", "oui", "non", "à", "dizaine", "cinquantaine", "département",
    ]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=25).map(" ".join), st.sampled_from([None, *QUESTIONS]))
@settings(max_examples=200, deadline=None)
def test_aucune_suite_de_nos_mots_ne_fait_echouer_la_lecture(text, asked):
    names = [found.name for found in extract(text, today=TODAY, asked=asked)]
    assert len(names) == len(set(names))


def test_un_tres_long_message_se_lit_en_un_temps_borne():
    found = extract("je suis en arrêt depuis 4 mois. " * 5000, today=TODAY)
    assert {f.name for f in found} >= {"on_leave", "leave_days"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ouvrier agricole dans l'orne", "worker"),
        ("Bonjour, maçon en arrêt depuis 4 mois", "worker"),
        ("infirmière à l'hôpital public de Reims, en congé maladie", "worker"),
        ("cadre de 48 ans au Havre", "worker"),
        ("mon maçon est en arrêt", "employer"),
        ("salarié en arrêt depuis 3 mois, que dois-je faire en tant qu'employeur", "employer"),
        ("un maçon en arrêt chez moi", None),
        ("apprenti malade", None),
        ("infirmière du travail peut-elle m'aider", None),
        ("titulaire", None),
    ],
)
def test_un_metier_sans_article_en_tete_parle_de_soi(text: str, expected: str | None):
    assert values(text).get("audience") == expected


def test_un_employeur_qui_parle_d_un_employe_a_une_demande_pour_une_personne():
    said = values("j'ai 8 salariés à Rouen et une employée absente depuis 3 mois")
    assert (said["concern"], said["company_size"], said["leave_days"]) == ("one_person", 8, 92)
    policy = values("nous avons 60 salariés, comment prévenir les arrêts")
    assert policy["concern"] == "prevention_policy"
