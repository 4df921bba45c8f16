"""`relais understand`: one message a line on standard input, what is understood of it on standard output."""

import argparse
import json
import subprocess
import sys
from typing import Any

from bot.language.learned_safety import learned_alarm
from bot.language.safety import detect
from bot.runtime.model import RASA_PYTHON, ModelError, ensure_model
from bot.settings import ROOT, Settings


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("understand", help="comprendre un message par ligne, en JSON")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Load the model once, then answer each line as it comes."""
    try:
        model = ensure_model(Settings.from_environment())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    command = [str(RASA_PYTHON), "-m", "bot.dialogue.understand", "--model", str(model)]
    with subprocess.Popen(  # noqa: S603 (our own interpreter)
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as rasa:
        assert rasa.stdin
        assert rasa.stdout
        for line in sys.stdin:
            text = line.rstrip("\n")
            rasa.stdin.write(json.dumps({"text": text}) + "\n")
            rasa.stdin.flush()
            answer = rasa.stdout.readline()
            if not answer:
                print("La compréhension s'est arrêtée ; voir le message au-dessus.", file=sys.stderr)
                return 1
            understood: dict[str, Any] = json.loads(answer)
            print(json.dumps(_with_safety(text, understood), ensure_ascii=False), flush=True)
        rasa.stdin.close()
        return rasa.wait()


def _with_safety(text: str, understood: dict[str, Any]) -> dict[str, Any]:
    alarm = detect(text)
    kind = alarm.kind if alarm else learned_alarm(understood["ranking"])
    ranking = understood.pop("ranking")
    result = {"text": text, **understood, "safety": kind, "ranking": ranking}
    if kind == "suicide":
        result["intent"] = "distress"
    elif kind in ("emergency", "violence", "child"):
        result["intent"] = "emergency"
    return result
