"""The audit of dependencies, with a pip-audit of ours that answers what the real one does."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands import main
from bot.runtime.audit import LOCKED, AuditError, load
from bot.settings import ROOT
from tests.check_requirements import PIN, normalised

NAME = re.compile(r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[a-z0-9]{4}){3}|PYSEC-\d{4}-\d+)\b")


def package(name: str, *vulnerabilities: str, aliases: tuple[str, ...] = ()) -> dict[str, Any]:
    vulns = [
        {"id": each, "fix_versions": ["9.9"], "aliases": list(aliases), "description": "x"}
        for each in vulnerabilities
    ]
    return {"name": name, "version": "1.0", "vulns": vulns}


@pytest.fixture
def audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run the command on what a pip-audit answers; gives the status and all that was said."""

    def run(answer: object, *, status: int = 0) -> tuple[int, str]:
        tool = tmp_path / "pip-audit"
        said = answer if isinstance(answer, str) else json.dumps({"dependencies": answer, "fixes": []})
        tool.write_text(
            f"#!{sys.executable}\nimport sys\nassert '--require-hashes' in sys.argv\n"
            f"sys.stdout.write({said!r})\nsys.stderr.write('panne')\nsys.exit({status})\n"
        )
        tool.chmod(0o755)
        done = main(["audit", "--tool", str(tool), str(ROOT / "requirements" / "uv.txt")])
        told = capsys.readouterr()
        return done, told.out + told.err

    return run


def test_une_faille_jugee_ne_fait_pas_echouer(audit):
    status, said = audit([package("scikit-learn", "CVE-2024-5206"), package("jinja2")], status=1)
    assert status == 0, said
    assert "jugée      CVE-2024-5206" in said


def test_une_faille_se_reconnait_a_son_autre_nom(audit):
    found = package("scikit-learn", "PYSEC-2999-1", aliases=("GHSA-jw8x-6495-233v",))
    assert audit([found], status=1)[0] == 0


def test_une_faille_sans_jugement_fait_echouer(audit):
    status, said = audit([package("jinja2", "CVE-2999-0001")], status=1)
    assert status == 1
    assert "À JUGER    CVE-2999-0001 jinja2 1.0 : corrigée en 9.9" in said


def test_le_jugement_d_un_paquet_ne_vaut_pas_pour_un_autre(audit):
    assert audit([package("aiohttp", "CVE-2024-5206")], status=1)[0] == 1


def test_un_paquet_qui_n_a_pas_pu_etre_controle_fait_echouer(audit):
    """pip-audit alone says « No known vulnerabilities found » and ends well."""
    skipped = {
        "name": "uv",
        "skip_reason": "Dependency not found on PyPI and could not be audited: uv (0.13.9)",
    }
    status, said = audit([package("jinja2"), skipped])
    assert status == 1
    assert "NON CONTRÔLÉS (1) : uv" in said


def test_rien_de_controle_n_est_pas_un_controle(audit):
    status, said = audit([{"name": "uv", "skip_reason": "x"}])
    assert status == 2
    assert "aucun paquet" in said


@pytest.mark.parametrize("answer", ["", "pas du JSON", "[]", "{}"])
def test_un_outil_qui_ne_repond_pas_se_dit(audit, answer: str):
    status, said = audit(answer, status=1)
    assert status == 2
    assert "audit : uv.txt : panne" in said


def test_sans_l_outil_on_le_dit(capsys: pytest.CaptureFixture[str]):
    assert main(["audit", "--tool", "/inconnu/pip-audit"]) == 2
    assert "/inconnu/pip-audit" in capsys.readouterr().err


def test_un_jugement_incomplet_se_dit(tmp_path: Path):
    path = tmp_path / "vulnerabilities.yml"
    path.write_text("judgements:\n  - {id: CVE-2999-0001, package: jinja2}\nnot_audited: []\n")
    with pytest.raises(AuditError, match="why"):
        load(path)


def test_chaque_jugement_concerne_un_paquet_verrouille_et_dit_sa_source():
    locked = {normalised(match[1]) for path in LOCKED for match in PIN.finditer(path.read_text())}
    for judgement in load().judgements:
        assert judgement.package in locked, judgement.id
        assert judgement.verdict in ("unreachable", "accepted"), judgement.id
        assert judgement.source.startswith("https://"), judgement.id
        assert all(NAME.fullmatch(name) for name in judgement.names), judgement.id


def test_la_page_dit_chaque_jugement_et_rien_d_autre():
    page = (ROOT / "docs" / "securite" / "dependances.md").read_text(encoding="utf-8")
    judged = {judgement.id for judgement in load().judgements}
    assert set(NAME.findall(page)) == judged | {"CVE-2024-49375"}  # of Rasa, corrected in the version we have
