"""The memory of several public processes: sealed values in Redis, which forgets them by itself.

The next message of someone who wants nothing kept may reach any process (docs/decisions/0006). Redis must not
write to a disk: `check_volatile` refuses one that does.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.conversation.state import ConversationState, TurnRecord
from bot.gateway.memory import MemoryAwayError, Remembered
from bot.settings import SettingsError
from bot.shared import PREFIX, Seal

logger = logging.getLogger("relais.memory")


class RedisMemory:
    """`bot.gateway.memory.Memory` in Redis."""

    def __init__(self, redis: Redis, secret: str, ttl: float, *, previous: Sequence[str] = ()) -> None:
        self._redis = redis
        self._seals = [Seal(each, "memory") for each in (secret, *previous)]
        self._ttl = int(ttl)

    def __len__(self) -> int:
        """None in this process."""
        return 0

    async def get(self, conversation_id: str) -> Remembered | None:
        """See `Memory.get`."""
        try:
            sealed = await self._redis.get(_key(conversation_id))
        except (RedisError, OSError) as problem:
            raise MemoryAwayError(type(problem).__name__) from None
        if not isinstance(sealed, bytes):
            return None
        for seal in self._seals:
            value = seal.open(sealed)
            if value is not None:
                return _read(value)
        return None

    async def keep(self, remembered: Remembered) -> None:
        """See `Memory.keep`."""
        value = {
            "state": _written(asdict(remembered.state)),
            "written": remembered.written.isoformat(),
            "turns": [_written(asdict(turn)) for turn in remembered.turns],
        }
        try:
            await self._redis.set(_key(remembered.state.id), self._seals[0].close(value), ex=self._ttl)
        except (RedisError, OSError) as problem:
            raise MemoryAwayError(type(problem).__name__) from None

    async def drop(self, conversation_id: str) -> None:
        """See `Memory.drop`."""
        try:
            await self._redis.delete(_key(conversation_id))
        except (RedisError, OSError) as problem:
            raise MemoryAwayError(type(problem).__name__) from None

    def expire(self) -> list[str]:
        """Nothing: Redis does it. The rows are swept by their time of activity (`bot.gateway.housekeeping`)."""
        return []


def _key(conversation_id: str) -> str:
    return f"{PREFIX}memory:{conversation_id}"


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _moments(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return values | {name: datetime.fromisoformat(values[name]) for name in names}


def _read(value: dict[str, Any]) -> Remembered:
    state = ConversationState(**_moments(value["state"], "created_at", "active_at"))
    turns = [TurnRecord(**_moments(turn, "created_at")) for turn in value["turns"]]
    return Remembered(state, datetime.fromisoformat(value["written"]), turns)


async def check_volatile(redis: Redis) -> None:
    """Raise SettingsError when this Redis writes what it holds to a disk; say so when it does not tell.

    People were told that nothing of theirs is written before they agree. A Redis that does not answer now is
    looked at by nobody: the deployment guide says what to set.
    """
    try:
        found: dict[Any, Any] = {**await redis.config_get("save"), **await redis.config_get("appendonly")}
    except ResponseError:
        logger.warning(
            'Redis does not tell whether it writes to a disk: it must not (save "", appendonly no)'
        )
        return
    except (RedisError, OSError) as problem:
        logger.warning("Redis does not answer: %s", type(problem).__name__)
        return
    words = {_text(name): _text(setting) for name, setting in found.items()}
    if words.get("save") or words.get("appendonly") == "yes":
        raise SettingsError(
            "RELAIS_REDIS_URL : ce Redis écrit sur un disque, alors que les personnes qui n'ont pas donné leur "
            'accord ont la promesse du contraire. Réglez save "" et appendonly no.'
        )


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
