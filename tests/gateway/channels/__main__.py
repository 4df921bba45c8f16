"""`python -m tests.gateway.channels [telegram|whatsapp|messenger|sms]`: the real Relais, in your hand, on each platform.

It starts `relais serve` (a model must be trained) in front of the platforms of the tests, and lets you write as a person
does. A line is a message; a line that begins with `!` is what else a phone does (`!help`). Lines may be piped in.
"""

import asyncio
import os
import sys
import tempfile
import textwrap
from contextlib import AsyncExitStack
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.gateway.channels.segments import segments, septets
from bot.gateway.channels.settings import ChannelSettings
from tests.conversations.product import Product
from tests.gateway.channels.conftest import PHONES, PLATFORMS, on
from tests.gateway.channels.phones import PUBLIC_URL, Phone
from tests.gateway.channels.platforms import Shown

CHANNELS = {"telegram": "telegram", "whatsapp": "whatsapp", "messenger": "messenger", "sms": "twilio"}
SHAPES = {
    "voice": {"telegram": "telegram_voice", "whatsapp": "whatsapp_audio"},
    "sticker": {"telegram": "telegram_sticker", "messenger": "messenger_sticker"},
    "edit": {"telegram": "telegram_edited", "messenger": "messenger_edit"},
    "react": {"whatsapp": "whatsapp_reaction", "messenger": "messenger_reaction"},
    "caption": {"telegram": "telegram_photo_caption", "whatsapp": "whatsapp_image_caption"},
}
HELP = """
!tap N          tap the Nth button of the last message that has some
!tap N BACK     the same, BACK messages with buttons earlier (1: the one before)
!voice !sticker !edit !react !caption   where the platform has them; on SMS, !voice is an MMS
!on CHANNEL     take another phone: telegram, whatsapp, messenger, sms
"""
_WIDTH = {"telegram": 46, "whatsapp": 42, "messenger": 42, "sms": 40}
"""Letters in a line of a phone's bubble, about."""
_QUIET, _LONGEST = 1.5, 20.0


def variables(settings: ChannelSettings) -> dict[str, str]:
    """The settings of a channel as the environment gives them."""
    named = {each.name: getattr(settings, each.name) for each in fields(settings)}
    return {f"RELAIS_{settings.PREFIX}_{name.upper()}": value for name, value in named.items() if value}


async def settled(phone: Phone) -> None:
    """Wait until the answer has come: something, then nothing more for a moment."""
    clock = asyncio.get_running_loop().time
    began = changed = clock()
    count = first = len(phone.platform.shown)
    while clock() - began < _LONGEST and (count == first or clock() - changed < _QUIET):
        await asyncio.sleep(0.05)
        if len(phone.platform.shown) != count:
            count, changed = len(phone.platform.shown), clock()


def draw(name: str, shown: Shown) -> None:
    """A bubble as a phone shows it, its buttons numbered for `!tap`."""
    alphabet = "UCS-2" if septets(shown.text) is None else "GSM-7"
    cost = f", {segments(shown.text)} SMS {alphabet}" if name == "sms" else ""
    print(f"  ┌ {len(shown.text)} letters{cost}")
    for line in shown.text.splitlines():
        for piece in textwrap.wrap(line, _WIDTH[name], break_long_words=False) or [""]:
            print(f"  │ {piece}")
    for rank, title in enumerate(shown.buttons, start=1):
        print(f"  │   [{rank}] {title}")
    print("  └")


class Hand:
    """Someone with a phone for each platform."""

    def __init__(self, phones: dict[str, Phone], name: str) -> None:
        self._phones, self.name = phones, name

    async def do(self, line: str) -> list[Shown]:
        """What a line asks for; what comes. Raises LookupError, ValueError for what this phone cannot do."""
        phone = self._phones[self.name]
        word, *given = line.removeprefix("!").split() if line.startswith("!") else [""]
        if not word:
            return await phone.say(line)
        if word == "on":
            self._phones[given[0]].new()
            self.name = given[0]
            return []
        if word == "tap":
            asked = [shown for shown in phone.platform.shown if shown.buttons and shown.to == phone.me]
            shown = asked[-1 - int(given[1] if given[1:] else 0)]
            return await phone.send(phone.tapped(list(shown.buttons.values())[int(given[0]) - 1], shown))
        if (word, self.name) == ("voice", "sms"):
            return await phone.send(phone.message("") | {"NumMedia": "1"})
        return await phone.send(phone._filled(SHAPES[word][self.name]))  # type: ignore[attr-defined]


async def talk(hand: Hand) -> None:
    """Lines until the end of the input."""
    while True:
        print(f"\n{hand.name}> ", end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        if not sys.stdin.isatty():
            print(line.strip())
        try:
            for shown in await hand.do(line.strip()):
                draw(hand.name, shown)
        except (LookupError, ValueError):
            print(HELP)


async def main(first: str) -> None:
    """Start everything, talk, stop everything."""
    async with AsyncExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relais-phones-")))
        environment = {"RELAIS_SECRET": "secret-de-test", "RELAIS_PUBLIC_URL": PUBLIC_URL}
        platforms: dict[str, Any] = {}
        for name, adapter in CHANNELS.items():
            platforms[name] = PLATFORMS[adapter]()
            await platforms[name].server.start_server()
            stack.push_async_callback(platforms[name].server.close)
            environment |= variables(getattr(on(adapter, platforms[name], var), adapter))
        product = Product(var, **environment)
        print("Relais starts…", flush=True)
        await asyncio.to_thread(product.start)
        stack.callback(product.stop)
        session = await stack.enter_async_context(ClientSession(product.url))
        phones = {name: PHONES[adapter](session, platforms[name]) for name, adapter in CHANNELS.items()}  # type: ignore[arg-type]
        for phone in phones.values():
            phone.idle = partial(settled, phone)  # type: ignore[method-assign]
        print(HELP)
        await talk(Hand(phones, first))
        refused = [each for platform in platforms.values() for each in platform.refused]
        print(f"\nrefused by the platforms: {refused or 'nothing'}")


if __name__ == "__main__":
    chosen = sys.argv[1] if sys.argv[1:] else "telegram"
    if chosen not in CHANNELS:
        sys.exit(__doc__)
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    asyncio.run(main(chosen))
