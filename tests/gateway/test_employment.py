"""« Êtes-vous toujours en emploi ? »: asked later, never required, only of someone who agreed, taken back at will."""

from datetime import timedelta

import pytest

from bot.conversation.following import EMPLOYMENT
from bot.conversation.state import now
from bot.gateway.pages.rendering import page_words
from tests.gateway.conftest import StartGateway
from tests.gateway.test_documents import planned
from tests.gateway.test_pages import Browser

QUESTION = "Êtes-vous toujours en emploi ?"


async def returning(start: StartGateway, days: int = 8, consent: str = "yes") -> Browser:
    """Someone who reads their plan some days after it was given."""
    return Browser(await planned(await start(today=(now() + timedelta(days=days)).date()), consent))


async def test_la_question_ne_se_pose_pas_le_jour_du_plan(start: StartGateway):
    browser = await returning(start, days=0)
    assert QUESTION not in (await browser.get("/plan")).text
    later = await returning(start)
    assert QUESTION in (await later.get("/plan")).text


async def test_sans_accord_la_question_ne_se_pose_pas_et_rien_n_est_garde(start: StartGateway):
    browser = await returning(start, consent="no")
    page = await browser.get("/plan")
    assert QUESTION not in page.text
    assert "/plan/emploi" not in [form["action"] for form in page.forms]


async def test_une_reponse_est_gardee_et_se_retire(start: StartGateway):
    browser = await returning(start)
    conversation = await browser.client.get("/plan")
    assert "checked" in (await conversation.text()).partition("emploi-rien")[2][:120], (
        "« ne pas répondre » d'abord"
    )
    page = await browser.send(await browser.get("/plan"), "/plan/emploi", employment="same_employer")
    assert browser.status == 200
    html = await (await browser.client.get("/plan")).text()
    assert 'value="same_employer" checked' in html
    page = await browser.send(page, "/plan/emploi", employment="")
    assert 'value="same_employer" checked' not in await (await browser.client.get("/plan")).text()


@pytest.mark.parametrize("answer", ["licencié", "<b>", "same_job "])
async def test_une_reponse_inconnue_est_refusee(start: StartGateway, answer: str):
    browser = await returning(start)
    await browser.send(await browser.get("/plan"), "/plan/emploi", employment=answer)
    assert browser.status == 400


async def test_le_formulaire_d_une_autre_page_est_refuse(start: StartGateway):
    browser = await returning(start)
    await browser.post("/plan/emploi", employment="same_job", form="faux")
    assert browser.status in (400, 403, 409)


def test_chaque_reponse_a_ses_mots_pour_les_deux_publics():
    for audience in ("worker", "employer"):
        assert set(page_words()["employment"][audience]["answers"]) == {*EMPLOYMENT, ""}
