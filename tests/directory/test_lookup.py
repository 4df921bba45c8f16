"""The directory answers, for anyone, with organisms that can be reached, and hides what is too old."""

import datetime as dt
import time

import pytest

from bot.directory.contact import Entry, Value, contact_of
from bot.directory.gazetteer import gazetteer
from bot.directory.lookup import Directory
from bot.directory.needs import OVERSEAS, SECTORS, STATUSES, needed_types

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("sector", SECTORS)
def test_chaque_departement_a_un_moyen_de_joindre_chaque_organisme_utile(directory, status, sector):
    holes = []
    for department in gazetteer().departments:
        for needed in needed_types(status, sector, department):
            contacts = directory.contacts(department, types=[needed], status=status, sector=sector)
            good = [c for c in contacts if c.usable and c.source_url.startswith(("https://", "http://"))]
            if not good or len(good) != len(contacts):
                holes.append((department, needed, contacts))
    assert holes == []


def test_la_couverture_tient_aussi_quand_tout_aura_vieilli(directory):
    later = dt.date(2036, 1, 1)
    for department in gazetteer().departments:
        for needed in needed_types("salarie_prive", "general"):
            assert directory.contacts(department, types=[needed], on=later), (department, needed)


def names(directory, department, *types, **person):
    return [contact.id for contact in directory.contacts(department, types=types, on=TODAY, **person)]


def test_en_haute_marne_le_service_de_sante_au_travail_passe_par_l_outil_regional(directory):
    asthm, finder = directory.contacts(
        "52", types=["spsti"], status="salarie_prive", sector="general", on=TODAY
    )
    assert asthm.id == "spsti-asthm"
    assert asthm.phone == ""
    assert "grand-est.dreets.gouv.fr" in asthm.url
    assert "demandez à votre employeur" in asthm.how.lower()
    assert finder.type == "spsti_annuaire"


def test_le_service_social_se_demande_au_36_46(directory):
    (carsat,) = directory.contacts("52", types=["carsat"], on=TODAY)
    assert carsat.phone == "3646"
    assert "« service social »" in carsat.how


def test_le_39_60_n_est_jamais_donne(directory):
    for department in gazetteer().departments:
        for contact in directory.contacts(
            department, types=["cpam", "carsat", "cramif", "cgss", "national"], on=TODAY
        ):
            assert "3960" not in contact.phone.replace(" ", "")


def test_un_ouvrier_du_batiment_a_le_service_du_btp_la_ou_il_est_connu(directory):
    assert names(directory, "57", "spsti", sector="btp")[0] == "spsti-sist-btp-lorraine"
    assert names(directory, "52", "spsti", sector="btp") == ["spsti-dreets-grand-est"]
    assert "spsti-sist-btp-lorraine" not in names(directory, "57", "spsti", sector="general")


def test_une_salariee_a_domicile_a_le_service_national(directory):
    (spstn,) = directory.contacts("52", types=["spsti"], status="particulier_employeur", on=TODAY)
    assert (spstn.id, spstn.phone) == ("national-spstn", "0 986 865 865")


@pytest.mark.parametrize("asked", ["cpam", "carsat", "spsti", "msa"])
def test_un_salarie_agricole_a_la_msa_pour_tout(directory, asked):
    assert names(directory, "52", asked, status="salarie_agricole") == ["msa-sud-champagne"]


def test_les_fiches_recentes_de_l_annuaire_officiel_donnent_un_contact_direct(directory):
    (office,) = directory.contacts("971", types=["cap_emploi"], on=TODAY)
    assert (office.phone, office.checked_on) == ("05 90 32 51 77", dt.date(2026, 3, 19))
    assert office.booking_url == "https://www.capemploi-971.com/contact.html"
    assert office.hours
    (fund,) = directory.contacts("972", types=["cpam"], on=TODAY)
    assert fund.phone == "3646"


@pytest.mark.parametrize("department", sorted(OVERSEAS))
@pytest.mark.parametrize("asked", ["cpam", "carsat", "msa"])
def test_outre_mer_la_caisse_generale_repond(directory, department, asked):
    (contact,) = directory.contacts(department, types=[asked], on=TODAY)
    assert contact.type == "cgss"
    assert contact.url


def test_a_mayotte_c_est_la_cssm(directory):
    assert names(directory, "976", "cpam") == ["cssm-mayotte"]


def test_en_ile_de_france_le_service_social_est_a_la_cramif(directory):
    assert names(directory, "93", "carsat") == ["cramif"]


def test_la_caisse_qui_porte_le_nom_de_la_ville_passe_devant(directory):
    assert names(directory, "76", "cpam", commune="Le Havre")[0] == "cpam-du-havre"


def test_le_lien_principal_est_celui_de_l_organisme_ou_de_sa_ligne(directory):
    (cpam,) = directory.contacts("52", types=["cpam"], on=TODAY)
    assert cpam.url == "https://www.ameli.fr"
    (cramif,) = directory.contacts("75", types=["cramif"], on=TODAY)
    assert (cramif.phone, cramif.url) == ("3646", "https://www.cramif.fr/")
    (mdph,) = directory.contacts("52", types=["mdph"], on=TODAY)
    assert mdph.booking_url == "https://mdphenligne.cnsa.fr/"
    assert ("Faire sa demande en ligne (MDPH en ligne)", mdph.booking_url) in mdph.links


@pytest.mark.parametrize("department", sorted(gazetteer().departments))
def test_un_employeur_n_est_pas_renvoye_a_son_employeur_ni_aux_lignes_des_assures(directory, department):
    types = ["carsat", "cramif", "cgss", "cpam", "spsti", "cap_emploi", "agefiph", "cep"]
    found = directory.contacts(department, types=types, audience="employer", on=TODAY)
    assert {"cap_emploi", "agefiph", "cep"} <= {contact.type for contact in found}
    for contact in found:
        assert contact.phone.replace(" ", "") != "3646", contact
        assert not any("Elioz" in title for title, _ in contact.links), contact
        assert "votre employeur" not in contact.how.lower(), contact
        assert "compte ameli" not in contact.how, contact
        assert contact.usable


@pytest.mark.parametrize("department", sorted(OVERSEAS))
def test_outre_mer_l_agriculture_a_le_service_de_sante_de_tous(directory, department):
    types = needed_types("salarie_agricole", "agricole", department)
    assert "spsti" in types
    found = directory.contacts(department, types=["spsti"], status="salarie_agricole", on=TODAY)
    assert {contact.type for contact in found} <= {"spsti", "spsti_annuaire"}
    assert "spsti" not in needed_types("salarie_agricole", "agricole", "52")


def test_un_employeur_a_les_pages_des_entreprises_de_l_assurance_maladie(directory):
    (cpam,) = directory.contacts("52", types=["cpam"], audience="employer", on=TODAY)
    assert (cpam.phone, cpam.booking_url, cpam.url) == ("", "", "https://www.ameli.fr/entreprise")
    (line,) = directory.lines(["cpam"], audience="employer", on=TODAY)
    assert line.id == "national-ameli-entreprise"
    assert [found.id for found in directory.lines(["cpam"], on=TODAY)] == ["national-ameli"]


def test_un_site_connu_rend_l_outil_de_recherche_inutile(directory):
    def addresses(department):
        return [url for _, url in directory.contacts(department, types=["cap_emploi"], on=TODAY)[0].links]

    assert addresses("24")[0] == "https://www.capemploi-24.com/"
    assert "https://www.cheops-ops.org/" not in addresses("24")
    assert addresses("52")[0] == "https://www.cheops-ops.org/"


def test_une_personne_sourde_a_un_lien_pour_appeler(directory):
    (carsat,) = directory.contacts("52", types=["carsat"], on=TODAY)
    assert any("langue des signes" in title for title, _ in carsat.links)


def test_un_service_d_un_autre_territoire_vient_apres_l_outil_de_recherche(directory):
    assert names(directory, "76", "spsti", commune="Rouen")[0] == "spsti-dreets-normandie"
    assert names(directory, "76", "spsti", commune="Fécamp")[0] == "spsti-istf-fecamp"


def test_chacun_lit_ce_qu_il_doit_faire(directory):
    def how(type_, **person):
        return directory.contacts("2B", types=[type_], on=TODAY, **person)[-1].how

    assert "employeur" not in how("spsti", status="independant")
    assert "employeur" in how("spsti", status="salarie_prive")
    assert "activité" in how("cap_emploi", status="exploitant_agricole")
    assert "cherchez un emploi" in how("cap_emploi", status="demandeur_emploi")


def test_un_jeune_trouve_sa_mission_locale(directory):
    (line,) = directory.contacts("52", types=["mission_locale"], on=TODAY)
    assert line.url == "https://www.unml.info/"
    assert line.links[0] == (
        "Trouver votre mission locale",
        "https://www.unml.info/les-missions-locales/annuaire/",
    )
    assert line.booking_url == ""


def test_un_demandeur_d_emploi_a_france_travail_pour_conseil(directory):
    assert names(directory, "52", "cep", status="demandeur_emploi") == ["national-france-travail"]


def test_le_service_qui_nomme_la_ville_passe_devant(directory):
    assert names(directory, "62", "spsti", commune="Lens")[0] == "spsti-action-sante-travail"
    assert names(directory, "14", "spsti", commune="Vire Normandie")[0] == "spsti-sist-ouest-normandie"
    assert names(directory, "14", "spsti", commune="Caen")[0] == "spsti-pst14"
    assert names(directory, "62", "spsti", postcode="62300")[0] == "spsti-action-sante-travail"


def test_les_urgences_d_abord_et_les_numeros_nationaux(directory):
    urgent = directory.contacts("52", types=["emergency"], on=TODAY)
    assert {contact.phone for contact in urgent} == {"15", "17", "18", "112", "114"}
    national = {contact.phone for contact in directory.contacts("52", types=["national"], on=TODAY)}
    assert {"15", "112", "114", "3114", "3919"} <= national


def test_un_organisme_n_est_donne_qu_une_fois(directory):
    found = names(directory, "974", "cpam", "carsat", "msa")
    assert found == ["cgss-la-reunion"]


@pytest.mark.parametrize(("department", "types"), [("99", ["cpam"]), ("", ["cpam"]), ("52", ["banque"])])
def test_un_departement_ou_un_type_inconnu_est_refuse(directory, department, types):
    with pytest.raises(ValueError, match="inconnu"):
        directory.contacts(department, types=types)


def test_le_json_d_un_contact_tient_le_contrat(directory):
    for contact in directory.contacts("14", types=needed_types("salarie_prive", "general"), on=TODAY):
        shape = contact.to_json()
        assert {"id", "type", "name", "source_url"} <= shape.keys()
        assert all(value not in ("", None, []) for value in shape.values())
        for link in shape.get("links", []):
            assert link["title"]
            assert link["url"].startswith("http")
        if "checked_on" in shape:
            assert dt.date.fromisoformat(str(shape["checked_on"])) <= TODAY


def entry(date: dt.date | None, **more: str) -> Entry:
    fields = {"name": Value("MDPH"), "phone": Value("03 25 01 19 51", "", "https://a.fr", date)}
    fields |= {name: Value(value, "", "https://a.fr", date) for name, value in more.items()}
    return Entry("mdph-52", "mdph", fields, ("52",))


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (dt.date(2026, 11, 22), True),
        (dt.date(2024, 11, 23), True),
        (dt.date(2024, 11, 22), False),
        (dt.date(2017, 2, 21), False),
        (None, False),
    ],
)
def test_un_telephone_de_plus_de_24_mois_laisse_place_a_l_annuaire_officiel(date, shown):
    listed = {"name": Value("MDPH"), "directory": Value("https://annuaire.fr", "", "https://a.fr", TODAY)}
    line = Entry("national-mdph", "mdph", listed, ("FR",))
    contact = contact_of(entry(date, email="a@b.fr", address="1 rue"), line, TODAY)
    assert bool(contact.phone) is shown
    assert bool(contact.email) is shown
    assert bool(contact.address) is shown
    assert ("https://annuaire.fr" in [url for _, url in contact.links]) is not shown
    assert bool(contact.note) is not shown


def test_un_numero_court_national_ne_vieillit_pas(directory):
    later = dt.date(2036, 1, 1)
    assert directory.contacts("52", types=["cpam"], on=later)[0].phone == "3646"
    assert directory.contacts("52", types=["agefiph"], on=later)[0].phone == ""


def test_sans_departement_les_lignes_nationales_repondent(directory):
    found = directory.lines(["carsat", "cap_emploi", "spsti", "agefiph", "national"], on=TODAY)
    phones = {contact.type: contact.phone for contact in found if contact.type != "national"}
    assert phones["carsat"] == "3646"
    assert phones["agefiph"] == "0 800 11 10 09"
    assert any(contact.type == "spsti_annuaire" for contact in found)
    assert {"15", "3114"} <= {contact.phone for contact in found}
    with pytest.raises(ValueError, match="inconnu"):
        directory.lines(["banque"])


def test_un_lien_reste_et_porte_ce_qu_il_fait():
    old = dt.date(2015, 1, 1)
    contact = contact_of(entry(old, visit="https://a.fr/visite"), None, TODAY)
    assert ("Demander une visite", "https://a.fr/visite") in contact.links
    assert contact.booking_url == "https://a.fr/visite"
    assert (contact.checked_on, contact.source_url) == (old, "https://a.fr")


@pytest.mark.parametrize(
    "value", [Value("https://a.fr", "", "https://b.fr"), Value("https://a.fr", "", "", TODAY)]
)
def test_un_lien_sans_date_ou_sans_source_n_est_pas_montre(value):
    contact = contact_of(Entry("x", "mdph", {"name": Value("X"), "website": value}, ("52",)), None, TODAY)
    assert (contact.links, contact.url, contact.usable) == ((), "", False)


def test_un_outil_de_recherche_n_est_pas_un_rendez_vous(directory):
    for contact in directory.contacts("76", types=["spsti", "mdph"], commune="Rouen", on=TODAY):
        finders = [fact.value for fact in contact.facts if fact.field == "finder"]
        assert contact.booking_url not in finders or contact.booking_url == ""


def test_une_recherche_prend_moins_d_une_milliseconde(directory):
    types = needed_types("salarie_prive", "general")
    durations = []
    for _ in range(3):
        for department in gazetteer().departments:
            start = time.process_time()
            directory.contacts(department, types=types[2:3], status="salarie_prive", sector="general")
            durations.append(time.process_time() - start)
    durations.sort()
    assert durations[int(len(durations) * 0.95)] < 0.001


def test_toutes_les_personnes_ont_une_liste_d_organismes():
    assert all(needed_types(status, sector)[-1] == "national" for status in STATUSES for sector in SECTORS)
    with pytest.raises(ValueError, match="inconnu"):
        needed_types("retraite", "general")


def test_les_modifications_d_un_autre_processus_sont_vues(engine):
    directory = Directory.load(engine)
    assert directory.reload_if_changed() is False
    from sqlalchemy.orm import Session

    from bot.directory import edits

    with Session(engine) as session:
        edits.apply(session, [edits.Edit("mdph-52", "name", "MDPH 52")], who="a", why="b")
        session.commit()
    assert directory.reload_if_changed() is True
    assert directory.contacts("52", types=["mdph"])[0].name == "MDPH 52"
