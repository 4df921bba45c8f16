"""What two Rasa processes do with one conversation. Runs in Rasa's environment: `trackers.py REDIS_URL TRACKER_URL…`.

Prints, for each database, one JSON object: name of the check → what was seen. `tests/scale/test_trackers.py` says what it
must be.
"""

import asyncio
import json
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore")

from rasa.core.lock_store import LockError  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from redis.exceptions import RedisError  # noqa: E402

from bot.dialogue.lock_store import LeaseLockStore  # noqa: E402
from bot.dialogue.once import last_answer  # noqa: E402
from bot.dialogue.tracker_store import RelaisTrackerStore  # noqa: E402
from bot.dialogue.trackers import RECENT_TURNS  # noqa: E402
from bot.dialogue.unwritten import SharedUnwritten, StaleTrackerError  # noqa: E402
from bot.shared import connect  # noqa: E402

DOMAIN = Domain.from_dict({"slots": {"consent": {"type": "text", "mappings": [{"type": "custom"}]}}})


class Process:
    """What one Rasa process has of its own."""

    def __init__(self, tracker_url: str, redis_url: str) -> None:
        self.store = RelaisTrackerStore(domain=DOMAIN, host=tracker_url)
        self.redis = connect(redis_url)
        self.store.unwritten = SharedUnwritten(self.redis, "clef")
        self.locks = LeaseLockStore(self.redis, lease=0.6, patience=5)

    async def read(self, sender: str) -> DialogueStateTracker:
        """The tracker, new if there is none."""
        found = await self.store.retrieve(sender)
        return found or DialogueStateTracker(sender, DOMAIN.slots)

    async def says(self, sender: str, text: str, consent: str = "yes") -> None:
        """One whole turn."""
        tracker = await self.read(sender)
        add(tracker, text, consent)
        await self.store.save(tracker)

    async def texts(self, sender: str) -> list[str]:
        """The last things that the person said, as this process sees them."""
        tracker = await self.read(sender)
        return [event.text for event in tracker.events if isinstance(event, UserUttered)][-RECENT_TURNS:]


def add(tracker: DialogueStateTracker, text: str, consent: str) -> None:
    tracker.update(UserUttered(text, metadata={"id": f"id-{text}"}), DOMAIN)
    tracker.update(SlotSet("consent", consent), DOMAIN)
    tracker.update(BotUttered(f"réponse à {text}"), DOMAIN)


async def seen_by_both(first: Process, second: Process, consent: str) -> Any:
    sender = f"both-{consent}"
    for rank, process in enumerate((first, second, first, second)):
        await process.says(sender, str(rank), consent)
    return [await first.texts(sender), await second.texts(sender)]


async def stale(first: Process, second: Process, consent: str) -> Any:
    """Both read, both answer: the second write must fail, and leave no trace."""
    sender = f"stale-{consent}"
    await first.says(sender, "0", consent)
    one, other = await first.read(sender), await second.read(sender)
    add(one, "1", consent)
    add(other, "2", consent)
    await first.store.save(one)
    try:
        await second.store.save(other)
        refused = False
    except StaleTrackerError:
        refused = True
    return [refused, await first.texts(sender), await second.texts(sender)]


async def erased_meanwhile(first: Process, second: Process) -> Any:
    await first.says("erased", "0")
    tracker = await first.read("erased")
    await second.store.forget("erased")
    add(tracker, "1", "yes")
    try:
        await first.store.save(tracker)
        refused = False
    except StaleTrackerError:
        refused = True
    return [refused, await first.texts("erased")]


async def agreed_later(first: Process, second: Process) -> Any:
    """Nothing written before the yes; everything after, once; and Redis holds no more of it."""
    await first.says("later", "0", "no")
    with first.store.engine.connect() as connection:
        before = first.store._newest(connection, "later")
    await second.says("later", "1", "yes")
    await first.says("later", "2", "yes")
    left = await first.redis.exists("relais:tracker:later")
    return [before, await second.texts("later"), left]


async def sealed(first: Process) -> Any:
    await first.says("sealed", "motsecret", "no")
    held = await first.redis.hget("relais:tracker:sealed", "events")
    return [b"motsecret" in held, 0 < await first.redis.ttl("relais:tracker:sealed") <= 7200]


async def repeated(first: Process, second: Process) -> Any:
    for text in "abcdef":  # more than the turns that stay in memory
        await first.says("repeated", text)
    found = [await process.read("repeated") for process in (first, second)]
    return [[each.taken, [event.text for event in last_answer(each.events)]] for each in found]


async def locked(first: Process, second: Process) -> Any:
    """One at a time; kept while the turn lasts; free soon after its process died."""
    inside: list[int] = []
    most = 0

    async def turn(process: Process) -> None:
        nonlocal most
        async with process.locks.lock("locked"):
            inside.append(1)
            most = max(most, len(inside))
            await asyncio.sleep(0.9)
            inside.pop()

    await asyncio.gather(turn(first), turn(second))
    dead = first.redis.lock("relais:rasa:dead", timeout=0.6)
    await dead.acquire()
    async with second.locks.lock("dead"):
        freed = True
    long = first.redis.lock("relais:rasa:long", timeout=30)
    await long.acquire()
    try:
        async with LeaseLockStore(second.redis, patience=0.2).lock("long"):
            refused = False
    except LockError:
        refused = True
    return [most, freed, refused]


async def without_redis(tracker_url: str) -> Any:
    """What is kept goes on; what is not fails aloud, for the person to be told."""
    process = Process(tracker_url, "redis://127.0.0.1:1/0")
    async with process.locks.lock("kept-before"):
        await process.says("kept-before", "1")
    return [await process.texts("kept-before"), await known(process, "unknown")]


async def known(process: Process, sender: str) -> bool:
    try:
        await process.read(sender)
    except (RedisError, OSError):
        return False
    return True


async def main(tracker_url: str, redis_url: str) -> dict[str, Any]:
    first, second = (Process(tracker_url, redis_url) for _ in "ab")
    await first.redis.flushdb()
    await first.says("kept-before", "0")
    return {
        "seen_by_both": [await seen_by_both(first, second, consent) for consent in ("yes", "no")],
        "stale": [await stale(first, second, consent) for consent in ("yes", "no")],
        "erased_meanwhile": await erased_meanwhile(first, second),
        "agreed_later": await agreed_later(first, second),
        "sealed": await sealed(first),
        "repeated": await repeated(first, second),
        "locked": await locked(first, second),
        "without_redis": await without_redis(tracker_url),
    }


if __name__ == "__main__":
    for url in sys.argv[2:]:
        print(json.dumps(asyncio.run(main(url, sys.argv[1]))))
