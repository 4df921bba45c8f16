"""The refresh against a server that speaks the same API, faults included; what it writes is to be
reviewed."""

import csv
import dataclasses
import datetime as dt
import json

import aiohttp
import pytest
from sqlalchemy.orm import Session

from bot.directory import dila, edits, urssaf
from bot.directory.lookup import Directory
from bot.directory.opendata import OpenDataError, Pace, Reader
from bot.directory.refreshing import Refresh
from tests.directory.listed_records import record

FAST = Pace(page_size=2, pause=0, timeout=0.3, attempts=3, backoff=0.01, longest_wait=0.05)
TODAY = dt.date(2026, 11, 22)


def lines_of(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def source(explore, pivot="maison_handicapees"):
    return dila.source(pivot, explore.url)


@pytest.fixture
def five(explore):
    explore.records = [record("maison_handicapees", f"MDPH {n}", f"5200{n}") for n in range(5)]
    return explore


async def read(explore, tmp_path, pace=FAST, said=None):
    async with aiohttp.ClientSession() as session:
        reader = Reader(session, tmp_path / "pages", pace, (said if said is not None else []).append)
        return await reader.read(source(explore))


async def test_toutes_les_pages_sont_lues_poliment(five, tmp_path):
    said = []
    assert len(await read(five, tmp_path, said=said)) == 5
    assert [asked["offset"] for asked in five.asked] == ["0", "2", "4"]
    assert all(asked["order_by"] == "id" for asked in five.asked)
    assert all("relais" in agent for agent in five.agents)
    assert said[-1] == "dila-maison_handicapees : 5 / 5"


@pytest.mark.parametrize("fault", ["slow", "429", "500", "half", "not_json", "short"])
async def test_une_panne_passagere_est_rattrapee(five, tmp_path, fault):
    five.faults = ["", fault]
    assert len(await read(five, tmp_path)) == 5


@pytest.mark.parametrize("fault", ["slow", "429", "500", "half", "not_json", "short"])
async def test_une_panne_durable_est_dite_et_n_efface_rien(five, tmp_path, fault):
    five.faults = ["", *[fault] * 3]
    with pytest.raises(OpenDataError, match="après l'enregistrement 2"):
        await read(five, tmp_path)


async def test_une_lecture_interrompue_reprend_ou_elle_s_etait_arretee(five, tmp_path):
    five.faults = ["", "500", "500", "500"]
    with pytest.raises(OpenDataError):
        await read(five, tmp_path)
    five.asked.clear()
    assert len(await read(five, tmp_path)) == 5
    assert [asked["offset"] for asked in five.asked] == ["2", "4"]


async def test_une_page_gardee_trop_longtemps_est_redemandee(five, tmp_path):
    await read(five, tmp_path)
    five.asked.clear()
    await read(five, tmp_path, dataclasses.replace(FAST, kept_for=dt.timedelta(seconds=-1)))
    assert len(five.asked) == 3


async def test_une_adresse_fausse_n_est_pas_redemandee(five, tmp_path):
    five.faults = ["404"] * 3
    with pytest.raises(OpenDataError, match="HTTP 404"):
        await read(five, tmp_path)
    assert len(five.asked) == 1


async def test_une_reponse_vide_ne_change_rien(explore, tmp_path):
    with pytest.raises(OpenDataError, match="réponse vide"):
        await read(explore, tmp_path)


async def test_un_champ_disparu_arrete_la_lecture_en_le_nommant(five, tmp_path):
    for item in five.records:
        item["phone_number"] = item.pop("telephone")
    with pytest.raises(OpenDataError, match="champ absent : telephone"):
        await read(five, tmp_path)


def test_un_champ_d_une_autre_forme_est_refuse():
    broken = {**record("cdg", "CDG", "52121"), "telephone": "03 25"}
    with pytest.raises(OpenDataError, match="telephone"):
        dila.listed(broken, "cdg")


@pytest.mark.parametrize("encode", [json.dumps, lambda value: value])
def test_une_fiche_de_l_annuaire_devient_nos_champs(encode):
    listed = dila.listed(record("cap_emploi", "Cap emploi", "52121", encode=encode), "cap_emploi")
    assert listed is not None
    assert listed.facts == {
        "phone": "03 25 00 00 00",
        "website": "https://www.exemple.fr",
        "address": "1 rue du Test, 52000 Chaumont",
        "hours": "lundi au vendredi : 08:30 à 12:00",
        "contact": "https://www.exemple.fr/contact",
        "relay": "https://relais.exemple.fr/appel",
    }
    assert listed.date == dt.date(2026, 10, 15)
    assert listed.departments == {"52"}
    assert dila.listed(record("mairie", "Mairie de Capemploi", "52121"), "cap_emploi") is None


async def run(explore, directory, tmp_path, wanted, **more):
    refresh = Refresh(
        folder=tmp_path,
        odbl=tmp_path / "odbl",
        day=TODAY,
        dila_url=explore.url,
        pace=FAST,
        progress=lambda _: None,
        **more,
    )
    return await refresh.run(directory.entries(), wanted)


async def test_le_fichier_a_relire_montre_l_ancien_et_le_nouveau_et_ne_retire_rien(
    explore, directory, tmp_path
):
    explore.records = [
        record(
            "maison_handicapees",
            "Maison départementale des personnes handicapées de Haute-Marne (MDPH)",
            "52121",
        ),
        record("maison_handicapees", "Antenne de Saint-Dizier", "52448", phone="03 25 11 11 11"),
    ]
    outcome = await run(explore, directory, tmp_path, {"mdph"})
    lines = lines_of(outcome.diff)
    phone = next(line for line in lines if line["organism_id"] == "mdph-52" and line["field"] == "phone")
    assert (phone["action"], phone["value"], phone["source_date"]) == (
        "modifier",
        "03 25 00 00 00",
        "2026-10-15",
    )
    assert phone["current_value"]
    assert [line["name"] for line in lines if "autre site" in line["remark"]] == ["Antenne de Saint-Dizier"]
    absent = [line for line in lines if "absent de la source" in line["remark"]]
    assert len(absent) == 100, "les 100 autres MDPH sont à vérifier"
    assert {line["action"] for line in absent} == {"examiner"}


async def test_un_numero_de_la_retraite_est_a_examiner_jamais_a_appliquer(explore, directory, tmp_path):
    explore.records = [record("carsat", "Carsat Nord-Est", "54395", phone="3960", covers=["52121"])]
    outcome = await run(explore, directory, tmp_path, {"carsat"})
    phones = [line for line in lines_of(outcome.diff) if line["field"] == "phone"]
    assert [line["action"] for line in phones] == ["examiner"]


async def test_le_fichier_relu_s_importe_et_le_telephone_apparait(explore, directory, engine, tmp_path):
    explore.records = [record("maison_handicapees", "MDPH Haute-Marne", "52121")]
    outcome = await run(explore, directory, tmp_path, {"mdph"})
    with Session(engine) as session:
        wanted = edits.read_edits(outcome.diff)
        edits.apply(session, wanted, who="test", why="annuaire de l'administration relu")
        session.commit()
    contact = Directory.load(engine).contacts("52", types=["mdph"], on=TODAY)[0]
    assert contact.phone == "03 25 00 00 00"
    assert contact.checked_on == dt.date(2026, 10, 15)


async def test_un_service_de_sante_au_travail_n_est_reconnu_qu_a_son_nom(explore, directory, tmp_path):
    explore.records = [
        record("ssti", "Service de santé au travail du Bassigny", "52121", phone="03 25 22 22 22"),
        record("ssti", "PST14 - Prévention et santé au travail", "14118", phone="02 31 22 22 22"),
    ]
    outcome = await run(explore, directory, tmp_path, {"spsti"})
    phones = [
        (line["organism_id"], line["action"]) for line in lines_of(outcome.diff) if line["field"] == "phone"
    ]
    assert phones == [("spsti-pst14", "modifier")]
    unknown = [line for line in lines_of(outcome.diff) if "Bassigny" in line["name"]]
    assert [line["action"] for line in unknown] == ["examiner"]


async def test_la_cramif_est_parmi_les_carsat(explore, directory, tmp_path):
    name = "Caisse régionale d'assurance maladie d'Île-de-France (Cramif)"
    explore.records = [record("carsat", name, "75119", phone="01 40 05 32 64", covers=["75119"])]
    outcome = await run(explore, directory, tmp_path, {"carsat"})
    assert outcome.failures == []
    assert ("cramif", "phone") in {(line["organism_id"], line["field"]) for line in lines_of(outcome.diff)}


async def test_le_jour_ou_une_copie_fut_lue_ne_passe_pas_devant_une_date(explore, directory, tmp_path):
    gisma = next(entry for entry in directory.entries() if entry.id == "spsti-gisma")
    assert (gisma.fields["website"].date_of, gisma.fields["website"].date) == ("copy", dt.date(2026, 11, 22))
    explore.records = [record("ssti", "GISMA - Aube", "10387", date="02/03/2024 09:00:00")]
    outcome = await run(explore, directory, tmp_path, {"spsti"})
    site = next(line for line in lines_of(outcome.diff) if line["field"] == "website")
    assert (site["organism_id"], site["source_date"], site["current_date"]) == (
        "spsti-gisma",
        "2024-03-02",
        "",
    )


async def test_une_source_en_panne_n_empeche_pas_les_autres(explore, directory, tmp_path):
    explore.records = [record("cdg", "Centre de gestion de la Haute-Marne", "52121")]
    outcome = await run(explore, directory, tmp_path, {"cdg", "mdph"})
    assert outcome.diff is not None
    assert [failure.split(" ")[0] for failure in outcome.failures] == ["dila-maison_handicapees"]


SERVICES = [
    {
        "code_sst": "A1",
        "raison_sociale": "Santé au travail du Test",
        "code_postal": "52000",
        "commune": "CHAUMONT",
    },
    {
        "code_sst": "B2",
        "raison_sociale": "SIST BTP du Test",
        "code_postal": "14000",
        "telephone": "02 31 00 00 00",
    },
]


async def test_la_liste_urssaf_reste_a_part_avec_sa_licence(explore, directory, tmp_path):
    explore.records = SERVICES
    outcome = await run(explore, directory, tmp_path, {"urssaf"}, urssaf_url=explore.url)
    assert (outcome.new_services, outcome.failures) == (2, [])
    notice = (tmp_path / "odbl" / "NOTICE.md").read_text(encoding="utf-8")
    assert "ODbL" in notice
    assert TODAY.isoformat() in notice
    lines = lines_of(tmp_path / "odbl" / "organismes.csv")
    assert [(line["type"], line["departments"]) for line in lines] == [("spsti", "52"), ("spst_btp", "14")]


async def test_un_service_qui_quitte_la_liste_urssaf_est_garde(explore, directory, tmp_path):
    explore.records = SERVICES
    await run(explore, directory, tmp_path, {"urssaf"}, urssaf_url=explore.url)
    urssaf.write(tmp_path / "odbl", SERVICES[:1], TODAY, "https://exemple.fr")
    lines = lines_of(tmp_path / "odbl" / "organismes.csv")
    assert len(lines) == 2


async def test_une_liste_urssaf_d_une_autre_forme_est_refusee(explore, directory, tmp_path):
    explore.records = [{"siret": "1", "effectif": 3}]
    outcome = await run(explore, directory, tmp_path, {"urssaf"}, urssaf_url=explore.url)
    assert "colonne introuvable : code, name, postcode" in outcome.failures[0]
    assert not (tmp_path / "odbl").exists()
