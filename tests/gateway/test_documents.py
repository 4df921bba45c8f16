"""Documents to take away: the PDF that everyone can read, the calendar that tells nothing."""

import io
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from sqlalchemy import select

from bot.conversation.following import Progress
from bot.conversation.models import Conversation
from bot.gateway.pages.document import document, pdf
from bot.gateway.pages.rendering import plan_view, render
from bot.orientation import Situation
from bot.path import plan_for
from bot.version import rules_version
from tests.gateway.conftest import TODAY, Person, StartGateway
from tests.gateway.fake_rasa import PLAN
from tests.gateway.test_pages import Page

DISCREET = {"Relais : une démarche à faire", "Relais : un rendez-vous"}
HEALTH = re.compile(
    r"arr[êe]t|sant[ée]|maladie|médec|reprise|inapt|essai|social|carsat|cpam|pdp|handicap|travail|visite",
    re.IGNORECASE,
)


async def planned(person: Person, consent: str = "yes") -> Person:
    await person.begin(consent=consent)
    await person.say(choice="salarie_prive")
    await person.say(choice="yes")
    return person


async def read_pdf(person: Person, query: str = "") -> PdfReader:
    response = await person.client.get(f"/plan.pdf{query}")
    assert response.status == 200
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="relais-2026-11-22.pdf"'
    return PdfReader(io.BytesIO(await response.read()), strict=True)


def structure(reader: PdfReader) -> list[str]:
    """The tags of the document, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


async def test_le_pdf_est_balise_en_francais_et_porte_son_titre(person: Person):
    reader = await read_pdf(await planned(person))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata is not None
    assert reader.metadata.title == "Mon parcours"
    described = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(=\"|>)1", described)
    assert reader.outline


async def test_le_pdf_a_des_titres_sans_niveau_saute(person: Person):
    tags = structure(await read_pdf(await planned(person)))
    levels = [int(tag[2:]) for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"/L", "/LI", "/Link", "/BlockQuote"} <= set(tags)
    assert tags.count("/LI") >= 5


async def test_le_pdf_se_lit_dans_l_ordre(person: Person):
    text = words(await read_pdf(await planned(person)))
    order = (
        "Mon parcours",
        "Établi le 22 novembre 2026",
        "La première chose à faire",
        "Appeler le service social",
        "1er décembre 2026 : Demander l'essai encadré",
        "Service social <test>",
        "36 46",
        "Les étapes suivantes",
        "Ensuite : Écrire au service de prévention",
        "Ce qui est possible maintenant",
        "Sources",
        "Code de la sécurité sociale, L323-3-1",
        "en vigueur depuis le 31 mars 2022, relu le 22 novembre 2026",
        f"règles {rules_version()}",
    )
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "javascript" not in text


async def test_la_version_des_regles_est_gardee_avec_le_parcours_et_montree(person: Person):
    await planned(person)
    page = await (await person.client.get("/plan")).text()
    assert f"règles {rules_version()}" in page
    query = select(Conversation.rules_version, Conversation.model_version)
    kept = await person.gateway.store.read(lambda connection: connection.execute(query).all())
    assert kept == [(rules_version(), "abc123")]


async def test_les_liens_du_pdf_marchent_et_se_nomment(person: Person):
    reader = await read_pdf(await planned(person))
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    assert all("/StructParent" in link and link.get("/Contents") for link in links)
    addresses = {link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]}
    assert "tel:3646" in addresses
    assert PLAN["sources"]["css-l323-3-1"]["url"] in addresses
    assert all(address.startswith(("https://", "tel:")) for address in addresses)


async def test_les_polices_du_pdf_sont_dedans(person: Person):
    reader = await read_pdf(await planned(person))
    fonts = {
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()["/FontName"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("+Libertinus" in name for name in fonts), "a subset of a font that the compiler carries"


async def test_ce_qui_est_ecrit_n_est_jamais_du_code():
    plan = PLAN | {
        "steps": [PLAN["steps"][1] | {"title": '#panic("x") *a* $b$ @c <d> \\ // e "f"', "say": "#sys"}]
    }
    shown = document(plan, progress={}, for_employer=False, today=TODAY)
    text = words(PdfReader(io.BytesIO(await pdf(shown))))
    assert '#panic("x") *a* $b$ @c <d> \\ // e "f"' in text
    assert "#sys" in text


async def test_le_pdf_dit_le_suivi_et_rien_de_l_employeur_a_l_employeur():
    progress = {"cpam_carsat": Progress(True, date(2026, 12, 3))}
    for employer in (False, True):
        shown = document(PLAN, progress=progress, for_employer=employer, today=TODAY)
        assert shown["first"]["progress"] == "C'est fait. Rendez-vous le 3 décembre 2026."
        assert (shown["first"]["employer"] is None) is employer


async def test_un_parcours_tres_pauvre_fait_quand_meme_un_pdf():
    plan = {"as_of": "2026-11-22", "first_step": None, "steps": [], "devices": [], "sources": {}}
    shown = document(plan, progress={}, for_employer=False, today=TODAY)
    assert "Mon parcours" in words(PdfReader(io.BytesIO(await pdf(shown))))


async def read_calendar(person: Person) -> Calendar:
    response = await person.client.get("/plan.ics")
    assert response.status == 200
    assert response.content_type == "text/calendar"
    assert response.charset == "utf-8"
    found = Calendar.from_ical(await response.read())
    assert isinstance(found, Calendar)
    return found


async def test_l_agenda_a_une_journee_par_echeance_et_des_rappels(person: Person):
    calendar = await read_calendar(await planned(person))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 1)
    assert event.decoded("dtend") == date(2026, 12, 2)
    assert str(event["summary"]) == "Relais : une démarche à faire"
    assert str(event["url"]) == f"{person.gateway.settings.public_url}/plan"
    triggers = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert triggers == [timedelta(days=-7, hours=9), timedelta(days=-1, hours=9)]
    assert calendar["version"] == "2.0"
    assert calendar["method"] == "PUBLISH"


async def test_l_agenda_ne_dit_rien_de_la_sante(person: Person):
    await planned(person)
    await person.client.patch(
        "/api/conversation/steps/pdp_cell", json={"appointment": "2026-12-10"}, headers=person.headers
    )
    raw = await (await person.client.get("/plan.ics")).text()
    unfolded = raw.replace("\r\n ", "")
    assert not HEALTH.search(unfolded)
    assert person.id not in unfolded
    calendar = await read_calendar(person)
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == DISCREET


async def test_les_identifiants_de_l_agenda_restent_les_memes(start: StartGateway):
    person = await planned(await start())
    again = await start(today=TODAY + timedelta(days=0))
    again.token = person.token
    uids = []
    for who in (person, again):
        response = await who.client.get("/plan.ics", cookies={"relais": person.token})
        events = Calendar.from_ical(await response.read()).walk("VEVENT")
        uids.append([str(event["uid"]) for event in events])
    assert uids[0] == uids[1]
    other = await planned(await start())
    events = (await read_calendar(other)).walk("VEVENT")
    assert {str(event["uid"]) for event in events}.isdisjoint(uids[0])


async def test_sans_date_a_venir_il_n_y_a_pas_d_agenda(start: StartGateway):
    person = await planned(await start(today=date(2026, 12, 2)), consent="no")
    response = await person.client.get("/plan.ics")
    assert response.status == 404
    assert (await response.json())["error"]["code"] == "no_dates"
    assert "/plan.ics" not in await (await person.client.get("/plan")).text()


SITUATIONS: dict[str, dict[str, Any]] = {
    "rien de connu": {},
    "en arrêt": {
        "audience": "worker",
        "status": "salarie_prive",
        "department": "52",
        "commune": "Saint-Dizier",
        "on_leave": True,
        "leave_days": 20,
        "return_date": "2027-01-15",
    },
    "inapte": {
        "audience": "worker",
        "status": "salarie_prive",
        "unfit": "declared",
        "unfit_date": "2026-11-18",
    },
    "agriculture": {"audience": "worker", "status": "salarie_agricole", "on_leave": True, "leave_days": 90},
    "fonction publique": {"audience": "worker", "status": "fonctionnaire", "department": "974"},
    "employeur": {
        "audience": "employer",
        "on_leave": True,
        "leave_days": 60,
        "company_size": 8,
        "department": "2A",
    },
    "danger": {"audience": "worker", "danger": True},
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
async def test_les_vrais_parcours_font_un_document_et_une_page(situation: dict[str, Any]):
    plan = plan_for(Situation.from_json(situation), TODAY)
    shown = document(plan, progress={}, for_employer=False, today=TODAY)
    text = words(PdfReader(io.BytesIO(await pdf(shown)))).replace(" ", "")
    for step in plan["steps"]:
        assert step["title"].replace(" ", "") in text
        for contact in step["contacts"]:
            assert contact["name"].replace(" ", "") in text
    page = Page(
        render(
            "plan.html", title="Mon parcours", plan=plan_view(plan), progress={}, nothing=Progress(), query=""
        )
    )
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    for device in plan["devices"]:
        if device["status"] != "closed":
            assert device["name"] in page.text
            assert device["summary"] in page.text


async def test_les_documents_sont_comptes(start: StartGateway):
    person = await planned(await start(documents_per_minute=1))
    assert (await person.client.get("/plan.pdf")).status == 200
    assert (await person.client.get("/plan.pdf")).status == 429


@pytest.mark.parametrize("path", ["/plan.pdf", "/plan.ics"])
async def test_sans_conversation_ou_sans_parcours_rien_ne_s_emporte(person: Person, path: str):
    assert (await person.client.get(path)).status == 401
    await person.begin(consent="yes")
    assert (await person.client.get(path)).status == 404


async def test_le_lien_signe_montre_le_parcours_sans_permettre_de_le_changer(person: Person):
    await planned(person)
    response = await person.client.post("/api/conversation/link", headers=person.headers)
    assert response.status == 201
    body = await response.json()
    path = body["url"].removeprefix(person.gateway.settings.public_url)
    person.client.session.cookie_jar.clear()
    shown = await person.client.get(path)
    page = await shown.text()
    assert shown.status == 200
    assert "La première chose à faire" in page
    assert re.findall(r'<form[^>]* action="([^"]*)"', page) == ["/quitter"]
    assert "relais" not in shown.cookies
    query = path.removeprefix("/plan")
    assert f"/plan.pdf{query}" in page
    assert "Appeler le service social" in words(await read_pdf(person, query))
    assert (await person.client.get("/plan")).status == 401


@pytest.mark.parametrize("key", ["x", "x" * 5000, "token"])
async def test_un_lien_forge_n_ouvre_rien(person: Person, key: str):
    await planned(person)
    forged = person.token if key == "token" else key
    assert (await person.client.get(f"/plan?cle={forged}")).status == 401


async def test_un_lien_signe_s_arrete_avec_la_conversation(person: Person):
    await planned(person)
    body = await (await person.client.post("/api/conversation/link", headers=person.headers)).json()
    await person.client.delete("/api/conversation", headers=person.headers)
    path = body["url"].removeprefix(person.gateway.settings.public_url)
    assert (await person.client.get(path)).status == 401


async def test_le_pdf_et_l_agenda_existent_aussi_quand_rien_n_est_garde(person: Person):
    await planned(person, consent="no")
    assert "Mon parcours" in words(await read_pdf(person))
    assert len((await read_calendar(person)).walk("VEVENT")) == 1
