"""A plan on a small screen: the first thing to do, the steps with their phones, a link to the rest."""

from typing import Any

from bot.gateway.channels.wording import channel_words

_SHOWN = ("now", "next")
_STEPS = 6


def summary(plan: dict[str, Any], url: str, *, brief: bool) -> list[str]:
    """The plan as one or two texts. `brief`: only what to do first, who else to call, and the link."""
    say = channel_words().say
    steps = [step for step in plan.get("steps") or [] if isinstance(step, dict) and step.get("title")]
    first = next((step for step in steps if step.get("id") == plan.get("first_step")), None)
    first = first or (steps[0] if steps else None)
    texts = []
    if first is not None:
        lines = [say["plan_first"].format(title=first["title"]), *_calls(first, 2)]
        if first.get("say") and not brief:
            lines.append(say["plan_say"].format(say=first["say"]))
        texts.append("\n".join(lines))
    others = [step for step in steps if step is not first and step.get("when") in _SHOWN]
    lines = [say["plan_then"]] if others else []
    for rank, step in enumerate(others[: 3 if brief else _STEPS], start=2):
        lines.append(f"{rank}. {step['title']}")
        lines += _calls(step, 1)
    if url:
        lines += [say["plan_link"].format(url=url), *([] if brief else [say["plan_private"]])]
    if lines:
        texts.append("\n".join(lines))
    return texts


def _calls(step: dict[str, Any], limit: int) -> list[str]:
    """Contacts of a step: a name and how to reach it."""
    found = []
    for contact in step.get("contacts") or []:
        if not isinstance(contact, dict):
            continue
        way = contact.get("phone") or contact.get("booking_url") or contact.get("url")
        if contact.get("name") and isinstance(way, str) and not way.lower().startswith("javascript:"):
            found.append(channel_words().say["call"].format(name=contact["name"], phone=way))
    return found[:limit]
