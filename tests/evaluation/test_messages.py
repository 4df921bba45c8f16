"""The evaluation set: big enough, in the words of the contract, apart from the training sentences."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from bot.orientation import FACTS
from bot.settings import ROOT
from tests.evaluation.dataset import ANY, CRISES, KINDS, OUT_OF_SCOPE, Message, canonical, read

DIALOGUE = {
    *("greet", "goodbye", "thank", "affirm", "deny", "dont_know", "help"),
    *("stop", "restart", "go_back", "why_question", "correct_answer", "insult"),
}
QUESTIONS = {
    *(
        "ask_sick_leave",
        "ask_daily_allowance",
        "ask_return_to_work",
        "ask_occupational_doctor",
        "ask_pdp_cell",
    ),
    *("ask_cpam_carsat", "ask_cap_emploi", "ask_agefiph_aid", "ask_rqth", "ask_unfitness", "ask_dismissal"),
    *("ask_workplace_adjustment", "ask_therapeutic_part_time", "ask_trial_work", "ask_liaison_meeting"),
    *("ask_disability_pension", "ask_work_accident", "ask_retraining", "ask_employer_duty"),
    *("ask_employer_aid", "ask_confidentiality", "ask_harassment", "ask_contact"),
    *("ask_human", "ask_privacy", "erase_data"),
}
CONTRACT = {"inform", OUT_OF_SCOPE, "distress", "emergency", *DIALOGUE, *QUESTIONS}
LONG = 5
"""Words from which two hands do not write the same sentence by chance."""


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return read()


def test_set_is_big_and_each_message_stands_once(messages: list[Message]) -> None:
    assert len(messages) >= 640
    assert max(Counter(message.text for message in messages).values()) == 1
    assert sum(message.ordinary for message in messages) >= 400
    assert sum(message.out_of_scope for message in messages) >= 80
    assert sum(message.crisis for message in messages) >= 60
    assert sum(message.soft for message in messages) >= 20


def test_each_message_is_one_line(messages: list[Message]) -> None:
    assert all(message.text == message.text.strip() and "\n" not in message.text for message in messages)


def test_intents_are_those_of_the_contract_and_each_has_messages(messages: list[Message]) -> None:
    counts = Counter(intent for message in messages for intent in message.intents)
    assert set(counts) == CONTRACT
    assert {intent: counts[intent] for intent in QUESTIONS if counts[intent] < 9} == {}
    assert {intent: counts[intent] for intent in DIALOGUE if counts[intent] < 6} == {}
    assert counts["inform"] >= 170


def test_safety_kinds_are_those_of_the_contract(messages: list[Message]) -> None:
    assert {kind for message in messages for kind in message.safety} == {None, *KINDS}
    alarming = [message for message in messages if message.crisis]
    assert all(message.intents & {"distress", "emergency"} for message in alarming)
    assert {kind for message in alarming for kind in message.safety} == set(CRISES)


def test_facts_and_values_are_those_of_the_situation(messages: list[Message]) -> None:
    known = {canonical(name, ANY)[0] for name in FACTS} | {"unfit_date"}
    for message in messages:
        for facts in (message.facts or {}, message.may):
            assert set(facts) <= known
            for name, values in facts.items():
                assert [value for value in values if not _accepted(name, value)] == [], message.text


def test_both_halves_hold_every_kind_of_message() -> None:
    for half in ("dev", "test"):
        counts = Counter(intent for message in read(half=half) for intent in message.intents)
        assert set(counts) == CONTRACT
        assert 0.4 < len(read(half=half)) / len(read()) < 0.6


def test_no_message_is_a_training_sentence(messages: list[Message]) -> None:
    training = set(_training_sentences())
    assert len(training) > 500
    shared = [message.text for message in messages if _words(message.text) in training]
    assert [text for text in shared if len(_words(text)) >= LONG] == []
    assert len(shared) <= len(messages) / 50


def _accepted(name: str, value: object) -> bool:
    kind = FACTS[name].kind if name in FACTS else ""
    if value == ANY:
        return True
    if name == "leave_days" or kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4000
    if kind == "choice":
        return value in FACTS[name].values
    if kind == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str)


def _training_sentences() -> Iterator[tuple[str, ...]]:
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block.get("examples", "").splitlines() if "intent" in block else ():
                yield _words(re.sub(r"\[([^]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line.removeprefix("- ")))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
