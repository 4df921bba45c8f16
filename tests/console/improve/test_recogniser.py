"""The recogniser loads once, says so meanwhile, and leaves when nobody needs it."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot.console.improve.recogniser import Recogniser, RecogniserError, StartingError

PROGRAM = """
import json, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
(folder / "starts").open("a").write("x")
if (folder / "broken").exists():
    time.sleep(0.1)
    sys.exit(1)
while not (folder / "ready").exists():
    time.sleep(0.01)
for line in sys.stdin:
    text = json.loads(line)["text"]
    if text == "fin":
        sys.exit(3)
    print(json.dumps({"entities": [[0, len(text), "PER"]] if text else []}), flush=True)
"""


def program(folder: Path, *, ready: bool = True, kept: float = 60) -> Recogniser:
    if ready:
        (folder / "ready").touch()
    return Recogniser((sys.executable, "-c", PROGRAM, str(folder)), kept=kept)


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text())


async def asked(recogniser: Recogniser, *texts: str) -> list[list[tuple[int, int, str]]]:
    for _ in range(100):
        with suppress(StartingError):
            return await recogniser.entities(texts, patience=1)
    raise AssertionError("never ready")


async def test_on_revient_quand_il_est_charge(tmp_path: Path) -> None:
    recogniser = program(tmp_path, ready=False)
    for _ in range(2):
        with pytest.raises(StartingError):
            await recogniser.entities(["Ahmed"], patience=0.05)
    (tmp_path / "ready").touch()
    both = await asyncio.gather(asked(recogniser, "Ahmed", "", "Bo"), asked(recogniser, "Zoé"))
    assert both == [[[(0, 5, "PER")], [], [(0, 2, "PER")]], [[(0, 3, "PER")]]]
    assert starts(tmp_path) == 1
    await recogniser.stop()


async def test_il_repart_apres_une_panne(tmp_path: Path) -> None:
    recogniser = program(tmp_path)
    with pytest.raises(RecogniserError) as failure:
        await asked(recogniser, "fin")
    assert not isinstance(failure.value, StartingError)
    assert await asked(recogniser, "Ahmed") == [[(0, 5, "PER")]]
    assert starts(tmp_path) == 2
    await recogniser.stop()


async def test_une_panne_que_personne_n_a_vue_n_est_pas_pour_le_suivant(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    recogniser = program(tmp_path, ready=False)
    with pytest.raises(StartingError):
        await recogniser.entities(["Ahmed"], patience=0.01)
    while not recogniser.has_failed:
        await asyncio.sleep(0.01)
    (tmp_path / "broken").unlink()
    (tmp_path / "ready").touch()
    assert await asked(recogniser, "Ahmed") == [[(0, 5, "PER")]]
    await recogniser.stop()


async def test_il_s_en_va_quand_personne_ne_s_en_sert(tmp_path: Path) -> None:
    recogniser = program(tmp_path, kept=0)
    assert await asked(recogniser, "Ahmed") == [[(0, 5, "PER")]]
    while recogniser.is_loaded:
        await asyncio.sleep(0.01)
    assert await asked(recogniser, "Ahmed") == [[(0, 5, "PER")]]
    assert starts(tmp_path) == 2
    await recogniser.stop()


async def test_une_demande_interrompue_ne_decale_pas_les_reponses(tmp_path: Path) -> None:
    recogniser = program(tmp_path)
    await asked(recogniser, "Ahmed")
    leaving = asyncio.create_task(recogniser.entities(["A" * 200_000] * 3))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving
    assert await asked(recogniser, "Zoé") == [[(0, 3, "PER")]]
    await recogniser.stop()
