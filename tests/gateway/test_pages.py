"""Pages: the whole path without JavaScript, the plan to read, the chat page."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.gateway.pages.rendering import STATIC
from bot.web.text import french_date, href, rich, tel
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}


VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """What matters of a page: its text, forms, links, ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], f"never closed: {self.open}"
        assert self.fields <= self.labels, f"without a label: {self.fields - self.labels}"
        assert len(self.ids) == len(set(self.ids)), "an id is there twice"
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        assert not any(name.startswith("on") or name == "style" for name in values)
        assert tag != "style"
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        match tag:
            case "a":
                self.links.append(values["href"])
            case "form":
                self.forms.append({"action": values.get("action", ""), "hidden": {}, "choices": {}})
            case "label":
                self.labels.add(values["for"])
            case "input":
                if values["type"] == "hidden":
                    self.forms[-1]["hidden"][values["name"]] = values["value"]
                else:
                    self.fields.add(values["id"])
            case "textarea":
                self.fields.add(values["id"])
            case "button" if "value" in values:
                self.forms[-1]["choices"][values["value"]] = True

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def form(self, action: str, *, choices: bool | None = None) -> dict[str, Any]:
        return next(
            form
            for form in self.forms
            if form["action"] == action and (choices is None or bool(form["choices"]) is choices)
        )


class Browser:
    """Someone without JavaScript: reads pages, sends forms, follows redirections, keeps the cookie."""

    def __init__(self, person: Person) -> None:
        self.client = person.client
        self.status = 0

    async def get(self, path: str = "/conversation") -> Page:
        response = await self.client.get(path, headers={"Accept": "text/html"})
        self.status = response.status
        assert response.content_type == "text/html"
        return Page(await response.text())

    async def send(self, page: Page, action: str, **fields: str) -> Page:
        form = page.form(action, choices="choice" in fields if action == "/conversation" else None)
        return await self.post(action, **form["hidden"], **fields)

    async def post(self, action: str, headers: dict[str, str] | None = None, **fields: str) -> Page:
        response = await self.client.post(
            action, data=fields, headers={"Accept": "text/html"} | (headers or {})
        )
        self.status = response.status
        return Page(await response.text())

    async def start(self, consent: str = "yes") -> Page:
        page = await self.send(await self.get(), "/conversation/start")
        return await self.send(page, "/conversation", choice=consent)


@pytest.fixture
def browser(person: Person) -> Browser:
    return Browser(person)


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_le_chemin_entier_sans_javascript(browser: Browser, consent: str):
    page = await browser.get()
    assert "Commencer" in page.text
    page = await browser.send(page, "/conversation/start")
    assert "Acceptez-vous" in page.text
    page = await browser.send(page, "/conversation", choice=consent)
    assert "Quelle est votre situation ?" in page.text
    page = await browser.send(page, "/conversation", text="je suis maçon\r\nà Caen")
    assert "je suis maçon à Caen" in page.text
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    page = await browser.send(page, "/conversation", choice="yes")
    assert "/plan" in page.links
    plan = await browser.get("/plan")
    assert "La première chose à faire" in plan.text
    page = await browser.send(await browser.get(), "/conversation/erase")
    assert "Votre conversation est effacée" in page.text
    assert "Commencer" in (await browser.get()).text


async def test_chaque_page_est_bien_formee_et_montre_les_urgences(browser: Browser):
    pages = [
        await browser.get("/"),
        await browser.get(),
        await browser.start(),
        await browser.get("/inconnu"),
    ]
    for page in pages:
        assert {"tel:15", "tel:112", "tel:3114", "sms:114"} <= set(page.links)
        assert len(page.ids) == len(set(page.ids))
        assert "contenu" in page.ids
    assert pages[2].labels == {"text"}


async def test_ce_qui_est_dit_est_echappe(browser: Browser, rasa: FakeRasa):
    page = await browser.start()
    page = await browser.send(page, "/conversation", text="<script>alert(1)</script>")
    assert "<script>alert(1)</script>" in page.text
    raw = await (await browser.client.get("/conversation")).text()
    assert "<script>alert" not in raw


async def test_un_probleme_se_dit_et_ce_qui_etait_tape_reste(browser: Browser):
    page = await browser.start()
    page = await browser.send(page, "/conversation", text="mot " * 600)
    assert browser.status == 413
    assert "trop long" in page.text
    assert "mot mot" in page.text
    page = await browser.send(page, "/conversation", text="  ")
    assert browser.status == 400
    assert "vide" in page.text


async def test_un_choix_perime_montre_la_question_en_cours(browser: Browser):
    first = await browser.send(await browser.get(), "/conversation/start")
    await browser.send(first, "/conversation", choice="yes")
    form = first.form("/conversation", choices=True)["hidden"] | {"id": "autre"}
    page = await browser.post("/conversation", **form, choice="no")
    assert browser.status == 409
    assert "ne correspond plus" in page.text
    assert page.form("/conversation", choices=True)["choices"].keys() >= {"salarie_prive"}


async def test_un_double_clic_ne_repond_qu_une_fois(browser: Browser, rasa: FakeRasa):
    page = await browser.start()
    for _ in range(2):
        await browser.send(page, "/conversation", choice="salarie_prive")
    assert rasa.texts.count('/inform{"status": "salarie_prive"}') == 1


async def test_rasa_en_panne_se_dit_et_la_question_reste(browser: Browser, rasa: FakeRasa):
    page = await browser.start()
    rasa.fault = "error"
    page = await browser.send(page, "/conversation", text="bonjour")
    assert browser.status == 503
    assert "3114" in page.text
    assert "bonjour" in page.text
    rasa.fault = None
    page = await browser.send(page, "/conversation", choice="salarie_prive")
    assert "en arrêt" in page.text


async def test_le_danger_est_entendu_meme_sans_conversation(browser: Browser):
    page = await browser.post("/conversation", text="je veux mourir ce soir")
    assert browser.status == 401
    assert "Appelez maintenant le 3114" in page.text


async def test_le_danger_est_entendu_meme_quand_il_y_a_trop_de_messages(start: StartGateway):
    browser = Browser(await start(messages_per_minute=1))
    page = await browser.start()
    page = await browser.send(page, "/conversation", text="je veux mourir ce soir")
    assert browser.status == 200
    assert "Appelez maintenant le 3114" in page.text


@pytest.mark.parametrize("action", ["/conversation", "/conversation/restart", "/conversation/erase"])
async def test_un_formulaire_venu_d_ailleurs_est_refuse(browser: Browser, person: Person, action: str):
    page = await browser.start()
    token = page.form("/conversation/erase")["hidden"]["form"]
    forged = [
        ({}, {}),
        ({"form": "faux"}, {}),
        ({"form": person.gateway.sessions.tokens.form("")}, {}),
        ({"form": token}, {"Origin": "https://ailleurs.example"}),
        ({"form": token}, {"Sec-Fetch-Site": "cross-site"}),
    ]
    for fields, headers in forged:
        await browser.post(action, headers=headers, **fields, text="bonjour")
        assert browser.status == 409
    assert "Quelle est votre situation ?" in (await browser.get()).text


async def test_recommencer_efface_et_rouvre(browser: Browser, rasa: FakeRasa):
    page = await browser.start()
    page = await browser.send(page, "/conversation/restart")
    assert "Acceptez-vous" in page.text
    assert len(rasa.trackers) == 1


async def test_le_parcours_se_lit_en_entier(browser: Browser):
    page = await browser.start()
    for choice in ("salarie_prive", "yes"):
        page = await browser.send(page, "/conversation", choice=choice)
    plan = await browser.get("/plan")
    words = plan.text
    assert words.index("Appeler le service social") < words.index("Écrire au service de prévention")
    assert "1er décembre 2026" in words
    assert "Service social <test>" in words
    assert "tel:3646" in plan.links
    assert not any(link.startswith("javascript") for link in plan.links)
    assert "Coordonnées publiées ou relevées le 1er novembre 2026" in words
    assert "en vigueur depuis le 31 mars 2022" in words
    assert "relu le 22 novembre 2026" in words
    assert {"source-css-l323-3-1", "source-ct-l4624-2-4"} <= set(plan.ids)
    assert {link[1:] for link in plan.links if link.startswith("#")} <= set(plan.ids)


async def test_sans_parcours_la_page_dit_quoi_faire(browser: Browser):
    page = await browser.get("/plan")
    assert browser.status == 401
    await browser.start()
    page = await browser.get("/plan")
    assert browser.status == 404
    assert "Répondez d'abord aux questions" in page.text


async def test_la_page_d_accueil_ne_demande_rien_a_personne_d_autre(browser: Browser):
    response = await browser.client.get("/")
    raw = await response.text()
    assert not re.search(r'(src|href)="(https?:)?//', raw)
    assert "relais" not in response.cookies
    for name in re.findall(r'"/static/([^"]+)"', raw):
        assert (STATIC / name).is_file()
        got = await browser.client.get(f"/static/{name}")
        assert got.status == 200
        assert got.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", ["/static/", "/static/../rendering.py", "/static/%2e%2e/rendering.py"])
async def test_seuls_les_fichiers_statiques_sont_servis(person: Person, path: str):
    assert (await person.client.get(path)).status == 404


def test_le_texte_des_messages():
    assert str(rich("a **b** <i>\n\nhttps://a.fr/x.")) == (
        '<p>a <strong>b</strong> &lt;i&gt;</p><p><a href="https://a.fr/x" rel="noreferrer">https://a.fr/x</a>.</p>'
    )
    assert rich(None) == ""


def test_dates_numeros_et_adresses():
    assert french_date("2026-08-24") == "24 août 2026"
    assert french_date("2026-03-01") == "1er mars 2026"
    assert french_date(None) == ""
    assert tel("09 72 72 39 49") == "tel:+33972723949"
    assert tel("36 46") == "tel:3646"
    assert href("JavaScript:alert(1)") == ""
    assert href("//ailleurs.fr") == href(None) == ""
    assert href("https://a.fr") == "https://a.fr"
