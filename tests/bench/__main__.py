"""`make bench`: prints both set-ups and, last, one JSON line with their figures and the ratios (docs: contract)."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from bot.runtime.model import TRAINED_FROM, ensure_model
from bot.settings import RASA_PYTHON, ROOT, Settings
from tests.bench.measure import Figures, Turn, figures, replay
from tests.bench.scripts import choice

START_LIMIT = 300
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "PYTHONWARNINGS": "ignore",
}


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(command: list[str], directory: Path, environment: dict[str, str]) -> Iterator[int]:
    """A process for the time of the block; its output goes to a file of `directory`."""
    with (directory / "output.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **QUIET, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield child.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


async def until_answers(url: str, message: dict[str, object], headers: dict[str, str]) -> None:
    """Wait until a message gets a real answer."""
    limit = time.monotonic() + START_LIMIT
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < limit:
            with contextlib.suppress(aiohttp.ClientError, OSError, ValueError):
                async with session.post(url, json=message, headers=headers) as response:
                    if response.status == 200 and await response.json():
                        return
            await asyncio.sleep(0.2)
    raise SystemExit(f"No answer from {url} after {START_LIMIT} s")


@dataclass(frozen=True)
class SetUp:
    """A set-up that answers."""

    turn: Turn
    start_s: float
    pids: list[int]


@contextlib.asynccontextmanager
async def relais(directory: Path) -> AsyncIterator[SetUp]:
    """Our two processes, through the gateway's web API, as `make run` starts them."""
    port = free_port()
    environment = {
        "RELAIS_VAR": str(directory),
        "RELAIS_MODELS": str(Settings.from_environment().models),
        "RELAIS_PORT": str(port),
        "RELAIS_RASA_PORT": str(free_port()),
        "RELAIS_ACTIONS_PORT": str(free_port()),
        **{f"RELAIS_RATE_{kind}": "0" for kind in ("MESSAGES", "REQUESTS", "CONVERSATIONS")},
    }
    base = f"http://127.0.0.1:{port}"
    tokens: dict[str, str] = {}

    async def turn(session: aiohttp.ClientSession, sender: str, message: str) -> None:
        if message == "/start":
            async with session.post(f"{base}/api/conversations", json={}) as response:
                tokens[sender] = (await response.json())["token"]
                return
        body = {"choice": choice(message)} if message.startswith("/") else {"text": message}
        headers = {"Authorization": f"Bearer {tokens[sender]}"}
        async with session.post(f"{base}/api/messages", json=body, headers=headers) as response:
            response.raise_for_status()

    started = time.monotonic()
    with process([str(ROOT / ".venv" / "bin" / "relais"), "serve"], directory, environment) as pid:
        await _until_ready(base)
        yield SetUp(turn, time.monotonic() - started, [pid])


async def _until_ready(base: str) -> None:
    limit = time.monotonic() + START_LIMIT
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < limit:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with session.post(f"{base}/api/conversations", json={}) as response:
                    if response.status == 201:
                        return
            await asyncio.sleep(0.2)
    raise SystemExit(f"No answer from {base} after {START_LIMIT} s")


def train_stock(directory: Path) -> Path:
    """The stock model, kept in var/bench while the data does not change."""
    newest = max(path.stat().st_mtime for pattern in TRAINED_FROM for path in ROOT.glob(pattern))
    model = directory / "stock.tar.gz"
    if model.exists() and model.stat().st_mtime > newest:
        return model
    print("Training the stock model (a few minutes)", flush=True)
    command = [
        *(
            str(RASA_PYTHON),
            "-m",
            "rasa",
            "train",
            "--config",
            str(Path(__file__).with_name("stock_config.yml")),
        ),
        *("--domain", "domain.yml", "--out", str(directory)),
        *("--data", "data/nlu", "data/stories", str(Path(__file__).with_name("stock_stories.yml"))),
        *("--fixed-model-name", "stock", "--force", "--quiet"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT)})
    return model


@contextlib.asynccontextmanager
async def stock(directory: Path, model: Path) -> AsyncIterator[SetUp]:
    """`rasa run` with the rest channel and default stores, and rasa-sdk's own action server for the same actions."""
    port, actions_port = free_port(), free_port()
    (directory / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {directory}/rasa.db\n"
    )
    (directory / "credentials.yml").write_text("rest:\n")
    server = [
        *(
            str(RASA_PYTHON),
            "-m",
            "rasa",
            "run",
            "--model",
            str(model),
            "--port",
            str(port),
            "-i",
            "127.0.0.1",
        ),
        *(
            "--endpoints",
            str(directory / "endpoints.yml"),
            "--credentials",
            str(directory / "credentials.yml"),
        ),
    ]
    actions = [sys.executable, "-m", "rasa_sdk", "--actions", "actions.server", "--port", str(actions_port)]
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    async def turn(session: aiohttp.ClientSession, sender: str, message: str) -> None:
        async with session.post(url, json={"sender": sender, "message": message}) as response:
            response.raise_for_status()
            await response.json()

    environment = {"PYTHONPATH": str(ROOT), "RELAIS_VAR": str(directory)}
    started = time.monotonic()
    with process(actions, directory, environment) as first, process(server, directory, environment) as second:
        await until_answers(url, {"sender": "ready", "message": "/start"}, {})
        yield SetUp(turn, time.monotonic() - started, [first, second])


async def measure(stock_model: Path) -> dict[str, Figures]:
    """Start one after the other, so that each starts alone; then replay in turns."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        print("Starting Relais", flush=True)
        async with relais(Path(first)) as ours:
            print("Starting stock Rasa", flush=True)
            async with stock(Path(second), stock_model) as theirs:
                print("Replaying on both, in turns", flush=True)
                set_ups = {"relais": ours, "stock": theirs}
                seen = await replay({name: each.turn for name, each in set_ups.items()})
                return {name: figures(seen[name], each.start_s, each.pids) for name, each in set_ups.items()}


def main() -> int:
    """Measure both, print, and end with the JSON line."""
    settings = Settings.from_environment()
    ensure_model(settings)
    kept = settings.var / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    stock_model = train_stock(kept)
    seen = asyncio.run(measure(stock_model))
    for name, measured in seen.items():
        print(f"{name:7}", *(f"{key}={value}" for key, value in asdict(measured).items()))
    theirs, ours = seen["stock"], seen["relais"]
    ratio = {
        "p50": round(theirs.p50_ms / ours.p50_ms, 1),
        "p95": round(theirs.p95_ms / ours.p95_ms, 1),
        "turns_per_s": round(ours.turns_per_s / theirs.turns_per_s, 1),
    }
    print(json.dumps({"stock": asdict(theirs), "relais": asdict(ours), "ratio": ratio}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
