"""Settings of the public process, read once from the environment.

Every variable is optional: a fresh clone runs with none of them. Secrets may also be given as files
(`RELAIS_SECRET_FILE`), so that they never appear in a process list.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
"""Interpreter of Rasa's own environment."""


class SettingsError(ValueError):
    """A setting has a value that Relais cannot use; the message names the variable and what it accepts."""


def _addresses(name: str) -> tuple[str, ...]:
    addresses = tuple(word.rstrip("/") for word in os.environ.get(name, "").replace(",", " ").split())
    for address in addresses:
        if not address.startswith(("http://", "https://")):
            raise SettingsError(f"{name}: {address!r} is not an address such as http://10.0.0.5:5005")
    return addresses


def _integer(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise SettingsError(f"{name}={text!r}: a whole number is expected")
    return int(text)


def _confidential(name: str, default: str = "") -> str:
    """A value that may hold a password: the variable, else the content of the file that `NAME_FILE` names."""
    value = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if value or not path:
        return value or default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingsError(f"{name}_FILE={path!r}: {problem.strerror}") from None


def _beside(database_url: str, otherwise: str) -> str:
    """Rasa's trackers go to the same PostgreSQL as our tables, through the driver of its own environment."""
    scheme, mark, rest = database_url.partition("://")
    return f"postgresql{mark}{rest}" if scheme.partition("+")[0] == "postgresql" else otherwise


@dataclass(frozen=True)
class Settings:
    """Where things are and how long they live. Build one with `Settings.from_environment()`."""

    var: Path
    """Directory of everything that is made at run time: database, keys, models, logs. Never in git."""
    models: Path
    """Trained Rasa models."""
    host: str
    port: int
    rasa_host: str
    """Address on which Rasa listens: loopback, but in a private network of its own."""
    rasa_port: int
    rasa_urls: tuple[str, ...]
    """Addresses of the Rasa processes, when they are not our child."""
    actions_host: str
    actions_port: int
    actions_urls: tuple[str, ...]
    """Where Rasa finds the actions, when it is not our child."""
    redis_url: str
    """Redis that several processes share; empty: one process of each kind, each with its own memory."""
    database_url: str
    """SQLAlchemy URL of our own tables, asynchronous driver."""
    tracker_database_url: str
    """SQLAlchemy 1.4 URL of Rasa's tracker store, synchronous driver."""
    retention_days: int
    """Days after which a transcript is deleted."""
    public_url: str
    """Address that people reach, without a final slash; used in links that leave the page."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read `RELAIS_*`. Raises SettingsError on a value that cannot be used."""
        var = Path(os.environ.get("RELAIS_VAR", str(ROOT / "var"))).resolve()
        port = _integer("RELAIS_PORT", 8080)
        host = os.environ.get("RELAIS_HOST", "127.0.0.1")
        database = _confidential("RELAIS_DATABASE_URL", f"sqlite+aiosqlite:///{var / 'relais.sqlite'}")
        return cls(
            var=var,
            models=Path(os.environ.get("RELAIS_MODELS", str(var / "models"))).resolve(),
            host=host,
            port=port,
            rasa_host=os.environ.get("RELAIS_RASA_HOST", "127.0.0.1"),
            rasa_port=_integer("RELAIS_RASA_PORT", 5005),
            rasa_urls=_addresses("RELAIS_RASA_URLS"),
            actions_host=os.environ.get("RELAIS_ACTIONS_HOST", "127.0.0.1"),
            actions_port=_integer("RELAIS_ACTIONS_PORT", 5055),
            actions_urls=_addresses("RELAIS_ACTIONS_URLS"),
            redis_url=_confidential("RELAIS_REDIS_URL"),
            database_url=database,
            tracker_database_url=_confidential("RELAIS_TRACKER_DATABASE_URL")
            or _beside(database, f"sqlite:///{var / 'trackers.sqlite'}"),
            retention_days=_integer("RELAIS_RETENTION_DAYS", 30),
            public_url=os.environ.get("RELAIS_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        )

    @property
    def has_database(self) -> bool:
        """False while a SQLite file was not made yet: a command that only reads must not make one."""
        path = self.database_url.partition(":///")[2] if self.database_url.startswith("sqlite") else ""
        return not path or Path(path).exists()

    @property
    def has_shared_secret(self) -> bool:
        """Whether the secret was given: several machines cannot each make their own."""
        return bool(os.environ.get("RELAIS_SECRET") or os.environ.get("RELAIS_SECRET_FILE"))

    @cached_property
    def secret(self) -> str:
        """Key that signs conversation tokens: environment, file, or made once in `var/` (mode 0600)."""
        value = os.environ.get("RELAIS_SECRET", "")
        if value:
            return value
        path = Path(os.environ.get("RELAIS_SECRET_FILE", str(self.var / "secret.key")))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                    stream.write(secrets.token_urlsafe(48))
            except FileExistsError:
                pass  # another process of ours made it in between: read that one
        return path.read_text().strip()

    @property
    def previous_secrets(self) -> list[str]:
        """Keys used before (`RELAIS_SECRET_PREVIOUS`, separated by spaces): what they hid can still be read."""
        return os.environ.get("RELAIS_SECRET_PREVIOUS", "").split()
