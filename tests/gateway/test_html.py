"""Chaque page est du HTML valide pour html-validate (npm), qui lit le texte servi, non ce qu'un navigateur en fait.

`npm install --prefix var/html --no-save html-validate@9` l'installe là où cet essai le cherche.
Une règle est écartée pour une raison : tel-non-breaking veut que les mots autour du numéro ne se coupent pas non plus.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.mail import MailServer
from bot.settings import ROOT
from tests.browser.dialogue import FullRasa
from tests.gateway.conftest import StartGateway
from tests.gateway.test_pages import Browser
from tests.gateway.test_plain_controls import fill

VALIDATOR = Path(os.environ.get("RELAIS_HTML_VALIDATE") or ROOT / "var/html/node_modules/.bin/html-validate")
RULES = Path(__file__).with_name("html_rules.json")
STANDING = ("/", "/conversation", "/inconnu", "/plan", "/garder", "/reprendre", "/donnees", "/accessibilite")
TRUST = ("/sources", "/qui-sommes-nous")

pytestmark = pytest.mark.skipif(
    not VALIDATOR.exists(),
    reason=f"html-validate is not at {VALIDATOR}: npm install --prefix var/html --no-save html-validate@9",
)


@pytest.fixture
async def rasa() -> AsyncIterator[FullRasa]:
    fake = FullRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


async def test_chaque_page_est_du_html_valide(start: StartGateway, tmp_path: Path):
    person = await start(mail=MailServer("127.0.0.1", 1, "none", "relais@exemple.fr"))
    browser = Browser(person)

    async def keep(name: str, path: str) -> None:
        response = await person.client.get(path, headers={"Accept": "text/html"})
        (tmp_path / f"{name}.html").write_text(await response.text(), encoding="utf-8")

    for path in (*STANDING, *TRUST):
        await keep(f"stranger{path.replace('/', '-')}", path)
    page = await browser.start()
    await keep("choice", "/conversation")
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    for name, value in (("place", "Caen"), ("date", "2027-03-01"), ("number", "40")):
        await keep(name, "/conversation")
        page = await fill(browser, page, value)
    await keep("recap", "/conversation")
    await browser.send(page, "/conversation", choice="yes")
    for path in STANDING:
        await keep(f"known{path.replace('/', '-')}", path)
    (tmp_path / "leave.html").write_text(
        await (await person.client.post("/quitter", data={})).text(), encoding="utf-8"
    )
    assert await complaints(tmp_path) == []


async def complaints(folder: Path) -> list[str]:
    """Ce que le valideur reproche aux pages d'un dossier."""
    pages = sorted(str(path) for path in folder.glob("*.html"))
    process = await asyncio.create_subprocess_exec(
        str(VALIDATOR), "--config", str(RULES), "--formatter", f"json={folder / 'found.json'}", *pages
    )
    await process.wait()
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert len(pages) > 20
    return [
        f"{Path(each['filePath']).name}:{problem['line']} {problem['ruleId']}: {problem['message']}"
        for each in found
        for problem in each["messages"]
    ]


async def test_le_valideur_voit_une_faute(tmp_path: Path):
    for number in range(21):
        (tmp_path / f"{number}.html").write_text("<!doctype html><p><p id=a><i id=a>", encoding="utf-8")
    assert any("no-dup-id" in line for line in await complaints(tmp_path))
