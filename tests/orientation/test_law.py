"""La loi par date, ses sources, sa veille, sa page."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.orientation import FACTS, Situation, orient, territories, wording
from bot.orientation.document import page
from bot.orientation.explain import explain
from bot.orientation.facts import load_yaml
from bot.orientation.law import PARAMETERS, SOURCES, add_months, epoch, law_on
from bot.orientation.law_watch import CODES, read_code, stale, watch
from bot.orientation.profiles import OVERSEAS
from bot.orientation.steps import ORDER

ON = date(2026, 11, 22)
AT_WORK = {
    "audience": "worker", "department": "51", "status": "salarie_prive", "sector": "general", "health_problem": True,
    "on_leave": False, "unfit": "none", "boeth": "no",
}  # fmt: skip


@pytest.mark.parametrize(("on", "days"), [
    (date(2022, 3, 30), 90), (date(2022, 3, 31), 30), (ON, 30), (date(2005, 1, 1), 90),
])  # fmt: skip
def test_une_valeur_est_celle_de_son_jour(on, days):
    assert law_on(on).number("prereprise_leave_days") == days


@pytest.mark.parametrize(("start", "months", "end"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 11, 22), 1, date(2026, 12, 22)),
    (date(2026, 12, 31), 2, date(2027, 2, 28)), (date(2026, 3, 31), -1, date(2026, 2, 28)),
    (date(2027, 5, 22), -6, date(2026, 11, 22)),
])  # fmt: skip
def test_un_mois_plus_tard(start, months, end):
    assert add_months(start, months) == end


def test_deux_jours_de_meme_loi_partagent_leurs_diagrammes():
    assert epoch(date(2026, 11, 22)) == epoch(date(2026, 11, 23))
    assert epoch(date(2026, 6, 14)) != epoch(date(2026, 6, 15))


def test_chaque_parametre_a_son_texte_et_sa_date():
    for parameter in PARAMETERS.values():
        assert parameter.url.startswith("http")
        assert parameter.description.endswith(".")
        assert parameter.comparison in (None, ">", ">=", "<", "<=", "==")
        assert parameter.last_checked <= date(2026, 11, 26)


def test_une_source_verifiee_il_y_a_plus_d_un_an_le_dit():
    late = ON + timedelta(days=366)
    source = SOURCES["ct-r4624-29"]
    assert not source.is_stale(ON)
    assert not source.is_stale(ON + timedelta(days=365))
    assert "warning" not in source.to_json(ON)
    assert source.to_json(late)["warning"] == "à vérifier"
    assert {line.finding for line in stale(late)} == {"stale"}
    assert not list(stale(ON))
    assert not list(stale(ON + timedelta(days=365)))


def test_un_texte_a_relire_le_dit_toujours():
    assert SOURCES["rural-r717-17"].to_json(ON)["warning"] == "à vérifier"


def test_la_page_des_regles_est_a_jour():
    """Sinon : python -m bot.orientation.document > docs/regles.md"""
    written = Path(__file__).resolve().parents[2] / "docs" / "regles.md"
    assert written.read_text(encoding="utf-8") == page()


def article(number, versions):
    current = versions[-1]
    return {
        "type": "article",
        "data": {
            "num": number, "id": current["id"], "etat": current["etat"], "dateDebut": current["dateDebut"],
            "dateFin": current["dateFin"], "articleVersions": versions,
        },
    }  # fmt: skip


def version(name, since, until="2999-01-01", etat="VIGUEUR"):
    return {"id": name, "etat": etat, "dateDebut": since, "dateFin": until}


@pytest.fixture
def package(tmp_path):
    """Un faux paquet legi-data : chaque article cité, à la version citée, sauf quatre."""
    codes = {prefix: [] for prefix in CODES}
    for name, entry in load_yaml("articles.yml").items():
        prefix = name.split("-")[0]
        if prefix not in codes:
            continue
        number = entry["article"].split(" ", 2 if entry["article"].startswith("C.") else 1)[-1]
        known = [version(entry["version"], "2020-01-01")]
        if name == "ct-r4624-29":
            known = [
                version(entry["version"], "2020-01-01", "2026-01-01", "MODIFIE"),
                version("LEGIARTI1", "2026-01-01"),
            ]
        elif name == "ct-r4624-42":
            known = [
                version(entry["version"], "2020-01-01", "2026-12-01"),
                version("LEGIARTI2", "2026-12-01"),
            ]
        elif name == "ct-r4624-45":
            continue
        elif name == "ct-r4624-31":
            known = [version("LEGIARTI000045676892", "2020-01-01")]
        codes[prefix].append(article(number, known))
    for prefix, articles in codes.items():
        tree = {
            "type": "code",
            "data": {"dateModif": "2026-03-27"},
            "children": [{"type": "section", "children": articles}],
        }
        (tmp_path / CODES[prefix]).write_text(json.dumps(tree), encoding="utf-8")
    return tmp_path


def test_la_veille_dit_ce_qui_a_change(package):
    found = {line.source: line for line in watch(package, ON)}
    assert found["ct-r4624-29"].finding == "changed"
    assert "LEGIARTI1" in found["ct-r4624-29"].detail
    assert found["ct-r4624-42"].finding == "scheduled"
    assert found["ct-r4624-45"].finding == "gone"
    assert found["cgfp-l131-9"].finding == "not_covered"
    assert found["ct-l4624-1"].finding == "current"
    assert len(found) == len(load_yaml("articles.yml"))


@pytest.mark.parametrize(
    ("on", "moment"), [(date(2026, 11, 30), "à venir"), (date(2026, 12, 1), "déjà en vigueur")]
)
def test_une_version_programmee_dit_si_elle_est_deja_la(package, on, moment):
    found = {line.source: line for line in watch(package, on)}
    assert found["ct-r4624-42"].finding == "scheduled"
    assert moment in found["ct-r4624-42"].detail


def test_la_veille_refuse_un_dossier_qui_n_est_pas_le_paquet(tmp_path):
    with pytest.raises(OSError, match="LEGITEXT"):
        list(watch(tmp_path, ON))


def test_un_article_abroge_n_est_plus_en_vigueur(tmp_path):
    tree = {"type": "code", "data": {"dateModif": "2026-03-27"},
            "children": [article("L1", [version("LEGIARTI3", "2020-01-01", etat="ABROGE")])]}  # fmt: skip
    path = tmp_path / "code.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    assert read_code(path).articles == {}


def test_les_dates_du_paquet_sont_en_millisecondes(tmp_path):
    midnight = 1_774_569_600_000  # 2026-03-27 in UTC, as the package writes it
    tree = {"type": "code", "data": {"dateModif": "2026-03-27"},
            "children": [article("L1", [version("LEGIARTI3", midnight)])]}  # fmt: skip
    path = tmp_path / "code.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    [[found]] = read_code(path).articles.values()
    assert found.since == date(2026, 3, 27)


def test_une_valeur_se_lit_en_francais():
    assert [FACTS["on_leave"].value_label(value) for value in (True, False)] == ["Oui", "Non"]
    assert FACTS["leave_start"].value_label(date(2026, 7, 5)) == "05/07/2026"
    assert FACTS["status"].value_label("salarie_prive") == FACTS["status"].values["salarie_prive"]


def test_expliquer_nomme_les_faits_qui_ont_decide():
    situation = Situation.from_json({
        "audience": "worker", "status": "salarie_prive", "on_leave": True, "leave_days": 120, "unfit": "none",
        "boeth": "no", "sector": "btp", "department": "52",
    })  # fmt: skip
    lines = {line.line: line for line in explain(situation, ON)}
    assert lines["device:visite_prereprise"].answer == "open"
    assert {"on_leave", "status", "unfit", "leave_days"} <= set(lines["device:visite_prereprise"].facts)
    assert not {"boeth", "department"} & set(lines["device:visite_prereprise"].facts)
    assert "sector" in lines["step:pdp_cell"].facts
    assert "boeth" not in lines["step:pdp_cell"].facts
    assert "R4624-29" in lines["device:visite_prereprise"].rule
    assert lines["step:france_travail"].answer == "absent"
    assert lines["step:employer"].answer == "next"


def test_un_territoire_ajoute_ses_mots_sans_toucher_aux_regles():
    here = orient(Situation.from_json({"audience": "worker", "department": "52"}), ON)
    there = orient(Situation.from_json({"audience": "worker", "department": "51"}), ON)
    assert any("15 septembre 2023" in said.text and "confirmer" in said.text for said in here.step("cep").why)
    assert not any("Haute-Marne" in said.text for step in there.steps for said in step.why)
    assert [(s.id, s.when) for s in here.steps] == [(s.id, s.when) for s in there.steps]


def test_la_convention_de_normandie_est_dite_a_confirmer():
    for department in ("14", "27", "50", "61", "76"):
        plan = orient(
            Situation.from_json({"audience": "worker", "department": department, "leave_days": 40}), ON
        )
        assert any(
            "Presanse" in said.text and "confirmer" in said.text for said in plan.step("cpam_carsat").why
        )


def test_un_territoire_peut_changer_titre_contacts_moment_et_phrases(monkeypatch):
    """Un fichier de territoire, sans toucher au code."""
    here = {
        "departments": ["01"],
        "steps": {
            "cep": {
                "title": "Autre titre",
                "contacts": ["apec"],
                "contacts_only": ["france_travail"],
                "when": "now",
                "why": [
                    {"text": "Pour tous.", "source": "cep-ministere"},
                    {"text": "Pour les agents.", "source": "cep-ministere", "statuses": ["fonctionnaire"]},
                    {"text": "Pour les employeurs.", "source": "cep-ministere", "audiences": ["employer"]},
                ],
            }
        },
        "words": {"cep": {"say": {"change": "Une autre phrase."}}},
    }
    found = orient(Situation.from_json(AT_WORK), ON).step("cep")
    monkeypatch.setattr(wording, "territories", lambda department: (here,) if department == "01" else ())
    wording.step_words.cache_clear()
    territories.additions.cache_clear()
    try:
        step = orient(Situation.from_json({**AT_WORK, "department": "01"}), ON).step("cep")
    finally:
        wording.step_words.cache_clear()
        territories.additions.cache_clear()
    assert (step.title, step.when, step.say) == ("Autre titre", "now", "Une autre phrase.")
    assert step.contact_types == ("apec", "france_travail")
    assert [said.text for said in step.why] == [*(said.text for said in found.why), "Pour tous."]


@pytest.mark.parametrize("department", sorted(OVERSEAS))
def test_outre_mer_un_salarie_agricole_suit_le_regime_general(department):
    """C. rural L717-1, IV, et L781-43 : ni caisse ni médecin du travail de la MSA."""
    facts = {**AT_WORK, "status": "salarie_agricole", "department": department}
    plan = orient(Situation.from_json(facts), ON)
    assert plan.first_step == "pdp_cell"
    assert plan.step("pdp_cell").contact_types == ("spsti", "spsti_annuaire")
    assert "rural-l717-1" in [said.source for said in plan.step("pdp_cell").why]
    assert "msa" not in [step.id for step in plan.steps]
    assert plan.device("msa_cpme").status == "closed"
    away = orient(Situation.from_json({**facts, "on_leave": True, "leave_days": 40}), ON)
    assert away.first_step == "cpam_carsat"
    assert {deadline.source for step in away.steps for deadline in step.deadlines} == {"ct-r4624-31"}


@pytest.mark.parametrize(("department", "fund"), [("971", "CGSS"), ("974", "CGSS"), ("976", "CSSM")])
def test_outre_mer_un_exploitant_n_est_pas_envoye_a_une_msa_qui_n_existe_pas(department, fund):
    facts = {**AT_WORK, "status": "exploitant_agricole", "department": department}
    for leave in ({}, {"on_leave": True, "leave_days": 80}):
        plan = orient(Situation.from_json({**facts, **leave}), ON)
        assert fund in plan.step("msa").title
        assert not any("médecin du travail de la MSA" in said.text for said in plan.step("msa").why)
        assert plan.source_of("msa_cpme").article == "C. rural L781-2"


def said():
    """Chaque phrase montrée avec son texte : raisons des étapes et des dispositifs, échéances."""
    for step in ORDER:
        yield from ((words["text"], words["source"]) for words in wording.step_words(step)["why"].values())
    for words in wording.device_words().values():
        for text in words["reasons"].values():
            yield (text, words["source"]) if isinstance(text, str) else (text["text"], text["source"])
    yield from ((line["label"], line["source"]) for line in load_yaml("deadlines.yml").values())


def test_un_texte_a_relire_n_est_jamais_montre_avec_un_chiffre():
    """Les dates d'un changement ou d'une convention sont dites, jamais un seuil, une durée ou un montant."""
    to_read_again = [
        text
        for text, source in said()
        if SOURCES[source].status == "to_recheck"
        and re.search(r"\d", re.sub(r"\b(\d{1,2}(er)? )?\w+ 20\d\d\b|20\d\d", "", text))
    ]
    assert to_read_again == []
