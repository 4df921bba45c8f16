"""One public process in front of two Rasa: each conversation has its own, the other takes over."""

from collections.abc import AsyncIterator

import pytest

from bot.gateway.rasa import RasaClient, RasaUnavailableError
from tests.gateway.fake_rasa import KEY, FakeRasa

SENDERS = [f"c{rank}" for rank in range(40)]


@pytest.fixture
async def both() -> AsyncIterator[tuple[FakeRasa, FakeRasa]]:
    fakes = FakeRasa(), FakeRasa()
    for fake in fakes:
        await fake.server.start_server()
    yield fakes
    for fake in fakes:
        await fake.server.close()


class Clock:
    moment = 100.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
async def client(both: tuple[FakeRasa, FakeRasa]) -> AsyncIterator[RasaClient]:
    urls = [str(fake.server.make_url("")) for fake in both]
    made = RasaClient(urls, KEY, timeout=15, clock=Clock())
    yield made
    await made.close()


async def say(client: RasaClient, sender: str, said: str = "m1") -> None:
    assert (await client.send(sender, "bonjour", {"id": said})).messages


async def own(client: RasaClient, both: tuple[FakeRasa, FakeRasa]) -> tuple[FakeRasa, FakeRasa]:
    """The Rasa of the first sender, and the other one."""
    await say(client, SENDERS[0], "m0")
    return both if SENDERS[0] in both[0].trackers else (both[1], both[0])


async def test_une_conversation_va_toujours_au_meme(client: RasaClient, both: tuple[FakeRasa, FakeRasa]):
    for sender in SENDERS * 2:
        await say(client, sender)
    assert not both[0].trackers.keys() & both[1].trackers.keys()
    assert min(len(fake.trackers) for fake in both) >= 8, "both work"
    again = RasaClient([each.removesuffix("/webhooks/relais") for each in reversed(client._channels)], KEY)
    assert [again._in_order(sender)[0] for sender in SENDERS] == [
        client._in_order(sender)[0] for sender in SENDERS
    ], "whatever the process and the order of the addresses"


async def test_un_rasa_injoignable_est_remplace(client: RasaClient, both: tuple[FakeRasa, FakeRasa]):
    first, other = await own(client, both)
    await first.server.close()
    await say(client, SENDERS[0])
    assert SENDERS[0] in other.trackers
    assert await client.answers()
    assert await client.forget(SENDERS[0]), "one that is gone has nothing to forget"


async def test_un_rasa_qui_meurt_en_repondant_est_remplace_une_fois(
    client: RasaClient, both: tuple[FakeRasa, FakeRasa]
):
    first, other = await own(client, both)
    first.fault = "dies"
    await say(client, SENDERS[0])
    assert other.taken == ["bonjour"]
    other.fault = "dies"
    with pytest.raises(RasaUnavailableError):
        await say(client, SENDERS[0], "m2")


async def test_un_rasa_fige_n_est_plus_demande_au_message_suivant(
    client: RasaClient, both: tuple[FakeRasa, FakeRasa]
):
    first, other = await own(client, both)
    first.fault = "silent"
    with pytest.raises(RasaUnavailableError, match="timeout"):
        await client.send(SENDERS[0], "bonjour", {"id": "m1"}, timeout=0.3)
    await say(client, SENDERS[0])
    assert other.taken == ["bonjour"]
    first.fault = None
    client._clock.moment += 60  # type: ignore[attr-defined]
    await say(client, SENDERS[0], "m2")
    assert other.taken == ["bonjour"], "it comes back to its own"


async def test_oublier_le_dit_a_tous(client: RasaClient, both: tuple[FakeRasa, FakeRasa]):
    for sender in SENDERS[:6]:
        await say(client, sender)
    for fake in both:
        fake.trackers.update(dict.fromkeys(SENDERS[:6], next(iter(fake.trackers.values()))))
    assert await client.forget(SENDERS[0])
    assert not any(SENDERS[0] in fake.trackers for fake in both)
    both[1].fault = "error"
    assert not await client.forget(SENDERS[1]), "one that is up has not confirmed"
