"""`relais orient` et `relais sources check`, comme on les tape."""

import io
import json

import pytest

from bot.commands import orient as orient_command
from bot.commands import sources as sources_command
from bot.orientation import orient as orient_situation


@pytest.fixture
def parser():
    import argparse

    found = argparse.ArgumentParser()
    commands = found.add_subparsers()
    orient_command.register(commands)
    sources_command.register(commands)
    return found


@pytest.fixture
def no_directory(monkeypatch):
    """Le plan sans les contacts : l'annuaire a ses propres tests."""
    monkeypatch.setattr(
        orient_command, "_plan", lambda situation, on: orient_situation(situation, on).to_json()
    )


def run(parser, *arguments):
    options = parser.parse_args(arguments)
    return options.run(options)


def test_orient_lit_un_fichier_et_ecrit_le_plan(parser, no_directory, tmp_path, capsys):
    path = tmp_path / "situation.json"
    path.write_text(json.dumps({"audience": "worker", "leave_days": 120}), encoding="utf-8")
    assert run(parser, "orient", "--date", "2026-11-22", str(path)) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["as_of"] == "2026-11-22"
    assert {"first_step", "steps", "devices", "not_concerned", "sources", "missing"} <= set(plan)


def test_orient_lit_l_entree_standard(parser, no_directory, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("{}"))
    assert run(parser, "orient", "--date", "2026-11-22", "-") == 0
    assert json.loads(capsys.readouterr().out)["missing"][0] == "audience"


@pytest.mark.parametrize(("text", "field"), [
    ('{"status": "roi"}', "status"), ("{", "situation"), ("[]", "situation"), ("[" * 100_000, "situation"),
])  # fmt: skip
def test_orient_refuse_en_une_ligne(parser, tmp_path, capsys, text, field):
    path = tmp_path / "situation.json"
    path.write_text(text, encoding="utf-8")
    assert run(parser, "orient", str(path)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{field} : ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_orient_refuse_un_fichier_illisible(parser, tmp_path, capsys, content):
    path = tmp_path / "situation.json"
    if content:
        path.write_bytes(content)
    assert run(parser, "orient", str(path)) == 2
    assert capsys.readouterr().err.startswith("fichier : ")


def test_orient_explique(parser, tmp_path, capsys):
    path = tmp_path / "situation.json"
    path.write_text('{"audience": "worker", "on_leave": true, "leave_days": 40}', encoding="utf-8")
    assert run(parser, "orient", "--explain", "--date", "2026-11-22", str(path)) == 0
    assert "device:visite_prereprise" in capsys.readouterr().out


def test_une_date_impossible_est_refusee(parser, capsys):
    with pytest.raises(SystemExit) as refused:
        run(parser, "orient", "--date", "hier", "-")
    assert refused.value.code == 2


def test_sources_sans_donnees_dit_comment_les_installer(parser, monkeypatch, capsys):
    monkeypatch.setattr(sources_command, "_installed", lambda: None)
    assert run(parser, "sources", "check", "--date", "2026-11-22") == 0
    assert "make law-data" in capsys.readouterr().out


def test_sources_refuse_un_dossier_vide(parser, tmp_path, capsys):
    assert run(parser, "sources", "check", "--data", str(tmp_path)) == 2
    assert "ne peut pas être lu" in capsys.readouterr().err


def test_sources_liste_ce_qui_est_a_verifier(parser, monkeypatch, capsys):
    monkeypatch.setattr(sources_command, "_installed", lambda: None)
    assert run(parser, "sources", "check", "--date", "2028-01-01") == 0
    assert "ct-r4624-29" in capsys.readouterr().out
