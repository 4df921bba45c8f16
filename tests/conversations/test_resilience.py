"""Processes die; the person goes on from the same question."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.settings import ROOT
from tests.conversations.product import RELAIS, Person, Product

LEAVE = "je suis salarié dans un bureau à Caen, en arrêt maladie depuis 2 mois"


@pytest.fixture
def own_product(tmp_path: Path) -> Iterator[Product]:
    with Product(tmp_path / "var").running() as running:
        yield running


def rasa_of(product: Product) -> psutil.Process:
    assert product.process
    return next(
        child
        for child in psutil.Process(product.process.pid).children(recursive=True)
        if "bot.dialogue.server" in " ".join(child.cmdline())
    )


async def until_answered(person: Person, text: str, seconds: float = 90.0) -> None:
    limit = time.monotonic() + seconds
    while True:
        try:
            await person.say(text)
            return
        except AssertionError as refusal:
            if "503" not in str(refusal) or time.monotonic() > limit:
                raise
            await asyncio.sleep(0.5)


async def test_rasa_tue_en_pleine_conversation(own_product: Product) -> None:
    person = await Person(own_product).arrive()
    await person.say(LEAVE)
    asked = person.asks
    rasa_of(own_product).kill()
    with pytest.raises(AssertionError, match=r"503.*15"):
        await person.say("bonjour")
    assert "3114" in await person.say("je veux mourir"), "the numbers stay reachable without Rasa"
    await until_answered(person, "pourquoi cette question ?")
    assert person.asks == asked
    situation = (await person.get("/api/conversation"))[1]["situation"]
    assert situation["department"] == "14"


async def test_processus_public_tue_en_pleine_conversation(own_product: Product) -> None:
    person = await Person(own_product).arrive()
    await person.say(LEAVE)
    asked, rasa = person.asks, rasa_of(own_product)
    own_product.kill()
    rasa.wait(10)  # it does not survive its parent
    own_product.start()
    status, conversation = await person.get("/api/conversation")
    assert status == 200
    assert conversation["asks"] == asked
    assert conversation["situation"]["department"] == "14"
    await person.choose(person.choices[0])
    assert person.asks != asked


def test_un_signal_arrete_tout(own_product: Product) -> None:
    rasa = rasa_of(own_product)
    assert own_product.stop() == 0
    assert not rasa.is_running()


def test_un_port_deja_pris_est_dit_clairement(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "RELAIS_VAR": str(tmp_path), "RELAIS_PORT": port}
        ended = subprocess.run(
            [RELAIS, "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
        )
    assert ended.returncode == 1
    assert port in ended.stderr
    assert "RELAIS_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_interrompu_pendant_le_demarrage(tmp_path: Path) -> None:
    product = Product(tmp_path / "var")
    product.var.mkdir(parents=True)
    with product.output.open("ab") as log:
        process = subprocess.Popen(
            [RELAIS, "serve"], cwd=ROOT, env=product._environment, stdout=log, stderr=log
        )
    limit = time.monotonic() + 30
    while not psutil.Process(process.pid).children():
        assert time.monotonic() < limit
        time.sleep(0.1)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert not [child for child in children if child.is_running()]
