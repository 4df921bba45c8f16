"""Rasa's trackers seen by two Rasa processes, on PostgreSQL and on SQLite, with a real Redis."""

import json
import subprocess
from typing import Any

import pytest

from bot.runtime.model import RASA_PYTHON
from bot.settings import ROOT
from tests import engines


@pytest.fixture(scope="module")
def both(
    redis: engines.RedisServer, postgresql: engines.Postgres, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What `tests/scale/trackers.py` saw on each database."""
    urls = [
        postgresql.url().replace("+psycopg", ""),
        f"sqlite:///{tmp_path_factory.mktemp('trackers') / 'trackers.sqlite'}",
    ]
    command = [str(RASA_PYTHON), "-m", "tests.scale.trackers", redis.url, *urls]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return dict(zip(("postgresql", "sqlite"), map(json.loads, ran.stdout.splitlines()[-2:]), strict=True))


@pytest.fixture(params=["postgresql", "sqlite"])
def seen(request: pytest.FixtureRequest, both: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was seen on one of them."""
    return both[request.param]


def test_les_deux_voient_la_meme_conversation(seen: dict[str, Any]):
    assert seen["seen_by_both"] == [[["1", "2", "3"]] * 2] * 2


def test_deux_reponses_au_meme_moment_une_seule_est_gardee(seen: dict[str, Any]):
    assert seen["stale"] == [[True, ["0", "1"], ["0", "1"]]] * 2


def test_ce_qui_est_efface_entre_temps_ne_revient_pas(seen: dict[str, Any]):
    assert seen["erased_meanwhile"] == [True, []]


def test_rien_n_est_ecrit_avant_l_accord_puis_tout_une_fois(seen: dict[str, Any]):
    assert seen["agreed_later"] == [0, ["0", "1", "2"], 0]


def test_ce_qui_n_est_pas_garde_est_scelle_dans_redis(seen: dict[str, Any]):
    assert seen["sealed"] == [False, True]


def test_un_message_repete_recoit_la_derniere_reponse(seen: dict[str, Any]):
    assert seen["repeated"] == [[[f"id-{text}" for text in "abcdef"], ["réponse à f"]]] * 2


def test_un_tour_a_la_fois_et_un_processus_mort_ne_bloque_pas(seen: dict[str, Any]):
    assert seen["locked"] == [1, True, True]


def test_sans_redis_ce_qui_est_garde_continue_et_le_reste_se_dit(seen: dict[str, Any]):
    assert seen["without_redis"] == [["0", "1"], False]
