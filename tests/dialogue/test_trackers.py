"""Trackers whose cost does not grow: the state is whole, the events are those of the last turns."""

import json
import subprocess
from typing import Any

import pytest

from bot.runtime.model import RASA_PYTHON
from bot.settings import ROOT


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    done = subprocess.run(
        [RASA_PYTHON, "-W", "ignore", "-m", "tests.dialogue.inside_rasa"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_une_longue_conversation_ne_garde_en_memoire_que_ses_derniers_tours(seen: dict[str, Any]):
    assert seen["first_messages"] == ["message 37", "message 38", "message 39"]
    assert seen["same_as_three_turns_shorter"]


def test_l_etat_reste_entier(seen: dict[str, Any]):
    assert seen["state_is_kept"] == {"slots": True, "active_loop": True, "latest_message": True}
    assert seen["form_is_still_open"]


def test_une_conversation_courte_reste_entiere(seen: dict[str, Any]):
    assert seen["short_is_whole"] == ["message 0", "message 1"]


def test_une_copie_change_sans_changer_l_original(seen: dict[str, Any]):
    assert seen["copy_is_apart"] == ["ville 39", "ailleurs", 1]


def test_les_evenements_des_actions_se_lisent(seen: dict[str, Any]):
    assert seen["event_classes"] == [3, "action_listen"]
