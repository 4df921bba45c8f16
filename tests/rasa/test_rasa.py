"""`rasa data validate` et `rasa test`, qui échouent à la première erreur."""

import subprocess
from pathlib import Path

import pytest

from bot.runtime.model import RASA_PYTHON, ensure_model
from bot.settings import ROOT, Settings

pytestmark = pytest.mark.rasa
PATIENCE = 300
"""Seconds; TensorFlow and the model take ten to load on an idle machine."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One of our commands in Rasa's environment."""
    return subprocess.run(
        [str(RASA_PYTHON), "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def test_rasa_predit_ce_que_disent_les_histoires() -> None:
    result = run("bot.dialogue.stories", "--model", str(ensure_model(Settings.from_environment())))
    assert result.returncode == 0, result.stderr[-2000:]
    assert "ok  stories" in result.stdout


def test_une_histoire_fausse_fait_echouer(tmp_path: Path) -> None:
    wrong = tmp_path / "stories.yml"
    wrong.write_text(
        'version: "3.1"\nstories:\n  - story: wrong\n    steps:\n      - intent: thank\n'
        "      - action: action_give_plan\n"
    )
    model = str(ensure_model(Settings.from_environment()))
    assert run("bot.dialogue.stories", "--model", model, "--stories", str(wrong)).returncode == 1


def test_rasa_valide_ses_donnees() -> None:
    result = run("bot.dialogue.validate")
    assert result.returncode == 0, result.stdout[-2000:]
    assert "FAIL" not in result.stdout
