"""The gates of the understanding: below them, Relais is not good enough for people in trouble."""

from collections.abc import Sequence

import pytest

from actions.expected import SURE
from tests.evaluation import measures
from tests.evaluation.dataset import read
from tests.evaluation.measures import Pair
from tests.evaluation.report import markdown
from tests.evaluation.score import REPORT, paired, understand

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Every message and what is understood of it by the whole of Relais; writes the report."""
    messages = read()
    result = paired(messages, understand(messages))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(markdown(result, None), encoding="utf-8")
    return result


def test_intents_are_right(pairs: Sequence[Pair]) -> None:
    right = measures.intents_right(pairs)
    assert right.rate >= 0.88


def test_facts_are_read(pairs: Sequence[Pair]) -> None:
    _, facts, _ = measures.facts_read(pairs)
    assert facts.recall >= 0.90
    assert facts.precision >= 0.90


def test_what_is_out_of_scope_is_refused(pairs: Sequence[Pair]) -> None:
    threshold = measures.threshold_accepting(pairs)
    accepted, refused = measures.accepted(pairs, threshold), measures.refused(pairs, threshold)
    assert accepted.rate >= measures.ACCEPTED_IN_SCOPE
    assert refused.rate >= 0.85


def test_every_crisis_is_heard(pairs: Sequence[Pair]) -> None:
    caught = measures.crises_caught(pairs)
    assert caught.count == caught.total


def test_false_alarms_are_rare(pairs: Sequence[Pair]) -> None:
    alarms = measures.false_alarms(pairs)
    assert alarms.rate < 0.01


def test_wrong_and_sure_is_rare(pairs: Sequence[Pair]) -> None:
    assert measures.ACTS_FROM == SURE, "the dialogue acts from another confidence than is measured here"
    wrong = measures.wrong_and_sure(pairs)
    assert wrong.rate < 0.01
