"""Settings: secrets from a file, refusals that name the variable and never its value."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "TRACKER_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(f"RELAIS_{name}", raising=False)
        monkeypatch.delenv(f"RELAIS_{name}_FILE", raising=False)
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))


def test_une_adresse_secrete_vient_d_un_fichier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = tmp_path / "database.url"
    file.write_text("postgresql+psycopg://relais:motdepasse@base/relais\n")
    monkeypatch.setenv("RELAIS_DATABASE_URL_FILE", str(file))
    settings = Settings.from_environment()
    assert settings.database_url == "postgresql+psycopg://relais:motdepasse@base/relais"
    assert settings.tracker_database_url == "postgresql://relais:motdepasse@base/relais"


def test_la_variable_l_emporte_sur_le_fichier(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("RELAIS_REDIS_URL", "redis://ici:6379/0")
    monkeypatch.setenv("RELAIS_REDIS_URL_FILE", str(tmp_path / "absent"))
    assert Settings.from_environment().redis_url == "redis://ici:6379/0"


def test_un_fichier_qui_manque_est_dit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("RELAIS_REDIS_URL_FILE", str(tmp_path / "absent"))
    with pytest.raises(SettingsError, match="RELAIS_REDIS_URL_FILE"):
        Settings.from_environment()


@pytest.mark.parametrize(("name", "value"), [("RELAIS_PORT", "huit"), ("RELAIS_RASA_URLS", "rasa:5005")])
def test_une_valeur_impossible_est_refusee_en_nommant_la_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment()
