"""Versions: the same rules have the same one, any change of a rule changes it."""

import json
from pathlib import Path

import pytest

from bot import version
from bot.commands import main


def test_la_version_des_regles_change_avec_une_valeur(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "data" / "orientation"
    folder.mkdir(parents=True)
    values = folder / "thresholds.yml"
    monkeypatch.setattr(version, "ROOT", tmp_path)
    seen = []
    for content in ("a: 30\nlast_checked: 2026-11-22\n", "a: 31\nlast_checked: 2026-11-22\n"):
        values.write_text(content)
        version.rules_version.cache_clear()
        seen.append(version.rules_version())
    version.rules_version.cache_clear()
    assert seen[0] != seen[1]
    assert all(each.startswith("2026-11-22.") for each in seen)


def test_la_commande_dit_les_trois_versions(capsys: pytest.CaptureFixture[str]):
    assert main(["version", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["relais"] == version.VERSION
    assert said["rules"] == version.rules_version()
    assert len(said["model"]) == 16
    assert main(["version"]) == 0
    assert version.rules_version() in capsys.readouterr().out
