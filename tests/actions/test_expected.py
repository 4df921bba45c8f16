"""Après cette question, ces intentions ont du sens."""

import pytest

from actions import slots
from actions.expected import believed, drastic, makes_sense
from tests.evaluation.dataset import read


def ranking(**confidences: float) -> list[dict[str, object]]:
    return [{"name": name, "confidence": value} for name, value in confidences.items()]


@pytest.mark.parametrize(
    ("asked", "seen", "expected"),
    [
        ("on_leave", {"affirm": 0.35, "ask_human": 0.2}, "affirm"),
        ("on_leave", {"ask_human": 0.4, "deny": 0.32}, "deny"),
        ("department", {"affirm": 0.35, "ask_human": 0.2}, ""),
        ("leave_days", {"start_over": 0.55, "inform": 0.2}, ""),
        ("leave_days", {"start_over": 0.65, "inform": 0.2}, "start_over"),
        ("leave_days", {"ask_sick_leave": 0.5, "inform": 0.2}, "ask_sick_leave"),
        (None, {"erase_data": 0.5}, ""),
        (None, {"ask_rqth": 0.44}, ""),
        ("confirm", {}, ""),
    ],
)
def test_ce_qui_est_cru_d_une_intention_peu_sure(
    asked: str | None, seen: dict[str, float], expected: str
) -> None:
    assert believed(asked, ranking(**seen)) == expected


def test_chaque_question_a_ses_intentions() -> None:
    asked = {*slots.FACT_NAMES, slots.CONSENT, slots.CONFIRM, slots.FEEDBACK, slots.SELF_HARM, slots.STUCK}
    asked -= {"commune", "leave_start", "danger"}  # said with another fact, never asked
    assert {name for name in asked if not makes_sense(name)} == set()


def test_le_tableau_ne_nomme_que_des_intentions_qui_existent() -> None:
    known = {intent for message in read() for intent in message.intents} | {"start_over"}
    named = drastic().union(
        *(makes_sense(name) for name in (*slots.FACT_NAMES, slots.CONFIRM, slots.FEEDBACK))
    )
    assert named <= known
