"""What hides the few values that identify someone in the database: Fernet to read again, keyed hash to look up."""

import base64
import hmac
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.settings import Settings


class UnreadableError(ValueError):
    """Encrypted under a key that we no longer have."""


class Secrecy:
    """Keys derived from `settings.secret` (HKDF-SHA256), one per use; old secrets still read, never write."""

    def __init__(self, secret: str, previous: Sequence[str] = (), *, purpose: str) -> None:
        secrets = [secret, *previous]
        self._box = MultiFernet([Fernet(_derive(each, f"{purpose}-encryption")) for each in secrets])
        self._keys = [_derive(each, f"{purpose}-lookup") for each in secrets]

    @classmethod
    def of(cls, settings: Settings, purpose: str) -> "Secrecy":
        """With the secrets of the settings; what one purpose hides, another cannot show."""
        return cls(settings.secret, settings.previous_secrets, purpose=purpose)

    def hide(self, value: Any) -> str:
        """A JSON value, encrypted."""
        return self._box.encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def show(self, hidden: str) -> Any:
        """The value again. Raises UnreadableError."""
        try:
            return json.loads(self._box.decrypt(hidden.encode()))
        except (InvalidToken, ValueError):
            raise UnreadableError("encrypted under another RELAIS_SECRET") from None

    def lookup(self, *parts: str) -> str:
        """Keyed hash of an id: the same for one id, says nothing without the key."""
        return _digest(self._keys[0], parts)

    def lookups(self, *parts: str) -> list[str]:
        """The hash under the present key first, then under the previous ones."""
        return [_digest(key, parts) for key in self._keys]


def _digest(key: bytes, parts: Sequence[str]) -> str:
    return hmac.new(key, "\x00".join(parts).encode(), sha256).hexdigest()


def _derive(secret: str, use: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"relais-{use}".encode())
    return base64.urlsafe_b64encode(made.derive(secret.encode()))
