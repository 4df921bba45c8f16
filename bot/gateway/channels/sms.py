"""SMS: everything in plain text, in the GSM alphabet, in few segments."""

from bot.gateway.channels.ladder import climb, without_bold
from bot.gateway.channels.model import Outgoing
from bot.gateway.channels.segments import plain, segments
from bot.gateway.channels.splitting import split
from bot.gateway.channels.wording import limits


def sms_texts(messages: list[Outgoing]) -> list[str]:
    """The bodies to send: all the messages of an answer together, cut at the segments that one may cost."""
    sizes = limits("sms")
    whole = "\n".join(without_bold(climb(message, sizes).text) for message in messages)
    text = plain(whole).replace("\n\n", "\n")
    return split(text, lambda piece: len(piece) <= sizes.text and segments(piece) <= sizes.segments)
