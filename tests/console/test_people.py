"""Accounts as administrators handle them: invitations, territories, the last one, the log; and the command."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands import main
from bot.console.accounts.book import LastAdminError
from bot.console.adviser import Adviser, in_scope
from bot.console.models import Access
from tests.console.conftest import Browser, Site
from tests.console.test_signing_in import account, book

LIST = "/console/comptes"


async def invite(browser: Browser, **fields: str) -> int:
    await browser.get(LIST)
    form = {"email": "nouvelle@exemple.fr", "role": "adviser", "departments": "52", "name": "Nour"} | fields
    return (await browser.post(LIST, form)).status


async def logged(site: Site) -> list[tuple[str, str, str]]:
    query = select(Access.adviser, Access.what, Access.about).order_by(Access.id)
    return [tuple(row) for row in await site.store.read(lambda connection: connection.execute(query).all())]


async def test_inviter_quelqu_un_montre_son_lien_une_fois(site: Site) -> None:
    boss = await site.sign_in("admin", email="chef@exemple.fr")
    assert await invite(boss) == 200
    link = re.search(r"/console/invitation/[\w-]{43}", boss.text)
    assert link is not None
    assert (await (await site.browser()).get(link[0])).status == 200
    await boss.get(LIST)
    assert "Nour" in boss.text
    assert "/console/invitation/" not in boss.text
    made = await account(site, "nouvelle@exemple.fr")
    assert (made.role, made.departments, made.password) == ("adviser", ["52"], None)
    assert ("chef@exemple.fr", "account.added", "nouvelle@exemple.fr") in await logged(site)
    assert ("chef@exemple.fr", "account.link", "nouvelle@exemple.fr") in await logged(site)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "pas une adresse"},
        {"email": "a@exemple.fr\r\nBcc: b@exemple.fr"},
        {"role": "empereur"},
        {"departments": "52, 999"},
        {"email": "chef@exemple.fr"},
    ],
)
async def test_une_invitation_impossible_est_dite(site: Site, fields: dict[str, str]) -> None:
    boss = await site.sign_in("admin", email="chef@exemple.fr")
    assert await invite(boss, **fields) == 400
    assert 'role="alert"' in boss.text
    assert len(await book(site).all()) == 1


async def test_un_administrateur_ne_donne_pas_plus_que_son_territoire(site: Site) -> None:
    local = await site.sign_in("admin", ["52", "10"])
    assert await invite(local, departments="14") == 400
    assert await invite(local, departments="") == 400
    assert await invite(local, departments="10") == 200
    national = await site.sign_in("adviser", None, email="national@exemple.fr")
    elsewhere = await site.sign_in("adviser", ["14"], email="calvados@exemple.fr")
    await local.get(LIST)
    assert "nouvelle@exemple.fr" in local.text
    assert "national@exemple.fr" not in local.text
    assert "calvados@exemple.fr" not in local.text
    for other in (national, elsewhere):
        for action in ("", "/lien", "/second-facteur", "/activite"):
            path = f"{LIST}/{other.adviser_id}{action}"
            assert (await local.post(path, {"role": "adviser", "departments": "52"})).status == 404
        assert (await local.get(f"{LIST}/{other.adviser_id}")).status == 404


async def test_personne_ne_change_son_propre_role(site: Site) -> None:
    boss = await site.sign_in("admin", ["52"])
    mine = f"{LIST}/{boss.adviser_id}"
    assert (await boss.post(mine, {"role": "admin", "departments": "", "name": "x"})).status == 400
    assert (await boss.post(f"{mine}/activite")).status == 400
    assert (await boss.post(mine, {"role": "admin", "departments": "52", "name": "Autre nom"})).status == 303
    found = await book(site).find(boss.adviser_id)
    assert found is not None
    assert found.name == "Autre nom"


async def test_un_role_retire_l_est_aussitot(site: Site) -> None:
    boss, other = await site.sign_in("admin"), await site.sign_in("admin")
    assert (await other.get(LIST)).status == 200
    path = f"{LIST}/{other.adviser_id}"
    assert (await boss.post(path, {"role": "adviser", "departments": "52", "name": "x"})).status == 303
    assert (await other.get(LIST)).status == 403


async def test_il_reste_toujours_quelqu_un_pour_administrer(site: Site) -> None:
    await site.sign_in("admin", email="chef@exemple.fr")
    await site.sign_in("admin", ["52"])
    only = await account(site, "chef@exemple.fr")
    local = await site.sign_in("admin", email="second@exemple.fr")
    assert (await local.post(f"{LIST}/{only.id}/activite")).status == 303
    assert (await local.post(f"{LIST}/{only.id}/activite")).status == 303
    second = await account(site, "second@exemple.fr")
    await book(site).remove(only, None)
    with pytest.raises(LastAdminError):
        await book(site).remove(second, None)
    assert (await book(site).find(second.id)) is not None


@pytest.mark.parametrize(
    ("role", "departments", "department", "seen"),
    [
        ("adviser", None, "14", True),
        ("adviser", None, None, True),
        ("adviser", {"52"}, "52", True),
        ("adviser", {"52"}, "14", False),
        ("adviser", {"52"}, None, False),
        ("manager", {"52"}, None, True),
        ("manager", {"52"}, "14", False),
        ("admin", {"52"}, None, True),
        ("admin", {"52"}, "14", False),
    ],
)
def test_le_territoire_decide(
    role: str, departments: set[str] | None, department: str | None, seen: bool
) -> None:
    whole = None if departments is None else frozenset(departments)
    adviser = Adviser(1, "a@exemple.fr", "A", role, whole)  # type: ignore[arg-type]
    assert in_scope(adviser, department) is seen


def test_la_commande_cree_le_premier_compte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    monkeypatch.setenv("RELAIS_PUBLIC_URL", "https://relais.example")
    monkeypatch.delenv("RELAIS_DATABASE_URL", raising=False)
    assert main(["adviser", "add", "Chef@Exemple.fr", "--role", "admin", "--name", "Camille"]) == 0
    assert re.search(r"^https://relais\.example/console/invitation/[\w-]{43}$", capsys.readouterr().out, re.M)
    assert main(["adviser", "add", "chef@exemple.fr"]) == 2
    assert main(["adviser", "add", "nour@exemple.fr", "--departments", "52,10"]) == 0
    assert main(["adviser", "add", "autre@exemple.fr", "--departments", "99"]) == 2
    assert main(["adviser", "add", "pas une adresse"]) == 2
    capsys.readouterr()
    assert main(["adviser", "link", "nour@exemple.fr"]) == 0
    assert "/console/invitation/" in capsys.readouterr().out
    assert main(["adviser", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "chef@exemple.fr\tadmin\ttous\tinvité\tCamille",
        "nour@exemple.fr\tadviser\t10,52\tinvité\tnour",
    ]
    assert main(["adviser", "remove", "chef@exemple.fr"]) == 2
    assert main(["adviser", "remove", "nour@exemple.fr"]) == 0
    assert main(["adviser", "remove", "nour@exemple.fr"]) == 2
    assert main(["adviser", "add", "seul@exemple.fr", "--password"]) == 2
