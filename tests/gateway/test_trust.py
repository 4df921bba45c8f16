"""Pages for trust: true to the settings and to the data, readable by all."""

import re
from itertools import pairwise

import pytest

from bot.gateway.operator import Operator
from bot.gateway.pages.trust import territories, trust_words
from bot.orientation.law import SOURCES
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.test_pages import Browser, Page

PAGES = ("/donnees", "/accessibilite", "/sources", "/qui-sommes-nous", "/reprendre")
TO_FILL = "à compléter par l'organisme"


@pytest.mark.parametrize("path", PAGES)
async def test_chaque_page_a_un_titre_une_langue_et_des_titres_en_ordre(person: Person, path: str):
    response = await person.client.get(path)
    raw = await response.text()
    assert response.status == 200
    Page(raw)
    assert '<html lang="fr">' in raw
    assert len(re.findall(r"<h1[ >]", raw)) == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", raw)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    title = re.search(r"<title>(.+?)</title>", raw)
    assert title is not None
    assert "Relais" in title[1]
    assert raw.count("<main") == raw.count("<header") == raw.count("<footer") == 1


async def test_les_pages_se_trouvent_depuis_toutes_les_autres(person: Person):
    browser = Browser(person)
    for path in ("/", "/conversation", *PAGES):
        assert set(PAGES[:-1]) <= set((await browser.get(path)).links)


async def test_ce_que_l_organisme_n_a_pas_dit_se_voit(person: Person):
    for path in ("/donnees", "/accessibilite", "/qui-sommes-nous"):
        assert TO_FILL in (await Browser(person).get(path)).text


async def test_ce_que_l_organisme_a_dit_se_lit(start: StartGateway, monkeypatch: pytest.MonkeyPatch):
    names = ("NAME", "ADDRESS", "PHONE", "EMAIL", "PUBLISHER", "HOST")
    for name in names:
        monkeypatch.setenv(f"RELAIS_OPERATOR_{name}", f"Valeur <{name}>")
    monkeypatch.setenv("RELAIS_DPO_EMAIL", "dpo@exemple.fr")
    browser = Browser(await start(operator=Operator.from_environment()))
    about = await browser.get("/qui-sommes-nous")
    for name in names:
        assert f"Valeur <{name}>" in about.text
    privacy = await browser.get("/donnees")
    assert "mailto:dpo@exemple.fr" in privacy.links
    for page in (about, privacy, await browser.get("/accessibilite")):
        assert TO_FILL not in page.text


async def test_les_durees_sont_celles_des_reglages(start: StartGateway):
    person = await start(memory_ttl=3 * 3600)
    privacy = await Browser(person).get("/donnees")
    assert f"{person.gateway.settings.retention_days} jours après votre dernier message" in privacy.text
    assert "3 heures au plus" in privacy.text
    assert "courriel, si vous demandez un envoi" not in privacy.text


async def test_chacun_emporte_une_copie_de_ses_donnees(person: Person):
    browser = Browser(person)
    assert (await person.client.get("/donnees/copie")).status == 401
    assert "/donnees/copie" not in (await browser.get("/donnees")).links
    await browser.send(await browser.start(), "/conversation", text="je suis maçon à Caen")
    assert "/donnees/copie" in (await browser.get("/donnees")).links
    response = await person.client.get("/donnees/copie")
    assert response.headers["Content-Disposition"] == 'attachment; filename="relais-2026-11-22.json"'
    copy = await response.json()
    assert "je suis maçon à Caen" in [message["text"] for message in copy["messages"]]


async def test_chaque_source_est_listee_avec_son_dernier_controle(person: Person):
    page = await Browser(person).get("/sources")
    assert set(SOURCES) <= set(page.ids)
    assert f"ces {len(SOURCES)} textes" in page.text
    for source in SOURCES.values():
        assert source.url in page.links
        assert source.title.split(", article")[0] in page.text


async def test_chaque_territoire_est_nomme(person: Person):
    page = await Browser(person).get("/qui-sommes-nous")
    assert territories()
    for territory in territories():
        assert territory.name in page.text
        for department in territory.departments:
            assert department in page.text
        assert all(text in page.text for text, _ in territory.said)


async def test_les_pages_declarees_existent(person: Person):
    for page in trust_words()["accessibility"]["pages"]:
        response = await person.client.get(page["path"], headers={"Accept": "text/html"})
        assert response.status in (200, 401), page["path"]
