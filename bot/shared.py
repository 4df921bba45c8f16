"""What several processes share through Redis: the connection, and values sealed before they leave the process.

Runs in both environments (Python 3.10, redis 4 and later). Nothing here is written unless `RELAIS_REDIS_URL` is set.
"""

import base64
import json
import zlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.asyncio import Redis
from redis.asyncio.connection import BlockingConnectionPool
from redis.exceptions import RedisError

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 3.0
"""Patience with a Redis that does not answer: below everybody else's in a turn."""
PREFIX = "relais:"
"""Of every key, so that one Redis may serve other programs too."""


def connect(url: str, *, connections: int = 64) -> Redis:
    """A client that connects at its first use. Raises ValueError for an address that is not one of Redis."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=ANSWER_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        health_check_interval=15,
    )
    return Redis(connection_pool=pool)


async def answers(redis: Redis) -> bool:
    """Whether Redis is up."""
    try:
        return bool(await redis.ping())
    except (RedisError, OSError):
        return False


class Seal:
    """Closes JSON values before they go to Redis: who reads its memory, or a dump of it, learns nothing."""

    def __init__(self, secret: str, use: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"relais-shared-" + use.encode())
        self._box = Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))

    def close(self, value: Any) -> bytes:
        """A JSON value, compressed then encrypted."""
        return self._box.encrypt(zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 1))

    def open(self, sealed: bytes) -> Any:
        """The value again; None when it was sealed with another secret."""
        try:
            return json.loads(zlib.decompress(self._box.decrypt(sealed)))
        except InvalidToken:
            return None
