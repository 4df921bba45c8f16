"""Two public and two real Rasa processes, one of each killed in the middle: a short run of `python -m tests.load`."""

from pathlib import Path

import pytest

from tests import engines
from tests.load.run import LoadPlan, is_good, load, several

PEOPLE = LoadPlan(conversations=15, turns=6, pause=0.3)


@pytest.mark.rasa
def test_un_processus_de_chaque_sorte_meurt_et_rien_n_est_perdu_ni_double(tmp_path: Path):
    for engine in ("postgresql", "redis"):
        if reason := engines.missing(engine):
            pytest.skip(reason)
    with several(tmp_path) as target:
        seen = load(target, PEOPLE)
    assert is_good(seen), seen
    assert seen["answers"] == PEOPLE.conversations * PEOPLE.turns
