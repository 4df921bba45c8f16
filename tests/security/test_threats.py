"""The threat model names code that exists and tests that exist: a protection that went away is seen here."""

import re

import pytest

from bot.settings import ROOT

PAGE = (ROOT / "docs" / "securite" / "menaces.md").read_text(encoding="utf-8")
ROWS = [row.strip("|").split("|") for row in PAGE.splitlines() if re.match(r"\| [UARDIÉ] \|", row)]
COMPONENTS = (
    "Le chat",
    "La passerelle",
    "Les messageries",
    "La console",
    "Rasa",
    "Les données",
    "L'annuaire",
    "Le déploiement",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1].strip()[:50])
def test_chaque_menace_nomme_un_code_et_un_test_qui_existent(row: list[str]):
    _, threat, protection, place, test = (cell.strip() for cell in row)
    assert threat
    assert protection
    assert (ROOT / place.strip("`")).is_file(), place
    path, name = test.strip("`").split("::")
    assert re.search(rf"def {name}\(", (ROOT / path).read_text(encoding="utf-8")), test


def test_chaque_composant_et_chaque_sorte_de_menace_sont_traites():
    parts = PAGE.split("\n## ")
    for component in COMPONENTS:
        (part,) = [each for each in parts if each.startswith(component)]
        assert len(re.findall(r"^\| [UARDIÉ] \|", part, re.MULTILINE)) >= 4, component
    assert {row[0].strip() for row in ROWS} == set("UARDIÉ")


def test_les_chemins_et_les_liens_de_la_page_existent():
    for name in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / "securite" / name).is_file(), name
