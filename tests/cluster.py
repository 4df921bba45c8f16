"""Several public and several Rasa processes on one machine, over a real PostgreSQL and a real Redis."""

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT, Settings
from tests import engines

RELAIS = ROOT / ".venv" / "bin" / "relais"
START_SECONDS = 240.0


class Cluster:
    """Processes started by `relais gateway` and `relais rasa`, each with its output in a file of `directory`."""

    def __init__(self, directory: Path, database_url: str, redis_url: str, *, each: int = 2) -> None:
        self.directory = directory
        self.gateway_ports = [engines.free_port() for _ in range(each)]
        self.rasa_ports = [engines.free_port() for _ in range(each)]
        self._actions_ports = [engines.free_port() for _ in range(each)]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = {
            **os.environ,
            "RELAIS_MODELS": str(Settings.from_environment().models),
            "RELAIS_VAR": str(directory / "var"),
            "RELAIS_SECRET": "secret-de-la-grappe",
            "RELAIS_DATABASE_URL": database_url,
            "RELAIS_REDIS_URL": redis_url,
            "RELAIS_RASA_URLS": " ".join(f"http://127.0.0.1:{port}" for port in self.rasa_ports),
            "RELAIS_ACTIONS_URLS": " ".join(f"http://127.0.0.1:{port}" for port in self._actions_ports),
            **{f"RELAIS_RATE_{kind}": "0" for kind in ("MESSAGES", "REQUESTS", "CONVERSATIONS")},
        }

    @property
    def urls(self) -> list[str]:
        """Addresses of the public processes."""
        return [f"http://127.0.0.1:{port}" for port in self.gateway_ports]

    def start(self, kind: str, rank: int) -> None:
        """Start one process; `until_ready` waits for it."""
        ports = {
            "RELAIS_PORT": self.gateway_ports[rank],
            "RELAIS_ACTIONS_PORT": self._actions_ports[rank],
            "RELAIS_RASA_PORT": self.rasa_ports[rank],
        }
        environment = self._environment | {name: str(port) for name, port in ports.items()}
        with self.output(kind, rank).open("ab") as log:
            self.processes[f"{kind}-{rank}"] = subprocess.Popen(
                [RELAIS, kind], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def output(self, kind: str, rank: int) -> Path:
        """What a process prints."""
        return self.directory / f"{kind}-{rank}.log"

    def kill(self, kind: str, rank: int) -> None:
        """End one without a word."""
        process = self.processes.pop(f"{kind}-{rank}")
        process.kill()
        process.wait()

    def until_ready(self) -> None:
        """Wait until every process that was started answers."""
        waited = {
            "rasa": [f"http://127.0.0.1:{port}/webhooks/relais/" for port in self.rasa_ports],
            "gateway": [f"{url}/readyz" for url in self.urls],
        }
        limit = time.monotonic() + START_SECONDS
        for name, process in self.processes.items():
            kind, _, rank = name.partition("-")
            while not _answers(waited[kind][int(rank)]):
                log = self.output(kind, int(rank)).read_text()[-3000:]
                assert process.poll() is None, f"{name} ended: {log}"
                assert time.monotonic() < limit, f"{name} not ready: {log}"
                time.sleep(0.2)

    def stop(self) -> None:
        """End everything."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    with (
        contextlib.suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(url, timeout=3) as response,
    ):
        return bool(response.status == 200)
    return False


@contextlib.contextmanager
def cluster(directory: Path, database_url: str, redis_url: str, *, each: int = 2) -> Iterator[Cluster]:
    """Two of each kind, ready, for the time of a block."""
    directory.mkdir(parents=True, exist_ok=True)
    made = Cluster(directory, database_url, redis_url, each=each)
    try:
        for rank in range(each):
            made.start("rasa", rank)
            made.start("gateway", rank)
        made.until_ready()
        yield made
    finally:
        made.stop()
