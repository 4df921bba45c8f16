"""From the contract's Messages to the channel-neutral form: texts, and one question with its options."""

import re
from typing import Any

from bot.conversation.state import ConversationState, Message
from bot.gateway.advisers import TOWARDS_ADVISER
from bot.gateway.channels.model import Option, Outgoing
from bot.gateway.channels.plans import summary
from bot.gateway.channels.wording import channel_words

TOOLS = ("dont_know", "why_question", "go_back")
_DIGITS = re.compile(r"\D+")


def options(state: ConversationState) -> tuple[Option, ...]:
    """The options of the question that stands: the same when it is shown and when it is answered.

    Their payload names the question, so that a button of an older one is told apart; it says nothing of the
    choice, and fits in Telegram's 64 bytes.
    """
    question = state.question
    if not question:
        return ()
    shown = {choice["id"]: choice["title"] for choice in question["choices"]}
    # Offered by another message of the same answer: after those of the question, in an order that no
    # database changes.
    shown |= {name: state.choices[name]["title"] for name in sorted(state.choices) if name not in shown}
    shown = {name: title for name, title in shown.items() if name in state.choices}
    lettered = question.get("asks") in channel_words().numbers
    made, rank = [], 0
    for position, (name, title) in enumerate(shown.items()):
        kind = _kind(name, question)
        rank += kind == "answer"
        label = "" if kind != "answer" else chr(64 + rank) if lettered and rank <= 26 else str(rank)
        payload = f"{question['id'][:32]}:{position}"
        made.append(Option(name, title, label, payload, kind))
    return tuple(made)


def _kind(name: str, question: Message) -> Any:
    if name in TOOLS:
        return "tool"
    recap = question.get("asks") == "confirm"
    return "change" if recap and name not in ("yes", *TOWARDS_ADVISER) else "answer"


def outgoing(
    messages: list[Message], state: ConversationState | None, *, plan_url: str, brief: bool
) -> list[Outgoing]:
    """What to show. The options go with the last message; `brief`: a channel where each line costs."""
    shown: list[Outgoing] = []
    for message in messages:
        if message["plan"]:
            # Its text says the first step, as the summary does: it is for who cannot show a plan.
            texts = summary(message["plan"], plan_url, brief=brief) or [message["text"] or ""]
            shown += [Outgoing(text) for text in texts if text]
            text = _links("", message)
        else:
            text = _links(message["text"] or "", message)
        if text:
            shown.append(Outgoing(text))
    if state is None or not any(message["choices"] or message["asks"] for message in messages) or not shown:
        return shown
    asked = options(state)
    return [*shown[:-1], Outgoing(shown[-1].text, asked)]


def _links(text: str, message: Message) -> str:
    """The text with its links; numbers to call that it already gives are not repeated."""
    lines = [text] if text else []
    for link in message["links"]:
        scheme, _, rest = link["url"].partition(":")
        if scheme.lower() in ("tel", "sms"):
            if rest not in re.findall(r"\d+", text) and _DIGITS.sub("", rest) not in _DIGITS.sub("", text):
                lines.append(f"{link['title']} : {rest}")
        elif link["url"] not in text and not link["url"].startswith("/"):
            lines.append(f"{link['title']} : {link['url']}")
    return "\n".join(lines)


def hint(message: Outgoing, *, tools: bool, changes: bool, brief: bool = False) -> str:
    """What may be written besides the options shown: words of the tools, correction of a recap."""
    words, kind = channel_words(), "sms_" if brief else ""
    parts = []
    if tools and message.of("tool"):
        named = ", ".join(words.tools[option.id] for option in message.of("tool"))
        parts.append(words.say[f"{kind}tools"].format(tools=named))
    if changes and message.of("change"):
        parts.append(words.say[f"{kind}change"])
    return " ".join(parts)


def numbered(options: list[Option], mark: str = ". ") -> str:
    """The options as a list, one a line."""
    return "\n".join(f"{option.label}{mark}{option.title}" for option in options)


def merged(messages: list[Outgoing]) -> list[Outgoing]:
    """Texts that follow each other as one message; the question stays apart, with its options."""
    if not messages:
        return []
    before, last = messages[:-1], messages[-1]
    if not last.options:
        return [Outgoing("\n\n".join(message.text for message in messages))]
    told = [Outgoing("\n\n".join(message.text for message in before))] if before else []
    return [*told, last]
