"""The inbox and the page of a conversation, as advisers of several territories use them."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.console import pages
from bot.console.models import Access
from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewTag, SavedView
from tests.console.conftest import Browser, Site
from tests.console.review.conftest import bot, converse, person

LIST = "/console/conversations"
PLAN = {
    "as_of": "2026-11-22",
    "first_step": "cap_emploi",
    "steps": [
        {"id": "cap_emploi", "title": "Cap emploi", "when": "now", "contacts": [],
         "why": [{"text": "Il cherche avec vous.", "source": "s1"}]}
    ],
    "sources": {"s1": {"title": "C. trav. L5214-3-1", "url": "https://www.legifrance.gouv.fr/x"}},
    "not_concerned": [{"id": "agefiph", "why": "Pas maintenant."}],
}  # fmt: skip


async def told(site: Site, department: str = "52", **state: Any) -> str:
    facts = [{"name": "status", "value": "salarie_prive", "words": "salarié du privé"}]
    made = await converse(
        site.store,
        bot("Quel est votre statut ?", asks="status"),
        person("je suis salarié du privé", facts=facts, confidence=0.61, margin=0.2, asked="status"),
        person(None, "distress", flag="safety", facts=None),
        bot("Voici votre parcours.", plan=PLAN),
        **{"department": department, "audience": "worker", "situation": {"status": "salarie_prive"}, "plan": PLAN,
           "step": "plan", "outcome": "plan", "rules_version": "2026-11-22", "flags": ["human", "safety"]} | state,
    )  # fmt: skip
    await Index(site.store).catch_up()
    return made


async def review(site: Site, conversation_id: str) -> Any:
    query = select(*Review.__table__.c).where(Review.conversation_id == conversation_id)
    return await site.store.read(lambda connection: connection.execute(query).one())


async def logged(site: Site, conversation_id: str) -> list[tuple[str, str]]:
    query = (
        select(Access.what, Access.why).where(Access.conversation_id == conversation_id).order_by(Access.id)
    )
    rows = await site.store.read(lambda connection: connection.execute(query).all())
    return [tuple(row) for row in rows]


async def opened(site: Site, browser: Browser, conversation_id: str) -> str:
    response = await browser.get(f"{LIST}/{conversation_id}?motif=Second+avis")
    assert response.status == 200
    return re.sub(r"\s+", " ", browser.text)


async def test_une_file_ne_compte_que_son_territoire(site: Site):
    mine, other = await told(site), await told(site, "14")
    browser = await site.sign_in("adviser", ["52"])
    await browser.get(f"{LIST}?file=human")
    assert mine in browser.text
    assert other not in browser.text
    assert re.search(r'Demande une personne <span class="count">1<', browser.text)
    assert "Une conversation<" in browser.text
    assert "salarié du privé" not in browser.text, "a list shows no words"


async def test_ce_qui_est_a_moi_ou_etiquete_ailleurs_n_est_plus_dans_mes_comptes(site: Site):
    """Given to someone, tagged, then its person says that they live elsewhere."""
    other, browser = await told(site, "14"), await site.sign_in("adviser", ["52"])

    def giving(connection: Any) -> None:
        of = Review.conversation_id == other
        connection.execute(update(Review).where(of).values(assigned_to=browser.adviser_id, status="doing"))
        row = connection.execute(select(Review.id).where(of)).scalar_one()
        connection.execute(insert(ReviewTag), {"review_id": row, "tag": "ailleurs"})

    await site.store.write(giving)
    await browser.get(LIST)
    assert re.search(r'Pour moi <span class="count">0<', browser.text)
    assert "ailleurs" not in browser.text


async def test_la_page_dit_ce_qui_a_ete_compris_et_d_ou_vient_chaque_fait(site: Site):
    conversation_id, browser = await told(site), await site.sign_in("adviser", ["52"])
    text = await opened(site, browser, conversation_id)
    for words in (
        "Texte non conservé : alerte de sécurité", "compris : <strong>décrit sa situation</strong> (61 %, marge 20)",
        "« salarié du privé », <a href=\"#tour-2\">tour 2</a>", "Il cherche avec vous.", "C. trav. L5214-3-1",
        "Agefiph : Pas maintenant.", "<dt>Règles</dt><dd>2026-11-22</dd>",
    ):  # fmt: skip
        assert words in text
    assert await logged(site, conversation_id) == [("conversation.read", "Second avis")]
    assert "Second avis" in await opened(site, browser, conversation_id), "who read it and why"


async def test_suivre_une_conversation(site: Site):
    conversation_id = await told(site)
    browser, colleague = await site.sign_in("adviser", ["52"]), await site.sign_in("adviser", ["52"])
    page = f"{LIST}/{conversation_id}"
    await browser.get(page)
    await browser.follow(await browser.post(f"{page}/attribution", {"personne": str(browser.adviser_id)}))
    await browser.follow(await browser.post(f"{page}/second", {"personne": str(browser.adviser_id)}))
    assert "doit être une autre personne" in browser.text
    await browser.follow(await browser.post(f"{page}/second", {"personne": str(colleague.adviser_id)}))
    await browser.follow(await browser.post(f"{page}/etiquettes", {"etiquette": "  Dos  ET Maçon "}))
    await browser.follow(
        await browser.post(f"{page}/notes", {"note": "Rappeler au 06 12 34 56 78 <b>demain</b>"})
    )
    assert "&lt;b&gt;demain&lt;/b&gt;" in browser.text
    assert "06 12 34 56 78" not in browser.text, "identifiers are masked in notes too"
    row = await review(site, conversation_id)
    assert (row.assigned_to, row.second_reader, row.status) == (
        browser.adviser_id,
        colleague.adviser_id,
        "check",
    )
    await colleague.get(f"{LIST}?relecteur=me")
    assert conversation_id in colleague.text
    assert "dos et maçon" in colleague.text
    done = [what for what, _ in await logged(site, conversation_id) if what != "conversation.read"]
    assert done == [
        "conversation.assigned", "conversation.changed", "conversation.second_reader", "conversation.tagged",
        "conversation.noted",
    ]  # fmt: skip


async def test_une_note_n_est_retiree_que_par_qui_l_a_ecrite_ou_un_responsable(site: Site):
    conversation_id, author = await told(site), await site.sign_in("adviser", ["52"])
    page = f"{LIST}/{conversation_id}"
    await author.get(page)
    await author.follow(await author.post(f"{page}/notes", {"note": "Voir Cap emploi"}))
    address = re.search(r'action="([^"]+/notes/\d+/retirer)"', author.text)
    assert address is not None
    other = await site.sign_in("adviser", ["52"])
    await other.get(page)
    assert "/notes/1/retirer" not in other.text
    await other.post(address[1])
    assert "Voir Cap emploi" in await opened(site, other, conversation_id)
    manager = await site.sign_in("manager", ["52"])
    await manager.get(page)
    await manager.post(address[1])
    assert "Voir Cap emploi" not in await opened(site, manager, conversation_id)


async def test_personne_d_un_autre_territoire_n_est_relecteur(site: Site):
    conversation_id, browser = await told(site), await site.sign_in("adviser", ["52"])
    stranger = await site.sign_in("adviser", ["14"])
    await browser.get(f"{LIST}/{conversation_id}")
    await browser.follow(
        await browser.post(f"{LIST}/{conversation_id}/attribution", {"personne": str(stranger.adviser_id)})
    )
    assert "pas accès à ce territoire" in browser.text
    assert (await review(site, conversation_id)).assigned_to is None


@pytest.mark.parametrize(
    ("fields", "column", "value"),
    [({"quoi": "statut", "statut": "off_topic"}, "status", "off_topic"),
     ({"quoi": "attribution", "personne": "me"}, "status", "doing")],
)  # fmt: skip
async def test_agir_sur_plusieurs(site: Site, fields: dict[str, str], column: str, value: str):
    mine, also, other = await told(site), await told(site), await told(site, "14")
    browser = await site.sign_in("adviser", ["52"])
    await browser.get(LIST)
    if fields.get("personne") == "me":
        fields = fields | {"personne": str(browser.adviser_id)}
    sent = [
        ("csrf", browser.csrf),
        *fields.items(),
        *(("conversation", each) for each in (mine, also, other)),
    ]
    response = await browser.client.post(f"{LIST}/lot", data=sent, allow_redirects=False)
    await browser.follow(response)
    assert "2 conversation(s)" in browser.text
    assert [getattr(await review(site, each), column) for each in (mine, also, other)] == [
        value,
        value,
        "todo",
    ]
    assert await logged(site, other) == []


async def test_agir_sur_rien_le_dit(site: Site):
    await told(site)
    browser = await site.sign_in("adviser", ["52"])
    await browser.get(LIST)
    await browser.follow(await browser.post(f"{LIST}/lot", {"quoi": "statut", "statut": "done"}))
    assert "Cochez au moins une conversation" in browser.text


async def test_clore_mene_a_la_suivante_puis_a_la_liste(site: Site):
    first, second = [await told(site, hours_ago=ago) for ago in (1, 2)]
    browser = await site.sign_in("adviser", ["52"])
    await browser.get(f"{LIST}/{first}?liste=file%3Dhuman")
    close = {"statut": "done", "suivante": "1", "liste": "file=human"}
    await browser.follow(await browser.post(f"{LIST}/{first}/statut", close))
    assert f"{LIST}/{second}/statut" in browser.text
    response = await browser.post(f"{LIST}/{second}/statut", close)
    assert response.headers["Location"] == f"{LIST}?file=human"


async def test_une_vue_s_enregistre_se_partage_et_se_retire(site: Site):
    await told(site)
    browser, colleague = await site.sign_in("adviser", ["52"]), await site.sign_in("adviser", ["52"])
    await browser.get(f"{LIST}?canal=web&file=human")
    await browser.follow(
        await browser.post(
            f"{LIST}/vues", {"nom": "Urgences", "liste": "canal=web&file=human", "partager": "on"}
        )
    )
    await colleague.get(LIST)
    assert "Urgences" in colleague.text
    address = re.search(r'action="([^"]+/vues/\d+/retirer)"', browser.text)
    assert address is not None
    assert (await colleague.post(address[1])).status == 404
    await browser.follow(await browser.post(address[1]))
    assert "Urgences" not in re.sub(r'class="notice".*?</p>', "", browser.text)


async def test_une_vue_ne_garde_pas_les_mots_cherches(site: Site):
    browser = await site.sign_in("adviser", ["52"])
    await browser.get(LIST)
    asked = {"nom": "Vue 06 12 34 56 78", "liste": "q=durand+arret&canal=web"}
    await browser.follow(await browser.post(f"{LIST}/vues", asked))
    assert "q=durand+arret&amp;canal=web" in browser.text, "what is being looked at stays"
    kept = await site.store.read(lambda c: c.execute(select(SavedView.name, SavedView.query)).one())
    assert kept.query == "canal=web"
    assert "06 12" not in kept.name
    assert pages.words("review")["said"]["view_without_words"] in html.unescape(browser.text)


async def test_ce_qu_un_conseiller_ecrit_n_est_pas_execute_non_plus(site: Site):
    """What is said back after a change, and the links of a plan, whoever wrote them."""
    sources = {"s1": {"title": "<i>titre</i>", "url": "javascript:alert(1)"}}
    conversation_id = await told(site, plan=PLAN | {"sources": sources})
    browser = await site.sign_in("adviser", ["52"])
    text = await opened(site, browser, conversation_id)
    assert "<i>titre" not in text
    assert "javascript:" not in text
    tag = {"etiquette": "<img src=x onerror=alert(1)>"}
    await browser.follow(await browser.post(f"{LIST}/{conversation_id}/etiquettes", tag))
    assert browser.text.count("&lt;img src=x") >= 2, "in the notice and among the tags"
    await browser.get(LIST)
    assert "&lt;img src=x" in browser.text
    assert "<img src=x" not in browser.text
    note = {"note": "<img src=x onerror=alert(2)>"}
    await browser.follow(await browser.post(f"{LIST}/{conversation_id}/notes", note))
    assert "&lt;img src=x onerror=alert(2)" in browser.text
    assert "<img src=x" not in browser.text


async def test_une_longue_conversation_se_lit_par_la_fin(site: Site):
    turns = [bot(f"question {rank}") for rank in range(1, 101)]
    conversation_id = await converse(site.store, *turns, department="52")
    browser = await site.sign_in("adviser", ["52"])
    text = await opened(site, browser, conversation_id)
    assert "question 100<" in text
    assert "question 60<" not in text
    before = re.search(r'href="([^"]+avant=61[^"]*)"', text)
    assert before is not None
    await browser.get(before[1].replace("&amp;", "&").partition("#")[0])
    assert "question 60<" in browser.text
    assert "question 61<" not in browser.text


async def test_une_conversation_que_rien_ne_garde_n_a_pas_de_page(site: Site):
    conversation_id = await converse(site.store, department="52")
    await site.store.withdraw(conversation_id, "no", site.clock())
    browser = await site.sign_in("admin")
    assert (await browser.get(f"{LIST}/{conversation_id}")).status == 404
