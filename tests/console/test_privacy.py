"""What people ask about their data: a copy of everything, and an erasure after which a word is nowhere on disk."""

from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.console.models import Access
from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewNote, ReviewTag, ReviewWord
from bot.conversation.callbacks import PURPOSE, Details
from bot.conversation.codes import ResumeCodes
from bot.conversation.handoff_models import CallBack
from bot.conversation.hanging import hanging
from bot.conversation.secrecy import Secrecy
from bot.conversation.state import rasa_sender
from bot.database import Base
from tests.console.conftest import Browser, Site
from tests.console.samples import MARK, conversation
from tests.gateway.fake_rasa import Tracker

ID = "marquee000000000"
DATA = f"/console/donnees/{ID}"
DETAILS = Details(f"Nom {MARK}", "06 12 34 56 78", "", "le matin")


async def full(site: Site) -> Browser:
    """A conversation where the marker word is everywhere that words can be; the adviser who read it."""
    await conversation(site, ID, "52")
    await Index(site.store).refresh(ID)
    hidden = Secrecy.of(site.settings, PURPOSE).hide(asdict(DETAILS))

    def writing(connection: Any) -> None:
        review = connection.execute(select(Review.id).where(Review.conversation_id == ID)).scalar_one()
        note = {"review_id": review, "author": 1, "text": f"note {MARK}", "created_at": site.clock()}
        connection.execute(insert(ReviewNote), note)
        connection.execute(insert(ReviewTag), {"review_id": review, "tag": MARK})
        call = {"conversation_id": ID, "department": "52", "details": hidden, "created_at": site.clock()}
        connection.execute(insert(CallBack), call)
        assert MARK in connection.execute(select(ReviewWord.word)).scalars().all()

    await site.store.write(writing)
    browser = await site.sign_in("manager", ["52"])
    assert (await browser.get(f"/console/conversations/{ID}")).status == 200
    assert f"note {MARK}" in browser.text
    return browser


def files_with(site: Site, word: str) -> list[str]:
    return [
        file.name
        for file in site.settings.var.rglob("*")
        if file.is_file() and word.encode() in file.read_bytes()
    ]


async def logged(site: Site) -> list[tuple[str, str]]:
    query = select(Access.what, Access.why).where(Access.conversation_id == ID).order_by(Access.id)
    rows = await site.store.read(lambda connection: connection.execute(query).all())
    return [(row.what, row.why) for row in rows]


async def test_une_fois_efface_le_mot_n_est_nulle_part_sur_le_disque(site: Site) -> None:
    browser = await full(site)
    site.rasa.trackers[rasa_sender(ID)] = Tracker()
    assert files_with(site, MARK)
    form = {"motif": "erasure", "sur": "oui"}
    await browser.follow(await browser.post(f"{DATA}/effacer", form))
    assert "est effacée" in browser.text
    assert files_with(site, MARK) == []
    assert site.rasa.trackers == {}

    def reading(connection: Any) -> list[str]:
        return [
            str(column)
            for column in hanging()
            if connection.execute(select(column).where(column == ID)).first() is not None
        ]

    assert await site.store.read(reading) == []
    assert (await logged(site))[-1] == ("data.erased", "La personne demande l'effacement (RGPD, article 17)")
    assert (await browser.get(f"/console/conversations/{ID}")).status == 404


async def test_rien_n_est_efface_sans_motif_ni_confirmation(site: Site) -> None:
    browser = await full(site)
    for form in ({}, {"motif": "erasure"}, {"sur": "oui"}, {"motif": "parce que", "sur": "oui"}):
        assert (await browser.post(f"{DATA}/effacer", form)).status == 400
    assert files_with(site, MARK)


async def test_la_copie_contient_tout_ce_qui_est_garde(site: Site) -> None:
    browser = await full(site)
    response = await browser.post(f"{DATA}/copie", {"motif": "access"})
    assert response.status == 200
    assert "attachment" in response.headers["Content-Disposition"]
    given = (await response.json())["donnees"]
    assert MARK in given["turn"][1]["text"]
    assert given["conversation"][0]["situation"]["health_problem"] is True
    assert given["review_note"][0]["text"] == f"note {MARK}"
    assert given["review_tag"][0]["tag"] == MARK
    assert given["call_back"][0]["details"] == asdict(DETAILS)
    assert (await logged(site))[-1] == ("data.copied", "La personne demande une copie (RGPD, article 15)")


async def test_la_copie_ne_montre_que_sa_propre_conversation(site: Site) -> None:
    browser = await full(site)
    await conversation(site, "autre00000000000", "52")
    await browser.post(f"{DATA}/copie", {"motif": "access"})
    assert "autre00000000000" not in browser.text


async def test_la_copie_n_ouvre_rien(site: Site) -> None:
    browser = await full(site)
    codes = ResumeCodes(site.store, site.settings.secret, retention_days=30)
    await codes.issue(ID)
    response = await browser.post(f"{DATA}/copie", {"motif": "access"})
    assert list((await response.json())["donnees"]["resume_code"][0]) == ["conversation_id", "expires_at"]


async def test_la_conversation_se_retrouve_par_le_code_de_la_personne(site: Site) -> None:
    browser = await full(site)
    codes = ResumeCodes(site.store, site.settings.secret, retention_days=30)
    code = (await codes.issue(ID)).code
    for typed in (code, code.lower().replace("-", " "), ID):
        response = await browser.post("/console/donnees", {"quoi": typed})
        assert response.headers["Location"] == DATA
    assert (await browser.post("/console/donnees", {"quoi": "CFHJ-KLMP-RTVW"})).status == 404
    elsewhere = await site.sign_in("manager", ["14"])
    assert (await elsewhere.post("/console/donnees", {"quoi": code})).status == 404


@pytest.mark.parametrize(
    "table", ["console_access", "adviser", "adviser_session", "adviser_link", "sign_in_try"]
)
def test_les_tables_de_la_console_n_ont_pas_de_place_pour_des_propos(table: str) -> None:
    """What can hold a text of any length is a hash, an encrypted secret or a list of departments."""
    columns = Base.metadata.tables[table].columns
    free = {column.name for column in columns if str(column.type) in ("TEXT", "JSON")}
    assert free <= {"password", "totp", "recovery", "departments"}
