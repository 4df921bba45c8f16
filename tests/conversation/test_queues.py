"""Queues by territory: hours in Paris, closed days, a file that cannot be used."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from bot.conversation.queues import queue_of, queues
from bot.settings import SettingsError

WEEK = {"days": ["lundi", "vendredi"], "from": "09:00", "to": "12:30"}
HAUTE_MARNE = {
    "id": "52", "name": "Conseillers de Haute-Marne", "departments": ["52"], "hours": [WEEK],
    "said": "lundi et vendredi, de 9 h à 12 h 30", "closed_on": ["2026-12-25"], "structure": ["carsat"],
}  # fmt: skip


def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *entries: object) -> None:
    path = tmp_path / "permanences.yml"
    path.write_text(yaml.safe_dump({"queues": list(entries)}), encoding="utf-8")
    monkeypatch.setenv("RELAIS_PERMANENCES", str(path))


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-27T08:00", True),  # Friday, 9:00 in Paris
        ("2026-11-27T07:59", False),
        ("2026-11-27T11:30", False),  # 12:30 in Paris
        ("2026-11-26T09:00", False),  # Thursday
        ("2026-12-25T09:00", False),  # a closed Friday
        ("2026-07-27T07:00", True),  # Monday, 9:00 in Paris in summer
    ],
)
def test_les_horaires_sont_ceux_de_paris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, open_: bool
):
    write(tmp_path, monkeypatch, HAUTE_MARNE)
    queue = queue_of("52")
    assert queue is not None
    assert queue.open_at(datetime.fromisoformat(moment).replace(tzinfo=timezone.utc)) is open_


def test_la_premiere_file_du_departement_est_la_bonne(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, monkeypatch, HAUTE_MARNE, HAUTE_MARNE | {"id": "reste", "departments": "tous"})
    assert [getattr(queue_of(each), "id", None) for each in ("52", "14", None)] == ["52", "reste", "reste"]
    (tmp_path / "autre").mkdir()
    write(tmp_path / "autre", monkeypatch, HAUTE_MARNE)
    assert queue_of("14") is None
    assert getattr(queue_of(None), "id", None) == "52", "someone of nowhere yet is not turned away"


@pytest.mark.parametrize(
    "wrong", [{"said": ""}, {"hours": [WEEK | {"to": "08:00"}]}, {"hours": [WEEK | {"days": ["lun"]}]}]
)
def test_un_fichier_faux_nomme_la_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object]
):
    write(tmp_path, monkeypatch, HAUTE_MARNE | wrong)
    with pytest.raises(SettingsError, match="52"):
        queues()
