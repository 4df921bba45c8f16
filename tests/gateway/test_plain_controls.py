"""Les pages sans JavaScript donnent à chaque question son contrôle natif, son rang, et toujours une sortie."""

from collections.abc import AsyncIterator

import pytest

from bot.gateway.pages.answers import spoken
from bot.widget.bundle import words
from tests.browser.dialogue import FullRasa
from tests.gateway.conftest import Person, break_rasa
from tests.gateway.test_pages import Browser, Page


@pytest.fixture
async def rasa() -> AsyncIterator[FullRasa]:
    fake = FullRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


@pytest.fixture
def browser(person: Person) -> Browser:
    return Browser(person)


async def fill(browser: Browser, page: Page, value: str) -> Page:
    """Le contrôle natif de la question, rempli et envoyé."""
    form = next(form for form in page.forms if "asks" in form["hidden"])
    return await browser.post("/conversation", **form["hidden"], value=value)


async def test_lieu_date_et_nombre_ont_leur_controle_et_sont_compris(browser: Browser, rasa: FullRasa):
    page = await browser.start()
    assert "Question 1 sur 4 environ" in page.text
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    assert "Question 2 sur 4 environ" in page.text
    raw = await (await browser.client.get("/conversation")).text()
    assert '<option value="Haute-Marne (52)">' in raw
    page = await fill(browser, page, "Haute-Marne (52)")
    page = await fill(browser, page, "2027-03-01")
    assert "le 1er mars 2027" in page.text
    page = await fill(browser, page, "40")
    assert rasa.texts[-3:] == ["Haute-Marne (52)", "le 1er mars 2027", "40 personnes"]
    assert "Voici ce que j'ai compris" in page.text
    assert "environ" not in page.text.partition("Votre réponse")[2]


async def test_les_aides_et_les_corrections_sont_a_part_des_reponses(browser: Browser):
    page = await browser.start()
    groups = [list(form["choices"]) for form in page.forms if form["choices"]]
    assert groups == [["salarie_prive", "fonctionnaire"], ["dont_know", "go_back", "why_question"]]
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    for value in ("Caen", "2027-03-01", "40"):
        page = await fill(browser, page, value)
    groups = [list(form["choices"]) for form in page.forms if form["choices"]]
    assert groups == [["yes"], ["status", "department", "return_date", "company_size"]]


@pytest.mark.parametrize(
    ("asks", "value", "said"),
    [
        ("leave_days", "2026-07-25", "depuis le 25 juillet 2026"),
        ("leave_days", "25/07/2026", "25/07/2026"),
        ("age", "47", "47 ans"),
        ("age", "quarante", "quarante"),
        ("inconnu", "bonjour", "bonjour"),
        ("company_size", "", ""),
    ],
)
def test_ce_qui_est_envoye_est_une_phrase(asks: str, value: str, said: str):
    assert spoken(asks, value) == said


async def test_quitter_vite_efface_et_mene_ailleurs_depuis_chaque_page(browser: Browser, rasa: FullRasa):
    for path in ("/conversation", "/plan", "/garder", "/donnees", "/inconnu"):
        assert (await browser.get(path)).form("/quitter")
    await browser.start()
    response = await browser.client.post("/quitter", data={})
    assert response.status == 200
    assert response.headers["Refresh"] == f"0; url={words()['exit']}"
    assert "Relais" not in await response.text()
    assert rasa.trackers == {}
    assert "Commencer" in (await browser.get()).text


async def test_quitter_vite_mene_ailleurs_meme_quand_rien_ne_repond(
    browser: Browser, person: Person, rasa: FullRasa
):
    await browser.start()
    break_rasa(person, rasa, "silent")
    response = await browser.client.post("/quitter", data={})
    assert "Refresh" in response.headers


async def test_un_autre_site_n_efface_rien_par_quitter_vite(browser: Browser, rasa: FullRasa):
    await browser.start()
    for headers in ({"Origin": "https://ailleurs.example"}, {"Sec-Fetch-Site": "cross-site"}):
        await browser.client.post("/quitter", data={}, headers=headers)
    assert len(rasa.trackers) == 1


async def test_les_lieux_se_proposent_a_qui_les_tape(person: Person):
    answer = await person.client.post("/api/places", json={"text": "saint-diz"})
    assert (await answer.json())["places"][0] == "Saint-Dizier (52, Haute-Marne)"
    for body in ({}, {"text": 52}, {"text": None}):
        assert (await person.client.post("/api/places", json=body)).status == 400


async def test_la_question_dit_son_rang_par_l_api_et_le_garde_quand_elle_est_reposee(person: Person):
    await person.begin(consent="yes")
    asked = (await person.conversation())["question"]
    assert asked["progress"] == {"asked": 1, "about": 4}
    again = (await person.say(text="/"))[-1]
    assert again["progress"] == {"asked": 1, "about": 4}


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_recommencer_et_effacer_sont_a_portee_de_chaque_page(
    browser: Browser, rasa: FullRasa, consent: str
):
    page = await browser.start(consent)
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    for value in ("Caen", "2027-03-01", "40"):
        page = await fill(browser, page, value)
    await browser.send(page, "/conversation", choice="yes")
    for path in ("/conversation", "/plan", "/garder"):
        page = await browser.get(path)
        assert page.form("/conversation/restart")
        assert page.form("/conversation/erase")
    page = await browser.send(await browser.get("/plan"), "/conversation/erase")
    assert "Votre conversation est effacée" in page.text
    assert rasa.trackers == {}
