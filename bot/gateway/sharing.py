"""What the public processes have in common: memory, turns and limits, of this process alone or in Redis."""

from dataclasses import dataclass

from redis.asyncio import Redis

from bot.conversation.live import Live, LocalLive
from bot.gateway.limits import LocalTurnstile, RateLimiter, TokenBuckets, Turnstile
from bot.gateway.memory import LocalMemory, Memory
from bot.gateway.options import Options
from bot.gateway.shared_limits import RedisBuckets, RedisTurnstile
from bot.gateway.shared_live import RedisLive
from bot.gateway.shared_memory import RedisMemory
from bot.settings import Settings, SettingsError
from bot.shared import connect


@dataclass(frozen=True)
class Sharing:
    """The parts that depend on how many public processes there are."""

    memory: Memory
    turnstile: Turnstile
    live: Live
    redis: Redis | None = None

    @classmethod
    def of(cls, settings: Settings, options: Options) -> "Sharing":
        """Shared when the settings name a Redis. Raises SettingsError for an address that is not one."""
        if not settings.redis_url:
            memory = LocalMemory(options.memory, options.memory_ttl)
            return cls(memory, LocalTurnstile(options.waiting), LocalLive())
        try:
            redis = connect(settings.redis_url)
        except ValueError as problem:
            raise SettingsError("RELAIS_REDIS_URL: redis://HOST:PORT/0 is expected") from problem
        previous = settings.previous_secrets
        shared = RedisMemory(redis, settings.secret, options.memory_ttl, previous=previous)
        return cls(shared, RedisTurnstile(redis, options.waiting), RedisLive(redis), redis)

    def limiter(self, name: str, amount: float, *, seconds: float = 60, keys: int = 50_000) -> RateLimiter:
        """Buckets of that name; `keys` bounds those of a process alone."""
        if self.redis is None:
            return TokenBuckets(amount, seconds=seconds, keys=keys)
        return RedisBuckets(self.redis, name, amount, seconds=seconds)

    async def close(self) -> None:
        """Give the connections back."""
        if self.redis is not None:
            await self.redis.aclose(close_connection_pool=True)
