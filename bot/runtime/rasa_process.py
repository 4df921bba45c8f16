"""Rasa as a child process: started, watched, started again when it dies, stopped with us."""

import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path

from bot.settings import RASA_PYTHON, ROOT, Settings

logger = logging.getLogger("relais.serve")

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
"""Seconds between two starts of a Rasa that keeps dying."""
STOP_SECONDS = 10.0


def command(settings: Settings, model: Path) -> list[str]:
    """What starts one Rasa."""
    return [
        *(str(RASA_PYTHON), "-m", "bot.dialogue.server", "--model", str(model)),
        *("--host", settings.rasa_host, "--port", str(settings.rasa_port)),
    ]


def environment(settings: Settings, *, rasa_key: str, actions_url: str) -> dict[str, str]:
    """What a Rasa has to know. `actions_url`: one address, or several with spaces between."""
    return {
        "RELAIS_RASA_KEY": rasa_key,
        "RELAIS_ACTIONS_URL": actions_url,
        "RELAIS_TRACKER_URL": settings.tracker_database_url,
        "RELAIS_REDIS_URL": settings.redis_url,
    }


class RasaProcess:
    """One Rasa on a loopback port."""

    def __init__(self, settings: Settings, model: Path, *, rasa_key: str, actions_url: str) -> None:
        self._command = [*command(settings, model), "--parent", str(os.getpid())]
        self._environment = {
            # Rasa's frozen libraries warn of their age at each start: nothing that an operator can act on.
            "PYTHONWARNINGS": "ignore",
            **os.environ,
            **environment(settings, rasa_key=rasa_key, actions_url=actions_url),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Process number of the running Rasa, or None."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def run(self) -> None:
        """Keep Rasa running until `stop`."""
        delay = FIRST_DELAY
        while not self._stopping:
            started = asyncio.get_running_loop().time()
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, env=self._environment, start_new_session=True
            )
            status = await self._process.wait()
            if self._stopping:
                return
            lived = asyncio.get_running_loop().time() - started
            delay = FIRST_DELAY if lived > LONGEST_DELAY else min(delay * 2, LONGEST_DELAY)
            logger.error("Rasa ended with status %s; it starts again in %.0f s", status, delay)
            await asyncio.sleep(delay)

    async def stop(self) -> None:
        """End Rasa, gently then firmly."""
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except asyncio.TimeoutError:
                self._process.kill()
                await self._process.wait()
