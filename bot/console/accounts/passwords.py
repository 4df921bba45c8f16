"""Passwords: argon2id, in threads and two at a time, since each takes 64 MiB and a tenth of a second."""

import asyncio
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
"""The ANSSI advises 12 characters where tries are limited and there is a second factor."""
_FEWEST_DIFFERENT = 6
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody holds this password")
"""Checked when the account does not exist, so that the answer takes as long."""


@dataclass(frozen=True)
class Passwords:
    """Makes and checks hashes."""

    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def check(self, kept: str | None, typed: str) -> bool:
        """Whether this is the password; as slow when there is none to compare with."""
        if len(typed) > LONGEST:
            typed = ""
        async with self._turns:
            return await asyncio.to_thread(_verify, kept or _NOBODY, typed) and kept is not None


def _verify(kept: str, typed: str) -> bool:
    try:
        return _HASHER.verify(kept, typed)
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, email: str) -> str | None:
    """Name of the sentence that says why this password is refused; None when it is good enough."""
    if not SHORTEST <= len(password) <= LONGEST:
        return "password_length"
    lowered = password.casefold()
    if len(set(lowered)) < _FEWEST_DIFFERENT:
        return "password_plain"
    return "password_email" if email.partition("@")[0].casefold() in lowered else None
