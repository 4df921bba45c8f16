"""SMS: everything in plain text, in the GSM alphabet, in few segments."""

from bot.gateway.channels.ladder import climb, without_bold
from bot.gateway.channels.model import Outgoing
from bot.gateway.channels.segments import plain, segments
from bot.gateway.channels.splitting import split
from bot.gateway.channels.wording import limits


def sms_texts(messages: list[Outgoing]) -> list[str]:
    """The bodies to send: all the messages of an answer together, or else the question apart; then cut at the
    segments that one body may cost."""
    texts = [
        plain(without_bold(climb(message, limits("sms")).text)).replace("\n\n", "\n") for message in messages
    ]
    groups = ["\n".join(texts)]
    if not _fits(groups[0]):
        groups = ["\n".join(texts[:-1]), texts[-1]]
    return [piece for group in groups for piece in split(group, _fits)]


def _fits(text: str) -> bool:
    sizes = limits("sms")
    return len(text) <= sizes.text and segments(text) <= sizes.segments
