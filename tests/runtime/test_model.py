"""A model is loaded only if it is the one that was trained, whole."""

import gzip
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime import model
from bot.runtime.model import ModelError, ensure_model, model_path, trained_model
from bot.settings import Settings

TRAINER = """#!{python}
import gzip, pathlib, sys
options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
with gzip.open(pathlib.Path(options["--output"]) / options["--name"], "wb") as stream:
    stream.write(b"poids" * 100000)
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A directory without a model, and a trainer that is quick (the real one takes a minute)."""
    monkeypatch.delenv("RELAIS_MODEL_SHA256", raising=False)
    trainer = tmp_path / "python"
    trainer.write_text(TRAINER.format(python=sys.executable))
    trainer.chmod(0o755)
    monkeypatch.setattr(model, "RASA_PYTHON", trainer)
    return replace(Settings.from_environment(), models=tmp_path / "models")


def test_un_modele_entraine_a_sa_somme_et_se_charge(settings: Settings):
    path = ensure_model(settings)
    assert path == model_path(settings) == trained_model(settings)
    assert path.with_name(f"{path.name}.sha256").read_text().split()[1] == path.name


def test_sans_modele_on_dit_quoi_faire(settings: Settings):
    with pytest.raises(ModelError, match="relais train"):
        trained_model(settings)


@pytest.mark.parametrize("listed", [True, False], ids=["avec sa somme", "sans somme"])
def test_un_modele_a_moitie_ecrit_ne_se_charge_pas(settings: Settings, listed: bool):
    path = ensure_model(settings)
    whole = path.read_bytes()
    if not listed:
        path.with_name(f"{path.name}.sha256").unlink()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError):
        trained_model(settings)
    assert ensure_model(settings).read_bytes() != whole[: len(whole) // 2], "trained again"
    assert trained_model(settings) == path
    assert path.with_name(f"damaged-{path.name}").exists()


def test_un_modele_change_ne_se_charge_pas(settings: Settings):
    path = ensure_model(settings)
    path.write_bytes(gzip.compress(b"autre chose"))
    with pytest.raises(ModelError, match="SHA-256"):
        trained_model(settings)


def test_une_somme_imposee_est_la_seule_acceptee(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    path = ensure_model(settings)
    found = path.with_name(f"{path.name}.sha256").read_text().split()[0]
    monkeypatch.setenv("RELAIS_MODEL_SHA256", found)
    assert trained_model(settings) == path
    monkeypatch.setenv("RELAIS_MODEL_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="SHA-256"):
        trained_model(settings)
