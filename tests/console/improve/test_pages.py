"""From a misunderstood message to a patch, a test, a better directory: the pages, and what is kept of them."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import insert, select

from bot.console.improve import models_page
from bot.console.improve.comparison import Answer, Reviewed, compare
from bot.console.improve.models import ContactReport, Correction, Example
from bot.console.improve.recogniser import StartingError
from bot.console.models import Access
from bot.conversation.models import Conversation, Turn
from bot.conversation.retention import erase
from bot.directory.lookup import Directory
from tests.console.conftest import Browser, Site
from tests.conversation.test_retention import Rasa

SENTENCE = "je voudrais joindre Ahmed Benali à Saint-Dizier pour mon dossier de reconnaissance zanzibar"
TALK = "parole0000000000"


async def talked(
    site: Site, conversation_id: str = TALK, department: str = "52", text: str = SENTENCE
) -> int:
    """A kept conversation with one message; returns the turn's id."""
    moment = site.clock()
    row = {
        "id": conversation_id, "channel": "web", "consent": "yes", "created_at": moment, "active_at": moment, "turns": 2,
        "department": department, "audience": "worker", "step": "questions", "flags": [], "choices": {}, "asks": "cause",
        "situation": {"audience": "worker", "department": department, "status": "salarie_prive", "boeth": "no"},
    }  # fmt: skip
    said = {
        "conversation_id": conversation_id, "seq": 2, "direction": "user", "message_id": "u", "text": text,
        "intent": "ask_contact", "confidence": 0.41, "channel": "web", "created_at": moment, "asked": "boeth",
        "facts": [{"name": "department", "value": department}, {"name": "boeth", "value": "no"}],
    }  # fmt: skip
    chosen = {
        "conversation_id": conversation_id, "seq": 1, "direction": "user", "message_id": "c", "text": "Pour moi",
        "choice": "worker", "intent": "inform", "channel": "web", "created_at": moment, "asked": "audience",
    }  # fmt: skip

    def writing(connection: Any) -> int:
        connection.execute(insert(Conversation), row)
        connection.execute(insert(Turn), chosen)
        return int(connection.execute(insert(Turn).values(said).returning(Turn.id)).scalar_one())

    return await site.store.write(writing)


async def rows(site: Site, model: Any) -> list[Any]:
    query = select(model.__table__)
    return await site.store.read(lambda connection: list(connection.execute(query)))


async def correct(browser: Browser, turn: int, conversation_id: str = TALK, **fields: str) -> int:
    address = f"/console/conversations/{conversation_id}/tours/{turn}"
    assert (await browser.get(address)).status == 200
    return (await browser.post(address, fields)).status


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recogniser without its twenty seconds of loading: test_pseudonyms holds the real one."""

    async def found(texts: list[str]) -> list[list[tuple[int, int, str]]]:
        return [
            [(text.index("Ahmed"), text.index("Ahmed") + 12, "PER")] if "Ahmed Benali" in text else []
            for text in texts
        ]

    monkeypatch.setattr("bot.console.improve.pseudonyms.recognise", found)
    monkeypatch.setattr("bot.console.improve.scenarios.recognise", found)


async def logged(site: Site) -> list[str]:
    """What the access log says was done with the conversation."""
    return [row.what for row in await rows(site, Access) if row.conversation_id == TALK]


async def test_corriger_relire_exporter(site: Site, named: None) -> None:
    turn, adviser = await talked(site), await site.sign_in("adviser", ["52"])
    status = await correct(
        adviser,
        turn,
        intent="ask_rqth",
        **{"fact-boeth": "pending", "fact-department": "52"},
        comment="voir 06 12 34 56 78",
    )
    assert status == 303
    made = {row.subject: row for row in await rows(site, Correction)}
    assert (made["intent"].before, made["intent"].after) == ("ask_contact", "ask_rqth")
    assert (made["boeth"].before, made["boeth"].after) == ("no", "pending")
    assert set(made) == {"intent", "boeth"}
    assert "06 12" not in made["intent"].comment
    assert (await adviser.get("/console/ameliorer/relecture")).status == 403

    manager = await site.sign_in("manager", ["52"])
    await manager.get("/console/ameliorer/relecture")
    assert "correction.reviewed" in await logged(site), "whoever reads the sentence is in the log"
    proposed = "je voudrais joindre Camille à Chaumont pour mon dossier de reconnaissance zanzibar"
    assert proposed in manager.text
    assert "demande" in manager.text or "RQTH" in manager.text
    number = re.search(r'name="decision-(\d+)"', manager.text)
    assert number
    kept = proposed.replace("zanzibar", "de handicap")
    await manager.post(
        "/console/ameliorer/relecture", {f"decision-{number[1]}": "accepted", f"sentence-{number[1]}": kept}
    )
    assert "correction.decided" in await logged(site)
    response = await manager.client.post("/console/ameliorer/correctif", data={"csrf": manager.csrf})
    patch = await response.text()
    assert response.status == 200
    assert "correction.exported" in await logged(site)
    assert response.headers["Content-Disposition"].endswith('.patch"')
    assert f"+    - {kept}" in patch
    assert "boeth: pending" in patch
    assert "Benali" not in patch
    assert "Saint-Dizier" not in patch
    assert {row.state for row in await rows(site, Correction)} == {"exported"}
    again = await manager.client.post(
        "/console/ameliorer/correctif", data={"csrf": manager.csrf}, allow_redirects=False
    )
    assert again.status == 303


async def test_effacer_emporte_les_corrections_et_laisse_ce_qui_est_parti(site: Site, named: None) -> None:
    await test_corriger_relire_exporter(site, named)
    other = await talked(site, "autre00000000000", text="phrase jamais exportée")
    adviser = await site.sign_in("adviser", ["52"])
    await correct(adviser, other, "autre00000000000", intent="greet")
    for conversation_id in (TALK, "autre00000000000"):
        await erase(site.store, conversation_id, Rasa().forget)
    assert await rows(site, Correction) == []
    left = await rows(site, Example)
    assert {row.intent for row in left} == {"ask_rqth", None}
    assert "conversation" not in str(left[0]._mapping.keys())


async def test_confirmer_n_exporte_rien_et_sert_a_comparer(site: Site) -> None:
    turn, manager = await talked(site), await site.sign_in("manager")
    assert await correct(manager, turn, intent="ask_contact", **{"fact-boeth": "no"}) == 303
    await manager.get("/console/ameliorer/relecture")
    assert "Aucune phrase à relire" in manager.text
    await manager.get("/console/ameliorer/modeles")
    assert "(1 messages)" in manager.text


@pytest.mark.parametrize(
    "fields",
    [
        {"intent": "inconnue"},
        {"intent": "greet", "fact-boeth": "peut-être"},
        {"intent": "greet", "more": "age", "more_value": "vieux"},
    ],
)
async def test_une_valeur_impossible_est_refusee(site: Site, fields: dict[str, str]) -> None:
    turn, adviser = await talked(site), await site.sign_in()
    assert await correct(adviser, turn, **fields) == 400
    assert 'role="alert"' in adviser.text
    assert await rows(site, Correction) == []


async def test_on_ne_corrige_ni_un_choix_ni_le_tour_d_une_autre_conversation(site: Site) -> None:
    turn, adviser = await talked(site), await site.sign_in()
    other = await talked(site, "autre00000000000")
    assert (await adviser.get(f"/console/conversations/{TALK}/tours/{other}")).status == 404
    choice = next(row.id for row in await rows(site, Turn) if row.choice and row.conversation_id == TALK)
    assert (await adviser.get(f"/console/conversations/{TALK}/tours/{choice}")).status == 404
    assert (await adviser.get(f"/console/conversations/{TALK}/tours/{turn}x")).status == 404


async def test_une_responsable_ne_decide_que_de_son_territoire(site: Site, named: None) -> None:
    turn, admin = await talked(site), await site.sign_in("admin")
    await correct(admin, turn, intent="ask_rqth")
    elsewhere = await site.sign_in("manager", ["14"])
    await elsewhere.get("/console/ameliorer/relecture")
    assert "zanzibar" not in elsewhere.text
    number = (await rows(site, Correction))[0].id
    await elsewhere.post("/console/ameliorer/relecture", {f"decision-{number}": "accepted"})
    assert (await rows(site, Correction))[0].state == "new"


async def test_pendant_que_la_recherche_des_noms_se_charge_la_page_le_dit(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def loading(_texts: list[str]) -> list[Any]:
        raise StartingError

    for module in ("pseudonyms", "scenarios"):
        monkeypatch.setattr(f"bot.console.improve.{module}.recognise", loading)
    await talked(site)
    manager = await site.sign_in("manager", ["52"])
    before = await rows(site, Access)
    assert (await manager.get(f"/console/conversations/{TALK}/scenario")).status == 200
    assert "prépare la recherche des noms" in manager.text
    assert 'src="/console/static/again.js"' in manager.text
    assert await rows(site, Access) == before, "nothing of the conversation was shown"
    assert (await manager.get("/console/ameliorer/relecture")).status == 200


async def test_la_conversation_devient_un_scenario(site: Site, named: None) -> None:
    turn, adviser = await talked(site), await site.sign_in("adviser", ["52"])
    await correct(adviser, turn, intent="ask_rqth", **{"fact-boeth": "pending"})
    await adviser.get(f"/console/conversations/{TALK}/scenario")
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", adviser.text, re.DOTALL)
    assert text
    body = text[1].replace("&#39;", "'")
    found = yaml.safe_load(body)
    assert [list(step) for step in found["turns"]] == [["choose", "asks"], ["say"]]
    assert "Camille à Chaumont" in found["turns"][1]["say"]
    assert found["expect"]["situation"]["boeth"] == "pending", "what the adviser says is right"
    response = await adviser.client.post(
        f"/console/conversations/{TALK}/scenario", data={"csrf": adviser.csrf, "text": body}
    )
    assert response.status == 200
    assert yaml.safe_load(await response.text()) == found
    for wrong in ("a: [", "title: x", "- 1"):
        bad = await adviser.post(f"/console/conversations/{TALK}/scenario", {"text": wrong})
        assert bad.status == 400
    logged = {row.what for row in await rows(site, Access) if row.conversation_id == TALK}
    assert {"correction.made", "scenario.opened", "scenario.exported"} <= logged


async def test_un_scenario_ne_se_fait_pas_d_une_detresse(site: Site, named: None) -> None:
    await talked(site)
    change = Turn.__table__.update().values(text=None, flag="safety").where(Turn.__table__.c.choice.is_(None))
    await site.store.write(lambda connection: connection.execute(change).close())
    adviser = await site.sign_in()
    await adviser.get(f"/console/conversations/{TALK}/scenario")
    assert "ne peut pas être rejouée" in adviser.text
    assert "<textarea" not in adviser.text


REPORT = {
    "department": "52", "organism": "cap-emploi-52", "field": "phone", "value": "03 25 30 12 34",
    "source_url": "https://www.exemple.fr/contact", "source_date": "2026-11-02", "comment": "appelé ce jour",
}  # fmt: skip


async def test_signaler_puis_corriger_un_contact(site: Site) -> None:
    adviser, manager = await site.sign_in("adviser", ["52"]), await site.sign_in("manager", ["52"])
    await adviser.get("/console/annuaire")
    assert "cap-emploi-52" in adviser.text
    assert (await adviser.post("/console/annuaire/signalements", REPORT)).status == 303
    number = (await rows(site, ContactReport))[0].id
    await adviser.get("/console/annuaire")
    assert "03 25 30 12 34" in adviser.text
    assert "Corriger l'annuaire" not in adviser.text
    assert (
        await adviser.post(f"/console/annuaire/signalements/{number}", {"decision": "approve"})
    ).status == 403
    await manager.get("/console/annuaire")
    await manager.post(f"/console/annuaire/signalements/{number}", {"decision": "approve"})
    directory = await asyncio.to_thread(Directory.load, site.store.engine)
    contact = directory.contacts("52", types=["cap_emploi"], on=site.clock().date())[0]
    assert contact.phone == "03 25 30 12 34"
    assert (await rows(site, ContactReport))[0].state == "approved"
    logged = [(row.what, row.about) for row in await rows(site, Access) if row.what.startswith("contact.")]
    assert logged == [("contact.reported", "cap-emploi-52"), ("contact.approved", "cap-emploi-52")]
    await manager.follow(
        await manager.post(f"/console/annuaire/signalements/{number}", {"decision": "refuse"})
    )
    assert "déjà été traité" in manager.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_url": ""}, {"source_date": ""}, {"source_date": "2030-01-01"}, {"organism": "nulle-part"},
        {"comment": ""},
        {"field": "departments"}, {"value": "pas un numéro"}, {"organism": "cap-emploi-14"},
    ],
)  # fmt: skip
async def test_un_signalement_sans_preuve_ou_hors_territoire_est_refuse(
    site: Site, wrong: dict[str, str]
) -> None:
    adviser = await site.sign_in("adviser", ["52"])
    await adviser.get("/console/annuaire")
    assert (await adviser.post("/console/annuaire/signalements", REPORT | wrong)).status == 400
    assert await rows(site, ContactReport) == []


async def test_une_responsable_d_ailleurs_ne_corrige_pas_l_annuaire(site: Site) -> None:
    adviser, elsewhere = await site.sign_in("adviser", ["52"]), await site.sign_in("manager", ["2A"])
    await adviser.get("/console/annuaire")
    await adviser.post("/console/annuaire/signalements", REPORT)
    number = (await rows(site, ContactReport))[0].id
    await elsewhere.get("/console/annuaire")
    assert "03 25 30 12 34" not in elsewhere.text
    await elsewhere.post(f"/console/annuaire/signalements/{number}", {"decision": "approve"})
    assert (await rows(site, ContactReport))[0].state == "waiting"


REVIEWED = [Reviewed(("c", rank), text, intent) for rank, (text, intent) in enumerate(
    [("bonjour", "greet"), ("merci", "thank"), ("bof", "deny"), ("zut", "insult")]
)]  # fmt: skip


def answers(*intents: str) -> list[Answer]:
    return [Answer(intent, 0.5 + rank / 10) for rank, intent in enumerate(intents)]


def test_comparer_compte_ce_qui_est_gagne_et_perdu() -> None:
    said = {
        "a": answers("greet", "greet", "deny", "greet"),
        "b": answers("greet", "thank", "affirm", "greet"),
    }
    found = compare(Path("a"), Path("b"), REVIEWED, lambda model, texts: said[model.name])
    assert [row.outcome for row in found.rows] == ["both_right", "gained", "lost", "both_wrong"]
    assert [found.right(0), found.right(1)] == [2, 2]
    assert [row.outcome for row in found.told_apart] == ["lost", "gained", "both_wrong"]
    assert found.confidence(0) == pytest.approx(0.65)


async def test_la_page_compare_deux_modeles(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    turn, manager = await talked(site), await site.sign_in("manager")
    await correct(manager, turn, intent="ask_rqth")
    site.settings.models.mkdir(parents=True, exist_ok=True)
    for name in ("relais-ancien.tar.gz", "relais-neuf.tar.gz"):
        (site.settings.models / name).touch()

    def understood(first: Path, second: Path, reviewed: list[Reviewed]) -> Any:
        said = {first: [Answer("ask_contact", 0.4)], second: [Answer("ask_rqth", 0.8)]}
        return compare(first, second, reviewed, lambda model, texts: said[model])

    monkeypatch.setattr(models_page, "compare", understood)
    await manager.get("/console/ameliorer/modeles")
    await manager.post("/console/ameliorer/modeles", {"first": "relais-ancien", "second": "relais-ancien"})
    assert models_page._JOBS == {}
    await manager.post("/console/ameliorer/modeles", {"first": "relais-ancien", "second": "relais-neuf"})
    await next(iter(models_page._JOBS.values())).task
    await manager.get("/console/ameliorer/modeles")
    assert "gagné : 1" in manager.text
    assert "zanzibar" in manager.text
    assert "correction.reviewed" in await logged(site)
    models_page._JOBS.clear()


@pytest.mark.rasa
async def test_un_vrai_modele_relit_les_messages() -> None:
    from bot.console.improve.comparison import understood_by
    from bot.runtime.model import ensure_model
    from bot.settings import Settings

    model = await asyncio.to_thread(ensure_model, Settings.from_environment())
    said = await asyncio.to_thread(understood_by, model, ["bonjour", "je veux mourir"])
    assert [each.intent for each in said] == ["greet", "distress"]
