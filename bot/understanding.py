"""Trained models, and what one understands of messages as `relais understand` prints it: Rasa's part, then the alarms."""

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

from bot.language.learned_safety import learned_alarm
from bot.language.safety import detect
from bot.settings import RASA_PYTHON, ROOT, Settings


def trained_models(settings: Settings) -> list[Path]:
    """The trained models at hand, the latest first."""
    found = settings.models.glob("relais-*.tar.gz")
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


class UnderstandingError(RuntimeError):
    """The model's process ended before its answer; it said why on standard error."""


class Understanding:
    """One model in a process of its own. A context manager: it is loaded at the first message, ended at the end."""

    def __init__(self, model: Path) -> None:
        command = [str(RASA_PYTHON), "-m", "bot.dialogue.understand", "--model", str(model)]
        self._rasa = subprocess.Popen(  # noqa: S603 (our own interpreter)
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> "Understanding":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._rasa.kill()
        self.end()

    def of(self, text: str) -> dict[str, Any]:
        """Intent, confidence, facts, safety and ranking of one message. Raises UnderstandingError."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """The same of several messages, read together. Raises UnderstandingError."""
        asked = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        # Apart: both pipes may be full, with each process waiting for the other to read.
        writer = Thread(target=self._ask, args=(asked,), daemon=True)
        writer.start()
        answers = [self._answer() for _ in texts]
        writer.join()
        return [_with_safety(text, answer) for text, answer in zip(texts, answers, strict=True)]

    def _ask(self, lines: str) -> None:
        assert self._rasa.stdin
        with suppress(BrokenPipeError):  # its end is seen where the answer is awaited
            self._rasa.stdin.write(lines)
            self._rasa.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._rasa.stdout
        line = self._rasa.stdout.readline()
        if not line:
            raise UnderstandingError
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> int:
        """Let the process finish; its exit status."""
        for stream in (self._rasa.stdin, self._rasa.stdout):
            if stream and not stream.closed:
                with suppress(BrokenPipeError):
                    stream.close()
        return self._rasa.wait()


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
