"""Logs as text and as JSON: what happened and where, never what was said."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs
from bot.conversation.state import rasa_sender
from bot.settings import SettingsError

SAID = "j'ai un cancer"
HASH = rasa_sender("une conversation")


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RELAIS_LOG_FORMAT", request.param)
    return str(request.param)


@pytest.fixture
def written(form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What `configure` sends to standard error; the loggers are put back after."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (
        root.handlers[:],
        root.level,
        [(logging.getLogger(each), logging.getLogger(each).level) for each in logs.QUIET],
    )
    monkeypatch.setattr("sys.stderr", stream)
    root.handlers.clear()
    logs.configure("DEBUG")
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], level, quiet = before
    root.setLevel(level)
    for logger, was in quiet:
        logger.setLevel(was)


def lines(written: io.StringIO) -> list[str]:
    return written.getvalue().splitlines()


def objects(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(written)]


def test_une_erreur_dit_ou_et_jamais_quoi(written: io.StringIO, form: str) -> None:
    try:
        raise ValueError(SAID)
    except ValueError:
        logging.getLogger("relais.essai").exception("request failed")
    assert SAID not in written.getvalue()
    assert "ValueError at " in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    if form == "json":
        assert objects(written)[0]["exception"].startswith("ValueError at ")


def test_une_bibliotheque_bavarde_ne_dit_que_l_endroit(written: io.StringIO) -> None:
    logging.getLogger("rasa.core.processor").warning("Received user message '%s'", SAID)
    logging.getLogger("sqlalchemy.engine").error("INSERT %s", SAID)
    logging.getLogger("asyncio").info(SAID)
    assert len(lines(written)) == 2
    assert SAID not in written.getvalue()
    assert "test_une_bibliotheque_bavarde" in written.getvalue()


@pytest.mark.parametrize("form", ["json"], indirect=True)
def test_une_ligne_est_un_objet_json(written: io.StringIO) -> None:
    logging.getLogger("relais.essai").info("deux\nlignes %s", "é", extra={"conversation": HASH})
    [line] = objects(written)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "relais.essai",
        "message": "deux\nlignes é",
        "conversation": HASH,
    }


@pytest.mark.parametrize("form", ["json"], indirect=True)
@pytest.mark.parametrize("name", ["une conversation", "-", "", None, SAID, HASH + "x"])
def test_seule_l_empreinte_nomme_une_conversation(written: io.StringIO, name: str | None) -> None:
    logging.getLogger("relais.essai").info("tour", extra={"conversation": name})
    assert "conversation" not in objects(written)[0]


def test_un_format_inconnu_se_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAIS_LOG_FORMAT", "xml")
    with pytest.raises(SettingsError, match="RELAIS_LOG_FORMAT"):
        logs.configure()
