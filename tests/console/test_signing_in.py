"""Signing in: both factors, links, lockout, expiry, and what an attacker would try."""

import asyncio
import re
from datetime import timedelta
from hashlib import sha256

import pyotp
import pytest
from sqlalchemy import select

from bot.console.accounts.book import Account, Book
from bot.console.accounts.stages import target
from bot.console.models import Access, AdviserSession
from bot.console.sessions import COOKIE
from bot.settings import Settings
from tests.console.conftest import Browser, Site, StartSite

PASSWORD = "un cheval sous la pluie"
EMAIL = "camille@exemple.fr"
WAY_IN, CODE, ENROL = "/console/connexion", "/console/connexion/code", "/console/connexion/enrolement"


def book(site: Site) -> Book:
    return Book(site.store, site.console.secrecy, site.clock)


async def account(site: Site, email: str = EMAIL) -> Account:
    found = await book(site).by_email(email)
    assert found is not None
    return found


async def invited(site: Site, email: str = EMAIL, role: str = "admin") -> str:
    """A new account; returns the path of its invitation."""
    await book(site).add(email, "Camille", role, None, None)
    return "/console/invitation/" + await book(site).link(
        await account(site, email), timedelta(hours=1), None
    )


class Telephone:
    """The application of codes of an adviser."""

    def __init__(self, site: Site, page: str) -> None:
        found = re.search(r'translate="no">([A-Z2-7 ]+)</span>', page)
        assert found is not None
        self._totp, self._site = pyotp.TOTP(found[1].replace(" ", "")), site

    def code(self) -> str:
        return self._totp.at(self._site.clock())


async def settled(site: Site, browser: Browser, email: str = EMAIL) -> tuple[Telephone, list[str]]:
    """Go through the invitation to the end; returns the telephone and the recovery codes."""
    link = await invited(site, email)
    await browser.get(link)
    await browser.follow(await browser.post(link, {"password": PASSWORD, "again": PASSWORD}))
    telephone = Telephone(site, browser.text)
    hidden = re.search(r'name="secret" value="([^"]+)"', browser.text)
    assert hidden is not None
    response = await browser.post(ENROL, {"code": telephone.code(), "secret": hidden[1]})
    assert response.status == 200, browser.text
    return telephone, re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", browser.text)


async def give_password(browser: Browser, password: str = PASSWORD, email: str = EMAIL, **more: str) -> int:
    await browser.get(WAY_IN)
    return (await browser.post(WAY_IN, {"email": email, "password": password, **more})).status


def cookie(browser: Browser) -> str:
    return next((each.value for each in browser.client.session.cookie_jar if each.key == COOKIE), "")


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/console/moi")).status == 200


async def test_de_l_invitation_a_la_console(site: Site) -> None:
    browser = await site.browser()
    _, codes = await settled(site, browser)
    assert len(set(codes)) == 10
    assert await is_in(browser)
    await browser.follow(await browser.post("/console/deconnexion"))
    assert not await is_in(browser)


async def test_se_connecter_avec_le_mot_de_passe_et_le_telephone(site: Site) -> None:
    telephone, _ = await settled(site, await site.browser())
    site.clock.ahead += timedelta(minutes=1)
    browser = await site.browser()
    assert await give_password(browser, vers="/console/journal?qui=x") == 303
    assert not await is_in(browser), "the password alone opens nothing"
    await browser.get(CODE)
    response = await browser.post(CODE, {"code": telephone.code(), "vers": "/console/journal?qui=x"})
    assert (response.status, response.headers["Location"]) == (303, "/console/journal?qui=x")
    assert await is_in(browser)


async def test_un_code_du_telephone_ne_sert_qu_une_fois(site: Site) -> None:
    telephone, _ = await settled(site, await site.browser())
    spied = telephone.code()
    browser = await site.browser()
    await give_password(browser)
    await browser.get(CODE)
    assert (await browser.post(CODE, {"code": spied})).status == 401
    assert not await is_in(browser)


async def test_un_code_vu_par_dessus_l_epaule_ne_sert_pas_une_seconde_fois(site: Site) -> None:
    telephone, _ = await settled(site, await site.browser())
    site.clock.ahead += timedelta(minutes=1)
    seen = telephone.code()
    for expected in (303, 401):
        browser = await site.browser()
        await give_password(browser)
        await browser.get(CODE)
        assert (await browser.post(CODE, {"code": seen})).status == expected
    assert not await is_in(browser)


async def test_le_journal_dit_qui_entre_sort_ou_se_trompe_trop(site: Site) -> None:
    browser = await site.browser()
    await settled(site, browser)
    await browser.get("/console/moi")
    await browser.post("/console/deconnexion")
    site.clock.ahead += timedelta(minutes=1)
    await give_password(browser)
    for _ in range(11):  # the code, wrong: one time too many
        await browser.get(CODE)
        await browser.post(CODE, {"code": "000000"})
    stranger = await site.browser()
    for _ in range(9):  # the password
        await give_password(stranger, "pas le bon mot de passe")
    lines = await site.store.read(
        lambda connection: connection.execute(select(Access.what, Access.about).order_by(Access.id)).all()
    )
    assert [what for what, about in lines if about == EMAIL] == [
        "account.added", "account.link", "account.password", "account.second_factor", "account.signed_in",
        "account.signed_out", "account.locked", "account.locked",
    ]  # fmt: skip


async def test_un_code_de_secours_ne_sert_qu_une_fois(site: Site) -> None:
    _, codes = await settled(site, await site.browser())
    for expected in (303, 401):
        browser = await site.browser()
        await give_password(browser)
        await browser.get(CODE)
        assert (await browser.post(CODE, {"code": codes[0].upper().replace("-", " ")})).status == expected
    assert len((await account(site)).recovery) == 9


async def test_une_invitation_ne_sert_qu_une_fois_et_expire(site: Site) -> None:
    link = await invited(site)
    browser = await site.browser()
    await browser.get(link)
    await browser.get(link)  # a mail scanner looks: nothing is used up
    for weak in ("court", "aaaaaaaaaaaaaaaa", "camille camille"):
        assert (await browser.post(link, {"password": weak, "again": weak})).status == 400
    assert (await browser.post(link, {"password": PASSWORD, "again": PASSWORD + "!"})).status == 400
    assert (await browser.post(link, {"password": PASSWORD, "again": PASSWORD})).status == 303
    assert (await (await site.browser()).get(link)).status == 404
    link = await invited(site, "autre@exemple.fr")
    site.clock.ahead += timedelta(hours=2)
    assert (await (await site.browser()).get(link)).status == 404


async def test_un_lien_d_acces_ferme_les_sessions_ouvertes(site: Site) -> None:
    browser, other = await site.browser(), await site.browser()
    await settled(site, browser)
    link = "/console/invitation/" + await book(site).link(await account(site), timedelta(hours=1), None)
    await other.get(link)
    assert (await other.post(link, {"password": PASSWORD * 2, "again": PASSWORD * 2})).status == 303
    assert not await is_in(browser)
    assert not await is_in(other), "the second factor is still asked for"
    assert await give_password(await site.browser()) == 401


async def test_la_meme_reponse_que_le_compte_existe_ou_non(site: Site) -> None:
    await settled(site, await site.browser())
    pages = []
    for email in (EMAIL, "personne@exemple.fr"):
        browser = await site.browser()
        assert await give_password(browser, "faux mot de passe", email) == 401
        pages.append(re.sub(r'name="csrf" value="[^"]+"', "", browser.text).replace(email, "…"))
    assert pages[0] == pages[1]


async def test_un_compte_desactive_n_entre_plus(site: Site) -> None:
    browser = await site.browser()
    await settled(site, browser)
    boss = await site.sign_in("admin")
    assert (await boss.post(f"/console/comptes/{(await account(site)).id}/activite")).status == 303
    assert not await is_in(browser)
    assert await give_password(await site.browser()) == 401


async def test_le_jeton_change_a_chaque_etape(site: Site) -> None:
    """Session fixation: a token known before signing in opens nothing after."""
    telephone, _ = await settled(site, await site.browser())
    site.clock.ahead += timedelta(minutes=1)
    victim, attacker = await site.browser(), await site.browser()
    await attacker.get(WAY_IN)
    planted = cookie(attacker)
    victim.client.session.cookie_jar.update_cookies({COOKIE: planted}, site.server.make_url("/console/"))
    await give_password(victim)
    between = cookie(victim)
    await victim.get(CODE)
    await victim.post(CODE, {"code": telephone.code()})
    assert await is_in(victim)
    assert len({planted, between, cookie(victim)}) == 3
    for known in (planted, between):
        attacker.client.session.cookie_jar.update_cookies({COOKIE: known}, site.server.make_url("/console/"))
        assert not await is_in(attacker)


async def test_la_base_ne_contient_aucun_jeton(site: Site) -> None:
    browser = await site.browser()
    await settled(site, browser)
    rows = await site.store.read(lambda connection: connection.execute(select(AdviserSession.digest)).all())
    assert [sha256(cookie(browser).encode()).hexdigest()] == [row.digest for row in rows]


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://relais.example", True), ("http://127.0.0.1", False)]
)
async def test_le_cookie_est_hors_de_portee_des_scripts(
    start_site: StartSite, monkeypatch: pytest.MonkeyPatch, public_url: str, secure: bool
) -> None:
    site = await start_site(public_url=public_url)
    response = await (await site.browser()).get(WAY_IN)
    sent = response.headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Path=/console" in sent
    assert ("Secure" in sent) is secure


async def test_une_session_expire_sans_activite_puis_en_tout_cas(site: Site) -> None:
    browser = await site.sign_in("adviser")
    for _ in range(19):
        site.clock.ahead += timedelta(minutes=29)
        assert await is_in(browser)
    site.clock.ahead += timedelta(minutes=31)
    assert not await is_in(browser)
    browser = await site.sign_in("adviser")
    for _ in range(21):
        site.clock.ahead += timedelta(minutes=28)
        assert await is_in(browser)
    site.clock.ahead += timedelta(minutes=28)
    assert not await is_in(browser), "ten hours are over, activity or not"


async def test_deviner_un_mot_de_passe_est_vite_arrete(site: Site) -> None:
    await settled(site, await site.browser())
    attacker = await site.browser()
    seen = [await give_password(attacker, f"essai numéro {rank}") for rank in range(9)]
    assert seen == [401] * 8 + [429]
    assert await give_password(attacker) == 429, "the right one is not even looked at"
    site.clock.ahead += timedelta(minutes=16)
    assert await give_password(attacker) == 303


async def test_cent_essais_en_meme_temps_sont_cent_essais(site: Site) -> None:
    await settled(site, await site.browser())
    browser = await site.browser()
    await browser.get(WAY_IN)
    forms = [browser.post(WAY_IN, {"email": EMAIL, "password": f"essai {rank}"}) for rank in range(20)]
    assert sorted([answer.status for answer in await asyncio.gather(*forms)]) == [401] * 8 + [429] * 12


async def test_un_inconnu_ne_peut_pas_enfermer_un_conseiller_dehors(site: Site) -> None:
    at_home, attacker = await site.browser(), await site.browser()
    telephone, _ = await settled(site, at_home)
    await at_home.post("/console/deconnexion")
    for rank in range(20):
        await give_password(attacker, f"essai {rank}")
    site.clock.ahead += timedelta(minutes=1)
    assert await give_password(at_home) == 303
    await at_home.get(CODE)
    assert (await at_home.post(CODE, {"code": telephone.code()})).status == 303


async def test_deviner_le_code_est_vite_arrete(site: Site) -> None:
    telephone, _ = await settled(site, await site.browser())
    site.clock.ahead += timedelta(minutes=1)
    browser = await site.browser()
    await give_password(browser)
    await browser.get(CODE)
    wrong = "000000" if telephone.code() != "000000" else "000001"
    seen = [(await browser.post(CODE, {"code": wrong})).status for _ in range(11)]
    assert seen == [401] * 10 + [429]
    assert (await browser.post(CODE, {"code": telephone.code()})).status == 429


async def test_les_essais_ne_disent_ni_adresse_ni_courriel(site: Site) -> None:
    await give_password(await site.browser(), "rien", EMAIL)
    folder = site.settings.var
    assert not [file for file in folder.iterdir() if EMAIL.encode() in file.read_bytes()]


async def test_changer_son_mot_de_passe_ferme_les_autres_sessions(site: Site) -> None:
    browser, other = await site.browser(), await site.browser()
    telephone, _ = await settled(site, browser)
    site.clock.ahead += timedelta(minutes=1)
    await give_password(other)
    await other.get(CODE)
    await other.post(CODE, {"code": telephone.code()})
    await browser.get("/console/moi")
    new = {"password": PASSWORD * 2, "again": PASSWORD * 2}
    assert (await browser.post("/console/moi/mot-de-passe", {"current": "faux", **new})).status == 400
    assert await is_in(other)
    assert (await browser.post("/console/moi/mot-de-passe", {"current": PASSWORD, **new})).status == 303
    assert await is_in(browser)
    assert not await is_in(other)


async def test_renouveler_ses_codes_annule_les_anciens(site: Site) -> None:
    browser = await site.browser()
    _, codes = await settled(site, browser)
    before = (await account(site)).recovery
    await browser.get("/console/moi")
    assert (await browser.post("/console/moi/codes", {"current": PASSWORD})).status == 200
    assert not set(before) & set((await account(site)).recovery)
    assert codes[0] not in browser.text


@pytest.mark.parametrize(
    "typed",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "/console//ailleurs.example",
        "/console/\\ailleurs",
        "/",
        "x",
    ],
)
def test_apres_la_connexion_on_reste_dans_la_console(typed: str) -> None:
    assert target(typed) == "/console/"


async def test_derriere_un_mandataire_qui_change_l_hote_les_formulaires_marchent(
    start_site: StartSite,
) -> None:
    site = await start_site(public_url="http://relais.example")
    browser = await site.sign_in("adviser")
    for origin, status in (("http://relais.example", 303), ("http://ailleurs.example", 409)):
        assert (await browser.post("/console/moi/sessions", headers={"Origin": origin})).status == status


async def test_changer_de_cle_laisse_les_seconds_facteurs_lisibles(
    start_site: StartSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await start_site()
    telephone, codes = await settled(before, await before.browser())
    monkeypatch.setenv("RELAIS_SECRET_PREVIOUS", settings.secret)
    monkeypatch.setenv("RELAIS_SECRET", "une autre clé")
    site = await start_site(settings=Settings.from_environment())
    site.clock.ahead = before.clock.ahead = timedelta(minutes=1)
    for code in (telephone.code(), codes[0]):
        browser = await site.browser()
        assert await give_password(browser) == 303
        await browser.get(CODE)
        assert (await browser.post(CODE, {"code": code})).status == 303
