"""Takes one message during the questions: danger first, then consent, commands, facts, questions, and misunderstandings.

Each function returns the slot to ask next when it decides it, or None to let the rules choose.
"""

from rasa_sdk.executor import CollectingDispatcher

from actions import describe, safety, slots
from actions.misunderstanding import not_understood
from actions.replies import answer_inside, follow_up, reply
from actions.talk import SaidFact, Talk
from bot.directory.places import resolve
from bot.language.facts.people import understand
from bot.language.facts.reading import read

COMMANDS = ("start_over", "stop", "go_back", "modify", "continue")
OBEYED_FROM = 0.6
"""Confidence from which a command is obeyed although the message also seems to state a fact (« j'arrête là »)."""
UNKNOWN_VALUES = {"cause": "unknown", "boeth": "unknown", "same_job_possible": "unsure"}
"""Facts for which « je ne sais pas » is itself an answer."""
PRESUPPOSED_BY = {"on_leave": ("leave_days", "return_date")}
"""« Depuis quand êtes-vous en arrêt ? » is no question for someone who would not say whether they are."""
FOR_A_RELATIVE = "relative"
"""Noted among what was already said, so that it is said once."""
PLACES_OFFERED = 6
SHORT = 3
"""Words of an answer that asks nothing beside: « une personne » is no request for an adviser."""


def listen(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    """Take the message in. Returns the slot to ask next, or None to let the rules choose."""
    if talk.intent == "start":
        return None
    kind = safety.danger(talk)
    if kind and kind != "soft":
        safety.say_danger(talk, dispatcher, kind)
        return slots.PAUSED
    if talk.asked == slots.SELF_HARM:
        decided = _answer_self_harm(talk, dispatcher)
        if decided:
            return decided
    facts = talk.said_facts()
    if kind == "soft":
        talk.learn(facts)
        safety.set_aside(talk, slots.SELF_HARM)
        return slots.SELF_HARM
    if talk.get(slots.CONSENT) is None:
        return _before_consent(talk, dispatcher, facts)
    if talk.get(slots.CONSENT) == "no":
        facts = [fact for fact in facts if fact.name not in slots.HEALTH_FACTS]
    return _after_consent(talk, dispatcher, facts)


def _answer_self_harm(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    said = talk.entity("self_harm")
    if said == "yes" or talk.commands == "affirm":
        safety.say_danger(talk, dispatcher, "suicide")
        return slots.PAUSED
    if said == "no" or talk.commands == "deny":
        dispatcher.utter_message(response="utter_self_harm_no")
        return (
            talk.get(slots.OPEN) if talk.get(slots.OPEN) and talk.get(talk.get(slots.OPEN)) is None else None
        )
    return None


def _before_consent(talk: Talk, dispatcher: CollectingDispatcher, facts: list[SaidFact]) -> str | None:
    said = talk.entity("consent")
    if said is None and talk.asked == slots.CONSENT and talk.commands in ("affirm", "deny"):
        said = "yes" if talk.commands == "affirm" else "no"
    if said == "yes":
        talk.set(slots.CONSENT, "yes")
        _say_understood(talk, dispatcher, _already_known(talk))
        return None
    if said == "no":
        talk.set(slots.CONSENT, "no")
        for name in slots.HEALTH_FACTS:
            if talk.get(name) is not None:
                talk.set(name, None)
        talk.set(slots.WORDS, {})
        dispatcher.utter_message(response="utter_consent_refused")
        return None
    new = talk.learn(facts)  # held in memory only: the tracker is written after consent
    if new:
        answered = answer_inside(talk, dispatcher)
    else:
        answered = follow_up(talk, dispatcher) or reply(talk, dispatcher, talk.commands)
    if new and not answered:
        dispatcher.utter_message(response="utter_consent_first")
    elif not answered:
        return not_understood(talk, dispatcher)
    return slots.CONSENT


def _already_known(talk: Talk) -> list[SaidFact]:
    words = talk.get(slots.WORDS) or {}
    return [
        SaidFact(name, talk.get(name), said, False)
        for name, said in words.items()
        if talk.get(name) is not None
    ]


def _after_consent(talk: Talk, dispatcher: CollectingDispatcher, facts: list[SaidFact]) -> str | None:
    if follow_up(talk, dispatcher):
        return _question(talk)
    answers_question = any(fact.name == _question(talk) for fact in facts)
    if (
        talk.commands in COMMANDS
        and not _drops_a_choice(talk)
        and (talk.is_choice or not facts or talk.confidence >= OBEYED_FROM)
    ):
        return _command(talk, dispatcher)
    if facts:
        return _take_facts(talk, dispatcher, facts, answers_question)
    if talk.asked == slots.CONFIRM:
        decided = _answer_recap(talk, dispatcher)
        if decided:
            return decided if decided != "done" else None
    if talk.asked == slots.CLARIFY and talk.commands in ("deny", "dont_know", "stop"):
        dispatcher.utter_message(response="utter_left_there")  # neither of the two meanings offered
        return _question(talk)
    if _question(talk) == "department" and _take_place(talk):
        return None
    if talk.commands == "dont_know" or (talk.asked == slots.STUCK and talk.commands in ("affirm", "deny")):
        return _pass(talk)
    if reply(talk, dispatcher, talk.commands) or (talk.question and answer_inside(talk, dispatcher)):
        talk.set(slots.FAILURES, 0)
        return _question(talk)
    if talk.asked == slots.PAUSED:
        # After words of danger, what is not understood starts no questions again: the numbers, and the door stays open.
        dispatcher.utter_message(response="utter_still_here")
        return slots.PAUSED
    return not_understood(talk, dispatcher)


def _drops_a_choice(talk: Talk) -> bool:
    """« non laissez tomber » to « Vouliez-vous dire… »: the choice is dropped, not the conversation."""
    return talk.asked == slots.CLARIFY and talk.commands == "stop" and not talk.is_choice


def _question(talk: Talk) -> str | None:
    """The question about a fact that is open, even while something else is being asked."""
    if talk.asked in slots.FACT_NAMES or talk.asked in (slots.CONFIRM, slots.CONSENT):
        return talk.asked
    open_question: str | None = talk.get(slots.OPEN)
    if open_question and talk.get(open_question) is None and open_question not in talk.declined:
        return open_question
    return None


def _take_facts(
    talk: Talk, dispatcher: CollectingDispatcher, facts: list[SaidFact], answers_question: bool
) -> str | None:
    asked = _question(talk)
    new = talk.learn(facts)
    talk.set(slots.FAILURES, 0)
    if any(fact.name in ("department", "commune") for fact in new):
        talk.set(slots.PLACES, None)
    if answers_question and asked:
        talk.set(slots.HISTORY, [*(talk.get(slots.HISTORY) or []), asked])
    only_the_answer = all(fact.name == asked for fact in new)
    if talk.asked == slots.PAUSED and not talk.is_choice:
        dispatcher.utter_message(response="utter_resumed")
    if not talk.is_choice and new and (not only_the_answer or asked == "department"):
        _say_understood(talk, dispatcher, new)
        _say_for_whom(talk, dispatcher)
    short_answer = answers_question and len(talk.text.split()) <= SHORT
    answered = not talk.is_choice and not short_answer and answer_inside(talk, dispatcher)
    if not (talk.is_choice or new or answered or answers_question):
        dispatcher.utter_message(response="utter_already_noted")
    return None


def _say_understood(talk: Talk, dispatcher: CollectingDispatcher, facts: list[SaidFact]) -> None:
    """Show back what free text gave, so that it can be corrected at once."""
    shown = describe.facts({fact.name: talk.get(fact.name) for fact in facts} | _said_with(talk, facts))
    if shown:
        opens = len(facts) == len(talk.get(slots.WORDS) or {})  # the first that is known of this person
        response = "utter_understood_first" if opens and len(facts) > 1 else "utter_understood"
        dispatcher.utter_message(response=response, facts=", ".join(shown))


def _say_for_whom(talk: Talk, dispatcher: CollectingDispatcher) -> None:
    """Once, to someone who writes for a relative: « vous » in the questions is the relative."""
    said = talk.get(slots.SAID) or []
    if FOR_A_RELATIVE in said or understand(read(talk.text), talk.get("audience")).focus != "relative":
        return
    talk.set(slots.SAID, [*said, FOR_A_RELATIVE])
    dispatcher.utter_message(response="utter_for_a_relative")


def _said_with(talk: Talk, facts: list[SaidFact]) -> dict[str, str | None]:
    """The start of a leave is shown with its length even when only the length was said."""
    said = any(fact.name == "leave_days" for fact in facts)
    return {"leave_start": talk.get("leave_start")} if said else {}


def _answer_recap(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    said = talk.entity("confirm")
    if said == "yes" or (
        talk.commands == "affirm" and "?" not in talk.text
    ):  # « vous allez bien ? » agrees to nothing
        talk.set(slots.CONFIRM, "yes")
        return "done"
    if talk.commands in ("deny", "correct_answer"):
        dispatcher.utter_message(response="utter_what_to_change")
        return slots.CONFIRM
    return None


def _command(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    command = talk.commands
    if command == "start_over":
        talk.forget_everything()
        dispatcher.utter_message(response="utter_restarted")
        return None
    if command == "stop":
        dispatcher.utter_message(response="utter_stopped")
        return slots.CLARIFY
    if command == "modify" and talk.entity("fact") in slots.FACT_NAMES:
        fact: str = talk.entity("fact")
        talk.forget(fact)
        dispatcher.utter_message(response="utter_changed")
        return fact
    if command == "go_back":
        return _go_back(talk, dispatcher)
    return _question(talk)


def _go_back(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    history: list[str] = talk.get(slots.HISTORY) or []
    if not history:
        dispatcher.utter_message(response="utter_nothing_before")
        return _question(talk)
    previous = history[-1]
    talk.set(slots.HISTORY, history[:-1])
    talk.set(slots.CONFIRM, None)
    talk.forget(previous)
    return previous


def _pass(talk: Talk) -> str | None:
    asked = _question(talk)
    if asked in slots.FACT_NAMES:
        if asked in UNKNOWN_VALUES:
            talk.learn(
                [SaidFact(asked, UNKNOWN_VALUES[asked], talk.text if not talk.is_choice else "", False)]
            )
        else:
            for name in (asked, *PRESUPPOSED_BY.get(asked, ())):
                talk.decline(name)
        talk.set(slots.HISTORY, [*(talk.get(slots.HISTORY) or []), asked])
        talk.set(slots.PLACES, None)
    talk.set(slots.FAILURES, 0)
    return None


def _take_place(talk: Talk) -> bool:
    """A place that the fact reader did not take: perhaps several places have this name."""
    if talk.is_choice or not talk.text.strip() or talk.commands in ("dont_know", "why_question", "repeat"):
        return False
    match = resolve(talk.text)
    if not match.candidates:
        return False
    offered = [
        {"department": place.department, "commune": place.commune}
        for place in match.candidates[:PLACES_OFFERED]
    ]
    talk.set(slots.PLACES, offered)
    return True
