"""Pictures of the running product for docs/images: `python -m tests.browser.picture ADDRESS FOLDER`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

LAUNCH = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
SENTENCE = (
    "Bonjour, je suis maçon à Saint-Dizier, en arrêt depuis 4 mois pour le dos, "
    "j'ai peur de ne pas pouvoir reprendre"
)


def talk(page: Page, folder: Path) -> None:
    """The mason's conversation, a picture at the question and one at the plan."""
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name="Oui, je suis d'accord").click()
    box = page.get_by_label("avec vos mots")
    box.fill(SENTENCE)
    box.press("Enter")
    page.get_by_text("J'ai noté").last.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "conversation.png")
    for _ in range(8):
        if page.get_by_role("button", name="C'est exact").count():
            page.get_by_role("button", name="C'est exact").first.click()
            break
        page.get_by_role("button", name="Je ne sais pas").last.click()
        page.wait_for_timeout(1500)
    page.get_by_text("Voici votre chemin").last.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "plan.png")


def pages(page: Page, address: str, folder: Path) -> None:
    """The same conversation, already at its plan: the plan's page, and the pages without JavaScript."""
    page.goto(f"{address}/plan")
    page.screenshot(path=folder / "parcours.png")
    page.goto(f"{address}/conversation#reponse")
    page.screenshot(path=folder / "sans-javascript.png")
    page.set_viewport_size(DESKTOP)
    page.goto(f"{address}/plan")
    page.screenshot(path=folder / "parcours-ordinateur.png")


def home(browser: Browser, address: str, folder: Path) -> None:
    """What a stranger finds on a large screen."""
    page = browser.new_page(viewport=DESKTOP, locale="fr-FR")
    page.goto(address)
    page.get_by_role("button", name="Commencer").wait_for()
    page.screenshot(path=folder / "accueil-ordinateur.png")


def main(address: str, folder: Path) -> None:
    """Take the pictures, on a phone-sized screen then on a large one."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(LAUNCH))
        home(browser, address, folder)
        page = browser.new_page(viewport=PHONE, locale="fr-FR")
        page.goto(address)
        talk(page, folder)
        pages(page, address, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
