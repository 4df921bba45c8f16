"""spaCy's names of people, places and firms: in a process of Rasa's environment, kept a while after its last use.

It takes from 5 to 30 seconds to load, then milliseconds for each sentence: whoever asks first is told to come back
(`StartingError`) and those who follow do not wait. Ten minutes without use, and its memory (about 300 MB) is given back.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from weakref import WeakKeyDictionary

from bot.settings import RASA_PYTHON, ROOT

Entity = tuple[int, int, str]
"""Start, end, and PER, LOC or ORG."""
PATIENCE = 3.0
"""Seconds that a page waits for a recogniser that is still loading."""
_LOADING, _SENTENCE, _KEPT = 120.0, 10.0, 600.0
_LONGEST_LINE = 1 << 20


class RecogniserError(RuntimeError):
    """spaCy could not be run; the message says what to do."""


class StartingError(RecogniserError):
    """It is loading: ask again in a few seconds."""


class Recogniser:
    """The process, started by the first who asks."""

    def __init__(self, command: Sequence[str], *, kept: float = _KEPT) -> None:
        self._command, self._kept = command, kept
        self._starting: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._turn = asyncio.Lock()
        self._over: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the process is there, or on its way."""
        return self._starting is not None

    async def entities(self, texts: Sequence[str], *, patience: float = PATIENCE) -> list[list[Entity]]:
        """Names in each text. Raises StartingError while it loads, RecogniserError when it fails."""
        if self.has_failed:
            await self.stop()
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        try:
            process = await asyncio.wait_for(asyncio.shield(self._starting), patience)
            async with self._turn:
                found = [await self._asked(process, text) for text in texts]
        except TimeoutError:
            self._rest()  # whoever was told to come back may not
            raise StartingError from None
        except (OSError, ValueError, RecogniserError) as problem:
            await self.stop()
            raise RecogniserError("spaCy") from problem
        except asyncio.CancelledError:  # an answer that nobody reads would be taken for the next one
            await self.stop()
            raise
        self._rest()
        return found

    @property
    def has_failed(self) -> bool:
        """Whether it did not start for someone who left, or was ended from outside since."""
        if self._starting is None or not self._starting.done():
            return False
        failed = self._starting.cancelled() or self._starting.exception() is not None
        return failed or self._starting.result().returncode is not None

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, limit=_LONGEST_LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await self._asked(process, "", within=_LOADING)
        except BaseException:
            await _ended(process)
            raise
        return process

    async def _asked(
        self, process: asyncio.subprocess.Process, text: str, *, within: float = _SENTENCE
    ) -> list[Entity]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
        try:
            async with asyncio.timeout(within):
                line = await process.stdout.readline()
        except TimeoutError:
            raise RecogniserError("time") from None
        if not line:
            raise RecogniserError("ended")
        return [(start, end, label) for start, end, label in json.loads(line)["entities"]]

    def _rest(self) -> None:
        if self._over is not None:
            self._over.cancel()
        self._over = asyncio.get_running_loop().call_later(self._kept, self._leave)

    def _leave(self) -> None:
        self._stopping = asyncio.create_task(self.stop())

    async def stop(self) -> None:
        """End the process, if there is one; the next who asks starts another."""
        if self._over is not None:
            self._over.cancel()
            self._over = None
        starting, self._starting = self._starting, None
        if starting is None:
            return
        if not starting.done():
            starting.cancel()
        with suppress(asyncio.CancelledError, OSError, ValueError, RecogniserError):
            await _ended(await starting)


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()  # its pipes are closed with it


_OF_LOOP: WeakKeyDictionary[asyncio.AbstractEventLoop, Recogniser] = WeakKeyDictionary()
"""One for each loop, which its pipes belong to: in a program there is one."""


async def recognise(texts: Sequence[str]) -> list[list[Entity]]:
    """Names in each text. Raises StartingError, RecogniserError."""
    if not texts:
        return []
    if not RASA_PYTHON.exists():
        raise RecogniserError("make setup")
    command = (str(RASA_PYTHON), "-m", "bot.dialogue.pseudonyms")
    mine = _OF_LOOP.setdefault(asyncio.get_running_loop(), Recogniser(command))
    return await mine.entities(texts)


async def stop() -> None:
    """End the process of this loop, if there is one."""
    mine = _OF_LOOP.pop(asyncio.get_running_loop(), None)
    if mine is not None:
        await mine.stop()
