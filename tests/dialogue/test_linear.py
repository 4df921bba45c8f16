"""What we compute faster than scikit-learn is what scikit-learn computes."""

import json
import subprocess

from bot.runtime.model import RASA_PYTHON
from bot.settings import ROOT


def test_les_memes_nombres_que_scikit_learn() -> None:
    command = [RASA_PYTHON, "-W", "ignore", "-m", "tests.dialogue.inside_linear"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    differences = json.loads(done.stdout.splitlines()[-1])
    assert set(differences) == {"row", "softmax", "calibrated", "wrong_best"}
    assert all(difference < 1e-5 for difference in differences.values()), differences
