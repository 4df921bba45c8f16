"""The measures as page, CSV and report: what they say, to whom."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import insert

from bot.conversation.counting import count
from bot.conversation.models import Conversation
from bot.conversation.state import new_id
from tests.console.conftest import Site

PLAN = {
    "first_step": "pdp_cell",
    "steps": [{"id": "pdp_cell", "when": "now"}, {"id": "cap_emploi", "when": "if_needed"}],
    "devices": [{"id": "visite_prereprise", "status": "open"}],
}


async def talked(site: Site, department: str, number: int, **values: Any) -> None:
    moment = site.clock() - timedelta(minutes=9)
    row = {
        "channel": "web", "consent": "yes", "created_at": moment, "active_at": moment, "turns": 0,
        "department": department, "audience": "worker", "step": "plan", "flags": [], "choices": {}, "plan": PLAN,
    }  # fmt: skip
    rows = [row | {"id": new_id()} | values for _ in range(number)]
    await site.store.write(lambda connection: connection.execute(insert(Conversation), rows).close())
    await count(site.store)


@pytest.fixture
async def busy(site: Site) -> Site:
    await talked(site, "52", 12)
    await talked(site, "14", 30)
    await talked(site, "14", 8, plan=None, step="questions", asks="on_leave")
    return site


def tables(page: str) -> dict[str, list[list[str]]]:
    """Cells of each table of the page, by the id of its section."""
    found = {}
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        name = re.search(r'<h2 id="([^"]+)"', section)
        rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
        assert name
        found[name[1]] = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return found


async def test_la_page_dit_les_nombres_et_leurs_tableaux(busy: Site) -> None:
    browser = await busy.sign_in("admin")
    assert (await browser.get("/console/mesures")).status == 200
    shown = tables(browser.text)
    assert ["Parcours donné", "42", "84\u00a0%"] in shown["reached"]
    assert ["Êtes-vous en arrêt de travail en ce moment ?", "0", "0", "8", "100\u00a0%"] in shown["question"]
    assert shown["step"][1][:2] == ["Cap emploi", "0"]
    assert [row[0] for row in shown["department"][1:]] == ["Calvados (14)", "Haute-Marne (52)", "Total"]
    assert browser.text.count("<svg") == browser.text.count("<table>") == len(shown)


async def test_chacun_ne_voit_que_son_territoire(busy: Site) -> None:
    browser = await busy.sign_in("adviser", ["52"])
    await browser.get("/console/mesures?department=14")
    assert ["Parcours donné", "12", "100\u00a0%"] in tables(browser.text)["reached"]
    assert "Calvados" not in browser.text
    nobody = await busy.sign_in("manager", ["976"])
    await nobody.get("/console/mesures")
    assert "Aucune conversation" in nobody.text


async def test_les_filtres_s_appliquent_a_la_page_et_aux_fichiers(busy: Site) -> None:
    browser = await busy.sign_in("admin")
    month = busy.clock().strftime("%Y-%m")
    await browser.get(f"/console/mesures?department=52&month={month}&channel=inconnu&year=1789")
    assert ["Parcours donné", "12", "100\u00a0%"] in tables(browser.text)["reached"]
    response = await browser.get(f"/console/mesures.csv?department=52&month={month}")
    assert f"relais-mesures-{month}.csv" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(browser.text.removeprefix("\ufeff")), delimiter=";"))
    assert ["Jusqu'où vont les conversations", "Parcours donné", "Nombre", "12", "100\u00a0%"] in rows
    assert {len(row) for row in rows} == {5}


async def test_un_nombre_cache_n_est_ni_dans_la_page_ni_dans_les_fichiers(busy: Site) -> None:
    await talked(busy, "51", 3)
    browser = await busy.sign_in("admin")
    await browser.get("/console/mesures")
    rows = {row[0]: row[1:] for row in tables(browser.text)["department"][1:]}
    assert rows["Marne (51)"][-1] == rows["Haute-Marne (52)"][-1] == "masqué"
    await browser.get("/console/mesures.csv")
    cells = list(csv.reader(io.StringIO(browser.text.removeprefix("\ufeff")), delimiter=";"))
    totals = [row[3] for row in cells if row[0] == "Par territoire" and row[2] == "Total"]
    assert totals == ["38", "", "", "53"]


async def test_le_rapport_est_un_pdf_balise_qui_dit_la_meme_chose(busy: Site) -> None:
    browser = await busy.sign_in("manager", ["52", "14"])
    response = await browser.client.get("/console/mesures.pdf")
    assert response.content_type == "application/pdf"
    reader = PdfReader(io.BytesIO(await response.read()), strict=True)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in ("Relais : mesures", "Territoires :", "Parcours donné 42 84 %", "Haute-Marne (52)", "masqué"):
        assert part in text
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "fr-FR"
    kinds = re.findall(r"/S /(\w+)", str(_structure(root["/StructTreeRoot"])))
    assert {"Table", "TH", "TD", "Figure", "H1"} <= set(kinds)


def _structure(node: Any, depth: int = 0) -> str:
    node = node.get_object()
    if isinstance(node, list):
        return " ".join(_structure(child, depth) for child in node)
    if not isinstance(node, dict):
        return ""
    own = f"/S {node['/S']} " if "/S" in node else ""
    return own + (_structure(node["/K"], depth + 1) if "/K" in node and depth < 60 else "")


async def test_les_fichiers_emportes_sont_au_journal(busy: Site) -> None:
    from bot.console.models import Access

    browser = await busy.sign_in("admin")
    for kind in ("csv", "pdf"):
        await browser.client.get(f"/console/mesures.{kind}")
    said = await busy.store.read(
        lambda connection: [row.what for row in connection.execute(Access.__table__.select())]
    )
    assert {"measure.csv", "measure.pdf"} <= set(said)
