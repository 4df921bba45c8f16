"""Real PostgreSQL and Redis for tests and loads: instances of our own from Debian's binaries, as an unprivileged user.

Root may not run PostgreSQL: its processes then run as the user `postgres` that Debian's package makes.
"""

import contextlib
import getpass
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg

USER = "postgres" if getpass.getuser() == "root" else getpass.getuser()


def _binary(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name)


def missing(engine: str) -> str | None:
    """Why an engine cannot be started here, or None."""
    binary = {"postgresql": "postgres", "redis": "redis-server"}[engine]
    if _binary(binary) is None:
        return (
            f"no {binary} here: install Debian's {'postgresql' if engine == 'postgresql' else 'redis-server'}"
        )
    return None


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="relais-engine-"))
    if getpass.getuser() != USER:
        shutil.chown(path, USER)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _start(command: list[str], directory: Path) -> "subprocess.Popen[bytes]":
    with (directory / "output.log").open("ab") as log:
        user = None if getpass.getuser() == USER else USER
        return subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, user=user)


class Postgres:
    """One instance on loopback; `url()` makes an empty database."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        initdb = [str(_binary("initdb")), "-D", str(directory / "data"), "-A", "trust", "-U", "relais", "-N"]
        user = None if getpass.getuser() == USER else USER
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "-E", "UTF8"],
            cwd=directory,
            check=True,
            capture_output=True,
            user=user,
        )

    def start(self) -> None:
        """Start and wait until it answers."""
        # fsync off: these databases do not have to outlive the machine
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [
            str(_binary("postgres")),
            "-D",
            str(self.directory / "data"),
            "-p",
            str(self.port),
            *options,
        ]
        self._process = _start([*command, "-c", "max_connections=200"], self.directory)
        limit = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < limit, (self.directory / "output.log").read_text()[-2000:]
                time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, as a machine that goes down does; it recovers at the next start."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def suspend(self, *, resume: bool = False) -> None:
        """Make every one of its processes hang, or go on."""
        assert self._process is not None
        leader = psutil.Process(self._process.pid)
        for process in (leader, *leader.children()):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume() if resume else process.suspend()

    def address(self, name: str) -> str:
        """What libpq takes."""
        return f"postgresql://relais@127.0.0.1:{self.port}/{name}"

    def url(self) -> str:
        """A new database, as SQLAlchemy names it."""
        name = f"t{uuid4().hex[:12]}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://relais@127.0.0.1:{self.port}/{name}"


class RedisServer:
    """One instance on loopback that writes nothing to the disk."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *more: str) -> None:
        """Start and wait until it answers. `more`: options of redis-server."""
        quiet = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port", str(self.port))
        self._process = _start([str(_binary("redis-server")), *quiet, *more], self.directory)
        limit = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                probe.sendall(b"PING\r\n")
                if probe.recv(16).startswith(b"+PONG"):
                    return
            assert time.monotonic() < limit, (self.directory / "output.log").read_text()[-2000:]
            time.sleep(0.02)

    def stop(self) -> None:
        """End it without a word: all that it held is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for the time of a block."""
    with _directory() as directory:
        server = Postgres(directory)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Redis for the time of a block."""
    with _directory() as directory:
        server = RedisServer(directory)
        server.start()
        try:
            yield server
        finally:
            server.stop()
