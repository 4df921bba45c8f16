"""The ladder: buttons, else a list, else a numbered list in the text; what is left over is said in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.gateway.channels.model import Option, Outgoing
from bot.gateway.channels.outgoing import hint, merged, numbered
from bot.gateway.channels.splitting import at_most, shorten, split
from bot.gateway.channels.wording import Limits, channel_words, unbroken

Rung = Literal["buttons", "list", "numbered", "text"]
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


@dataclass(frozen=True)
class Button:
    """A tap: its title within the limits, the whole one when it was cut, what comes back."""

    title: str
    whole: str
    payload: str
    tool: bool


@dataclass(frozen=True)
class Rendered:
    """A message on its rung."""

    rung: Rung
    text: str
    buttons: tuple[Button, ...] = ()


def climb(message: Outgoing, limits: Limits) -> Rendered:
    """The highest rung that holds the message. A choice whose title had to be cut is also written in full."""
    answers, changes, tools = message.of("answer"), message.of("change"), message.of("tool")
    if not message.options:
        return Rendered("text", message.text)
    for rung, held in _rungs(answers, changes, tools):
        if held and len(held) <= (limits.buttons if rung == "buttons" else limits.list_rows):
            return _held(message, rung, held, limits)
    brief, lines = limits.segments > 0, [message.text]
    if answers:
        label = "numbered" if answers[0].label.isdigit() else "lettered"
        lines += [numbered(answers), channel_words().say[f"sms_{label}" if brief else label]]
    lines.append(hint(message, tools=True, changes=True, brief=brief))
    return Rendered("numbered", "\n".join(lines).strip())


def _rungs(
    answers: list[Option], changes: list[Option], tools: list[Option]
) -> list[tuple[Rung, list[Option]]]:
    """Rungs from the best one. Answers alone as buttons beat a list, unless lines to change would be lost."""
    everything = [*answers, *changes, *tools]
    return [
        ("buttons", everything),
        ("buttons", [] if changes else answers),
        ("list", everything),
        ("list", [*answers, *changes]),
        ("buttons", [*answers, *changes]),
        ("buttons", answers),
        ("list", answers),
    ]


def _held(message: Outgoing, rung: Rung, held: list[Option], limits: Limits) -> Rendered:
    size = limits.button_title if rung == "buttons" else limits.list_title
    buttons = tuple(_button(option, size) for option in held)
    text = message.text
    cut = any(button.title != button.whole and not button.tool for button in buttons)
    if rung == "buttons" and cut and message.of("answer"):
        text += "\n\n" + numbered(message.of("answer"))
    kinds = {option.kind for option in held}
    more = hint(message, tools="tool" not in kinds, changes="change" not in kinds)
    return Rendered(rung, f"{text}\n\n{more}" if more else text, buttons)


def _button(option: Option, size: int) -> Button:
    title = option.title
    if len(title) > size and option.kind == "tool":
        title = channel_words().tools[option.id].capitalize()
    if len(title) > size:
        title = channel_words().short.get(title, title)
    if len(title) > size:
        numbered_title = f"{option.label}. {option.title}" if option.label else option.title
        title = shorten(numbered_title, size)
    return Button(unbroken(title), unbroken(option.title), option.payload, option.kind == "tool")


def pages(messages: list[Outgoing], limits: Limits, bold: str) -> Iterator[tuple[str, Rendered]]:
    """Texts that fit, in order, and the message that each ends: one on the text's rung where it goes on.

    `bold`: the platform's mark of bold.
    """
    for message in merged(messages):
        rendered = climb(message, limits)
        size = limits.interactive_text if rendered.buttons and limits.interactive_text else limits.text
        pieces = split(unbroken(without_bold(rendered.text, bold)), at_most(size))
        for rank, piece in enumerate(pieces, start=1):
            yield piece, rendered if rank == len(pieces) else Rendered("text", piece)


def without_bold(text: str, mark: str = "") -> str:
    """The text with `**bold**` in the platform's own way (`mark` on each side)."""
    return _BOLD.sub(rf"{mark}\1{mark}", text)
