"""What Relais answers to something that is not a fact: a question, a command, a courtesy. The state does not move."""

from collections.abc import Callable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.expected import SURE, stated_by
from actions.talk import Talk
from bot import acronyms, faq
from bot.language.asked import asks, question_in
from bot.language.facts.employment import named_statuses
from bot.language.follow_up import other_side
from bot.language.languages import language_of
from bot.path import contacts_for
from bot.phones import spaced

CONTACTS_SHOWN = 3
HUMAN_CONTACT_TYPES = ("carsat", "cramif", "cgss", "msa", "cep", "national")


def answer_question(
    talk: Talk, dispatcher: CollectingDispatcher, intent: str, topic: str | None, text: str
) -> bool:
    """Answer from the FAQ. False when the intent has no answer there. `text`: the words that ask."""
    answer = faq.load().find(topic, intent, asker(talk, text))
    if answer is None:
        return False
    text = _spelled_out(talk, answer.said_to(talk.audience))
    dispatcher.utter_message(text=text, json_message={"links": [_source(answer)]})
    talk.set(slots.ANSWERED, answer.id)
    return True


def asker(talk: Talk, text: str) -> faq.Asker:
    """Who asks, as known so far, and in which words."""
    known = {name: talk.get(name) for name in ("status", "unfit")}
    return faq.Asker(known, named_statuses(text) if text else frozenset(), text)


def answer_inside(talk: Talk, dispatcher: CollectingDispatcher) -> bool:
    """Answer what a message asks beside the facts that it states. False when it asks nothing that is understood."""
    asked = talk.question
    if asked and asked["confidence"] >= SURE and asked["intent"].startswith("ask_"):
        words = question_in(talk.text) or talk.text
        return _answer(talk, dispatcher, asked["intent"], asked["topic"], words)
    intent = talk.commands
    if not intent.startswith("ask_") or (not asks(talk.text) and stated_by(intent) & _names(talk)):
        return False  # « je suis à mi-temps thérapeutique, je vous l'ai dit » asks nothing
    return _answer(talk, dispatcher, intent, talk.entity("topic"), talk.text)


def _names(talk: Talk) -> set[str]:
    return {fact.name for fact in talk.said_facts()}


def _answer(talk: Talk, dispatcher: CollectingDispatcher, intent: str, topic: str | None, text: str) -> bool:
    if intent in REPLIES:
        REPLIES[intent](talk, dispatcher)
        return True
    return answer_question(talk, dispatcher, intent, topic, text)


def follow_up(talk: Talk, dispatcher: CollectingDispatcher) -> bool:
    """« et mon employeur ? » after an answer: the same topic, as told to the other side. False when it is not one."""
    side = None if talk.is_choice else other_side(talk.text)
    answer = faq.load().topic(talk.get(slots.ANSWERED)) if side else None
    if side is None or answer is None or not answer.text_for_employer:
        return False
    response = "utter_said_to_employer" if side == "employer" else "utter_said_to_worker"
    dispatcher.utter_message(
        response=response,
        answer=_spelled_out(talk, answer.said_to(side)),
        json_message={"links": [_source(answer)]},
    )
    return True


def _spelled_out(talk: Talk, text: str) -> str:
    """The text, with the words of the acronyms met for the first time in this conversation."""
    already: list[str] = talk.get(slots.EXPLAINED) or []
    new = {name: words for name, words in acronyms.to_explain(text).items() if name not in already}
    if new:
        talk.set(slots.EXPLAINED, [*already, *new])
    return acronyms.with_words(text, new)


def _source(answer: faq.Answer) -> dict[str, str]:
    return {"title": f"{answer.source_title} (vérifié le {_day(answer.checked)})", "url": answer.source_url}


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def contact_lines(contacts: list[dict[str, Any]]) -> str:
    """Contacts as lines of text: name, then the phone or the address to open."""
    lines = []
    for contact in contacts[:CONTACTS_SHOWN]:
        phone = spaced(contact["phone"]) if contact.get("phone") else None
        way = phone or contact.get("booking_url") or contact.get("url") or ""
        lines.append(f"• {contact['name']} : {way}".rstrip(" :"))
    return "\n".join(lines)


def say_contacts(talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """Whom to call, for what is known so far: the contacts of the first step that has some."""
    from actions.plan import current_plan

    plan = current_plan(talk)
    steps = sorted(plan["steps"], key=lambda step: step["id"] != plan["first_step"])
    contacts: list[dict[str, Any]] = next((step["contacts"] for step in steps if step["contacts"]), [])
    response = "utter_contacts" if talk.get("department") else "utter_human_unknown"
    dispatcher.utter_message(response=response, contacts=contact_lines(contacts))


def say_human(talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """People to speak to, near the person when the department is known."""
    contacts = contacts_for(talk.situation(), HUMAN_CONTACT_TYPES)
    response = "utter_human" if talk.get("department") else "utter_human_unknown"
    dispatcher.utter_message(response=response, contacts=contact_lines(contacts))


def say_why(talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """Why the open question is asked."""
    asked = talk.asked or talk.get(slots.OPEN)
    if asked in slots.FACT_NAMES:
        dispatcher.utter_message(response=f"utter_why_{asked}")
    else:
        dispatcher.utter_message(response="utter_privacy")


def say_again(talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """The open question comes again; for a fact with what it is for, or « c quoi ? » would turn in circles."""
    asked = talk.asked or talk.get(slots.OPEN)
    if asked in slots.FACT_NAMES:
        dispatcher.utter_message(response=f"utter_why_{asked}")
    else:
        dispatcher.utter_message(response="utter_repeat")


def erase(_talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """The gateway reads `erase`, and erases this conversation everywhere."""
    dispatcher.utter_message(response="utter_erased", json_message={"erase": True})


def _say(response: str) -> Callable[[Talk, CollectingDispatcher], None]:
    def say(_talk: Talk, dispatcher: CollectingDispatcher) -> None:
        dispatcher.utter_message(response=response)

    return say


REPLIES: dict[str, Callable[[Talk, CollectingDispatcher], None]] = {
    "help": _say("utter_help"),
    "greet": _say("utter_greet"),
    "goodbye": _say("utter_goodbye"),
    "thank": _say("utter_thank"),
    "insult": _say("utter_insult"),
    "ask_privacy": _say("utter_privacy"),
    "ask_human": say_human,
    "ask_contact": say_contacts,
    "why_question": say_why,
    "erase_data": erase,
    "repeat": say_again,
}
"""Intents answered the same way during the questions and after the plan."""


def reply(talk: Talk, dispatcher: CollectingDispatcher, intent: str) -> bool:
    """Answer `intent` if it is one of these or a question of the FAQ. False when it is neither."""
    if not talk.is_choice and language_of(talk.text) not in (None, "fr"):
        dispatcher.utter_message(response="utter_not_french")
        return True
    if intent in REPLIES or intent.startswith("ask_"):
        return _answer(talk, dispatcher, intent, talk.entity("topic"), "" if talk.is_choice else talk.text)
    return False
