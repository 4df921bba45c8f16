"""Small screens, zoom, forced colours, reduced motion, sizes of targets, weight."""

import time
from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, IN_A_BROWSER, PHONE, StartVisit, Visitor, shot

pytestmark = IN_A_BROWSER

WIDE = """() => { const found = [];
const limit = document.documentElement.clientWidth + 1;
const look = (root) => root.querySelectorAll("*").forEach((node) => {
  if (node.shadowRoot) look(node.shadowRoot);
  const box = node.getBoundingClientRect();
  if (box.width > 1 && box.right > limit && getComputedStyle(node).visibility !== "hidden")
    found.push(node.className || node.tagName);
});
look(document);
return [document.documentElement.scrollWidth - document.documentElement.clientWidth, found]; }"""
"""What passes beyond the right edge, and how far the page can be scrolled sideways."""

SMALL_TARGETS = """() => [...document.querySelector("relais-chat").shadowRoot
  .querySelectorAll("button, a, summary, input, textarea")]
  .filter((node) => node.checkVisibility() && !(node.tagName === "A" && node.closest("p, li:not(.links li)")))
  .map((node) => [node, node.closest(".check") || node])
  .map(([node, target]) => [node.textContent.trim() || node.id || node.name, target.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 24))
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


async def fits(visitor: Visitor) -> None:
    sideways, beyond = await visitor.page.evaluate(WIDE)
    assert sideways <= 0, beyond
    assert beyond == []


async def walk(visitor: Visitor, check: Any) -> None:
    """From the opening to the plan, with a check in each state."""
    await visitor.open()
    await check(visitor)
    await visitor.begin()
    await check(visitor)
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Salarié du privé")
    await visitor.sees("Dans quelle ville")
    await check(visitor)
    await visitor.write("Caen " + "x" * 80)
    await visitor.sees("Connaissez-vous")
    await check(visitor)
    await visitor.write("le 15 mars")
    await visitor.sees("Combien de personnes")
    await check(visitor)
    await visitor.choose("11 à 19")
    await visitor.sees("Voici ce que j'ai compris")
    await check(visitor)
    await visitor.choose("C'est exact")
    await visitor.sees("Est-ce que cela vous aide ?")
    for summary in await visitor.widget.locator("summary").all():
        await summary.click()
    await check(visitor)
    await visitor.choose("Effacer")
    await visitor.widget.get_by_role("dialog").wait_for()
    await check(visitor)


@pytest.mark.parametrize(
    "size", [{"width": 320, "height": 640}, {"width": 320, "height": 256}], ids=["320 px", "zoom 400 %"]
)
async def test_tout_tient_sans_defiler_de_cote(visit: StartVisit, size: dict[str, int]):
    """320 CSS pixels; 1280×1024 at 400 % is 320×256 (WCAG 1.4.10)."""
    await walk(await visit(viewport=size), fits)


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, {"width": 320, "height": 256}, DESKTOP])
async def test_le_panneau_flottant_tient_aussi(visit: StartVisit, host, site, size: dict[str, int]):
    page = (
        '<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><title>Site</title>'
        f'<h1>Site</h1><script src="{site.url}/relais.js" data-resume="no"></script>'
    )
    visitor = await visit(viewport=size, url=await host(page))
    await visitor.open()
    await fits(visitor)
    await visitor.widget.get_by_role("button", name="Santé et emploi").click()
    await fits(visitor)
    await shot(visitor.page, f"floating-{size['width']}x{size['height']}")


async def test_les_cibles_sont_assez_grandes(visit: StartVisit):
    async def check(visitor: Visitor) -> None:
        assert await visitor.page.evaluate(SMALL_TARGETS) == []

    await walk(await visit(viewport=PHONE), check)


async def test_l_espacement_du_texte_peut_grandir(visit: StartVisit):
    """WCAG 1.4.12: nothing is cut when the reader spreads lines, letters, words."""
    visitor = await (await visit(viewport=PHONE)).begin()
    await visitor.to_the_plan()
    await visitor.page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
          word-spacing: .16em !important }`);
        const root = document.querySelector("relais-chat").shadowRoot;
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]; }"""
    )
    await fits(visitor)


async def test_en_couleurs_forcees_les_controles_gardent_un_bord(visit: StartVisit):
    visitor = await visit(forced_colors="active")
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await shot(visitor.page, "forced-colors")
    flat = await visitor.page.evaluate(
        """() => [...document.querySelector("relais-chat").shadowRoot
        .querySelectorAll("button, textarea, .bubble, .frame")]
        .filter((node) => node.checkVisibility())
        .filter((node) => { const style = getComputedStyle(node);
          return parseFloat(style.borderTopWidth) < 1 || style.borderTopColor === style.backgroundColor; })
        .map((node) => node.textContent.slice(0, 40))"""
    )
    assert flat == []


async def test_rien_ne_bouge_quand_on_le_demande(visit: StartVisit):
    visitor = await visit(reduced_motion="reduce")
    await visitor.begin()
    moving = """() => document.querySelector("relais-chat").shadowRoot.querySelectorAll("*").values()
      .filter((node) => parseFloat(getComputedStyle(node).transitionDuration) > 0).toArray().length
      + document.getAnimations().length"""
    await visitor.page.evaluate(
        "document.querySelector('relais-chat').shadowRoot.querySelector('.typing').hidden = false"
    )
    assert await visitor.page.evaluate(moving) == 0
    asked = await visitor.page.evaluate(
        """() => new Promise((resolve) => {
        Element.prototype.scrollIntoView = (options) => resolve(options.behavior);
        [...document.querySelector("relais-chat").shadowRoot.querySelectorAll("button")]
          .find((one) => one.textContent === "Oui, j'accepte").click(); })"""
    )
    assert asked == "auto"


async def test_un_message_qui_arrive_est_sous_les_yeux(visit: StartVisit):
    visitor = await visit(viewport=PHONE, reduced_motion="reduce")
    await visitor.begin()
    await visitor.to_the_plan()
    last = visitor.widget.locator("li.user").last
    await visitor.page.wait_for_timeout(200)
    box = await visitor.widget.locator(".plan h3").bounding_box()
    assert box is not None
    assert 0 < box["y"] < PHONE["height"]
    assert await last.count() == 1


async def test_la_page_est_prete_en_moins_d_une_seconde_sur_un_telephone_lent(visit: StartVisit):
    """CPU four times slower, 1.6 Mbit/s and 150 ms of delay: the « slow 4G » of the usual budgets.

    The best of several visits: what else the machine does makes one slow, a page too heavy makes all of them slow.
    """
    seen: list[float] = []
    limit = 1000 * slack()
    while len(seen) < 5 and not (seen and min(seen) < limit):
        seen.append(await ready_on_a_slow_phone(await visit(viewport=PHONE)))
    print(f"interactive on the slow profile after {[round(each) for each in seen]} ms")
    assert min(seen) < limit


def slack() -> float:
    """What a fixed computation takes here, in the time of a machine that nothing else uses; one at the least."""
    started = time.perf_counter()
    sum(range(5_000_000))
    return max(1.0, (time.perf_counter() - started) / 0.15)


async def ready_on_a_slow_phone(visitor: Visitor) -> float:
    """Milliseconds until the page answers, on a first visit."""
    session = await visitor.context.new_cdp_session(visitor.page)
    await session.send("Network.enable")
    await session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750},
    )
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await visitor.open()
    ready: float = await visitor.page.evaluate(
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    )
    assert await visitor.widget.get_by_role("button", name="Commencer", exact=True).is_visible()
    return ready
