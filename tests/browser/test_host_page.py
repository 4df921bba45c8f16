"""On other people's sites: hostile styles, strict policies, another origin, another shadow root."""

import pytest

from tests.browser.conftest import IN_A_BROWSER, Site, StartSite, StartVisit, Visitor, shot

pytestmark = IN_A_BROWSER

RESETS = """
* { all: unset !important; display: none !important; font-size: 3px !important; color: red !important; }
html { font-size: 62.5%; direction: rtl; }
html, body, main, h1 { display: block !important; }
button, input, a, li, p, h2, dialog, section { position: fixed !important; opacity: 0 !important; }
button, a { pointer-events: none !important; }
relais-chat { visibility: hidden !important; opacity: 0 !important; }
"""


def page(site: Site, *, before: str = "", attributes: str = 'data-mode="inline"', body: str = "") -> str:
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un site</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/site.css">{before}</head><body><main><h1>Un site</h1>{body}'
        f'<script src="{site.url}/relais.js" {attributes}></script></main></body></html>'
    )


async def guest(
    visit: StartVisit, host, start_site: StartSite, *, csp: str = "", css: str = "", **how
) -> Visitor:
    """A visitor of a site that the gateway allows. `{server}` in the policy is our address."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    probe = await start_site(port=port)
    url = await host(page(probe, **how), csp=csp.replace("{server}", probe.url) or None, css=css)
    object.__setattr__(probe.gateway.options, "allowed_origins", frozenset({url}))
    return await (await visit(url=url)).open()


async def test_sur_un_autre_site_la_conversation_entiere_puis_le_parcours(visit, host, start_site):
    visitor = await guest(visit, host, start_site)
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")
    await visitor.to_the_plan()
    assert [cookie for cookie in await visitor.context.cookies() if cookie["name"] == "relais"] == []
    assert await visitor.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    async with visitor.page.expect_popup() as opened:
        await visitor.widget.get_by_role(
            "button", name="Lire, imprimer ou garder mon parcours complet"
        ).click()
    plan = await opened.value
    await plan.get_by_role("heading", name="Mon parcours").wait_for()
    assert plan.url.endswith("/plan")


async def test_un_site_qui_n_est_pas_sur_la_liste_ne_peut_rien(visit, host, site):
    visitor = await (await visit(url=await host(page(site)))).open()
    await visitor.choose("Commencer")
    await visitor.widget.locator(".status").get_by_text("La connexion est coupée").wait_for()
    visitor.problems[:] = [problem for problem in visitor.problems if "blocked by CORS policy" not in problem]


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", None])
async def test_le_parcours_ne_s_ouvre_pas_depuis_un_autre_site(visit, site: Site, origin):
    visitor = await (await visit()).begin()
    token = (await visitor.context.cookies())[0]["value"]
    headers = {"Origin": origin} if origin else {}
    answer = await visitor.page.request.post(f"{site.url}/plan/open", form={"token": token}, headers=headers)
    assert answer.status == 401


async def test_les_styles_de_la_page_n_y_changent_rien(visit, host, start_site):
    calm = await guest(visit, host, start_site)
    hostile = await guest(visit, host, start_site, css=RESETS)
    sizes = []
    for visitor in (calm, hostile):
        begin = visitor.widget.get_by_role("button", name="Commencer", exact=True)
        await begin.scroll_into_view_if_needed()
        style = await begin.evaluate(
            """node => { const s = getComputedStyle(node);
            return [s.fontSize, s.color, s.backgroundColor, s.display, s.direction]; }"""
        )
        box = await begin.bounding_box()
        assert box is not None
        sizes.append((style, round(box["height"]), round(box["width"])))
    assert sizes[0] == sizes[1]
    await hostile.choose("Commencer")
    await hostile.sees("Acceptez-vous")
    await shot(hostile.page, "hostile")


async def test_sous_une_politique_de_securite_stricte(visit, host, start_site):
    """No inline style, no inline script, no eval: the host only allows our script and our API."""
    visitor = await guest(
        visit,
        host,
        start_site,
        csp="default-src 'none'; script-src {server}; connect-src {server}; style-src 'self'; form-action {server}; "
        "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    )
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")
    await visitor.to_the_plan()
    color = await visitor.widget.get_by_role("button", name="Envoyer", exact=True).evaluate(
        "node => getComputedStyle(node).backgroundColor"
    )
    assert color == "rgb(15, 80, 104)"


async def test_dans_un_shadow_root_de_la_page(visit, host, start_site):
    visitor = await guest(
        visit,
        host,
        start_site,
        attributes="",
        body='<relais-chat hidden></relais-chat><div id="box"></div>',
    )
    await visitor.page.evaluate(
        """() => { document.querySelector("relais-chat").remove();
        const root = document.getElementById("box").attachShadow({mode: "open"});
        const chat = document.createElement("relais-chat");
        chat.dataset.mode = "inline";
        root.append(chat); }"""
    )
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")
    assert await visitor.focused() == "H3 Votre réponse"


async def test_couleurs_titre_et_textes_se_changent(visit, host, start_site):
    words = '{"begin": "Démarrer", "intro": "Bonjour à vous."}'
    visitor = await guest(
        visit,
        host,
        start_site,
        css="relais-chat { --relais-accent: rgb(90, 20, 90); --relais-radius: 0; }",
        attributes=f"data-mode='inline' data-title='Aide de la CPAM' data-words='{words}' data-theme='light'",
    )
    begin = visitor.widget.get_by_role("button", name="Démarrer")
    assert await begin.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(90, 20, 90)"
    assert await visitor.widget.get_by_role("heading", name="Aide de la CPAM").is_visible()
    assert await visitor.widget.get_by_text("Bonjour à vous.").is_visible()


async def test_deux_balises_ne_font_qu_un_widget(visit, host, start_site):
    visitor = await guest(
        visit, host, start_site, body='<relais-chat data-mode="inline"></relais-chat>', attributes=""
    )
    assert await visitor.page.locator("relais-chat").count() == 1
    assert await visitor.widget.get_by_role("button", name="Commencer", exact=True).is_visible()


async def test_retire_puis_remis_il_marche_encore(visit, host, start_site):
    visitor = await guest(visit, host, start_site)
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")
    await visitor.page.evaluate("document.body.append(document.querySelector('relais-chat'))")
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
