"""Signing in through the organisation's OpenID Connect provider: a real one, on a port of this machine."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.console.accounts.oidc.settings import OidcSettings
from bot.settings import SettingsError
from tests.console.conftest import Browser, Site, StartSite
from tests.console.provider import CLIENT, SECRET, LocalProvider
from tests.console.test_signing_in import account, book, is_in

LEAVE = "/console/connexion/organisation"


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalProvider]:
    made = LocalProvider()
    await made.server.start_server()
    monkeypatch.setenv("RELAIS_OIDC_ISSUER", made.issuer)
    monkeypatch.setenv("RELAIS_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("RELAIS_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("RELAIS_OIDC_NAME", "la Carsat")
    monkeypatch.setenv("RELAIS_OIDC_SECOND_FACTOR", "provider")
    yield made
    await made.server.close()


@pytest.fixture
async def site(start_site: StartSite, provider: LocalProvider) -> Site:
    site = await start_site()
    await book(site).add("camille@exemple.fr", "Camille", "adviser", ["52"], None)
    return site


async def sign_in(browser: Browser, **more: str) -> str:
    """Leave for the provider and come back; returns where the console sends next."""
    response = await browser.get(LEAVE, params=more)
    assert response.status == 303, response.status
    if "/authorize?" not in response.headers["Location"]:
        return response.headers["Location"]
    answer = await browser.client.session.get(response.headers["Location"], allow_redirects=False)
    back = answer.headers["Location"].partition("/console")[2]
    return (await browser.get("/console" + back)).headers["Location"]


async def test_l_organisation_ouvre_la_console(site: Site, provider: LocalProvider) -> None:
    browser = await site.browser()
    await browser.get("/console/connexion")
    assert "Se connecter avec la Carsat" in browser.text
    assert await sign_in(browser, vers="/console/moi") == "/console/moi"
    assert await is_in(browser)
    made = await account(site)
    assert (made.issuer, made.subject) == (provider.issuer, "1234")


async def test_ensuite_c_est_l_identifiant_qui_compte_pas_le_courriel(
    site: Site, provider: LocalProvider
) -> None:
    await sign_in(await site.browser())
    provider.person = {"sub": "1234", "email": "mariee@exemple.fr", "email_verified": True}
    browser = await site.browser()
    await sign_in(browser)
    assert await is_in(browser)
    provider.person = {"sub": "intrus", "email": "camille@exemple.fr", "email_verified": True}
    browser = await site.browser()
    assert await sign_in(browser) == "/console/connexion"
    assert not await is_in(browser)


@pytest.mark.parametrize(
    "person",
    [
        {"email": "inconnue@exemple.fr", "email_verified": True},
        {"email": "camille@exemple.fr", "email_verified": False},
        {"email": "camille@exemple.fr"},
        {"email": "camille@exemple.fr", "email_verified": "true"},
        {},
    ],
)
async def test_sans_invitation_ni_courriel_verifie_personne_n_entre(
    site: Site, provider: LocalProvider, person: dict[str, Any]
) -> None:
    provider.person = {"sub": "1234"} | person
    browser = await site.browser()
    assert await sign_in(browser) == "/console/connexion"
    assert not await is_in(browser)
    assert (await account(site)).subject is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://ailleurs.example"},
        {"aud": "une autre application"},
        {"aud": [CLIENT, "une autre application"], "azp": "une autre application"},
        {"nonce": "un autre"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
    ],
    ids=" ".join,  # the same in every worker of pytest-xdist: the values hold the time
)
async def test_un_jeton_qui_n_est_pas_pour_nous_est_refuse(
    site: Site, provider: LocalProvider, claims: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims = claims
    browser = await site.browser()
    assert await sign_in(browser) == "/console/connexion"
    assert not await is_in(browser)
    assert "id_token" in caplog.text
    await browser.get("/console/connexion")
    assert "La connexion par votre organisation n" in browser.text


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("signature", "id_token: BadSignatureError"),
        ("symmetric", "id_token"),
        ("none", "id_token"),
        ("down", "status 400"),
        ("denied", "refused by the provider"),
        ("discovery", "another issuer"),
        ("plain", "token_endpoint is missing or not https"),
    ],
)
async def test_un_fournisseur_qui_ment_ou_tombe_n_ouvre_rien(
    site: Site, provider: LocalProvider, fault: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.fault = fault
    browser = await site.browser()
    assert await sign_in(browser) == "/console/connexion"
    assert not await is_in(browser)
    assert reason in caplog.text


async def test_un_retour_qui_n_est_pas_parti_d_ici_est_refuse(site: Site) -> None:
    """Login CSRF: an attacker's code does not sign the victim in as the attacker."""
    attacker, victim = await site.browser(), await site.browser()
    away = (await attacker.get(LEAVE)).headers["Location"]
    answer = await attacker.client.session.get(away, allow_redirects=False)
    back = "/console" + answer.headers["Location"].partition("/console")[2]
    assert (await victim.get(back)).headers["Location"] == "/console/connexion"
    await victim.get(LEAVE)  # even when the victim is away too: their state is another
    assert (await victim.get(back)).headers["Location"] == "/console/connexion"
    assert not await is_in(victim)
    assert (await attacker.get(back + "&iss=https%3A%2F%2Failleurs.example")).headers[
        "Location"
    ] == "/console/connexion"


async def test_sans_second_facteur_du_fournisseur_la_console_demande_le_sien(
    start_site: StartSite, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAIS_OIDC_SECOND_FACTOR", "relais")
    site = await start_site()
    await book(site).add("camille@exemple.fr", "Camille", "adviser", None, None)
    browser = await site.browser()
    assert (await sign_in(browser)).startswith("/console/connexion/enrolement")
    assert not await is_in(browser)
    provider.claims = {"amr": ["pwd", "otp", "mfa"]}
    await sign_in(browser)
    assert await is_in(browser)


async def test_un_compte_desactive_n_entre_pas_par_l_organisation(site: Site) -> None:
    await book(site).change(await account(site), "account.deactivated", None, active=False)
    browser = await site.browser()
    assert await sign_in(browser) == "/console/connexion"
    assert not await is_in(browser)


@pytest.mark.parametrize(
    ("issuer", "client"), [("http://ailleurs.example", "x"), ("https://ailleurs.example", ""), ("", "x")]
)
def test_un_reglage_dangereux_est_refuse(monkeypatch: pytest.MonkeyPatch, issuer: str, client: str) -> None:
    monkeypatch.setenv("RELAIS_OIDC_ISSUER", issuer)
    monkeypatch.setenv("RELAIS_OIDC_CLIENT_ID", client)
    with pytest.raises(SettingsError):
        OidcSettings.from_environment()
