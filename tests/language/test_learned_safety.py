"""Ce que l'intention apprise ajoute aux mots d'alarme."""

import pytest

from bot.language.learned_safety import learned_alarm


def ranking(**confidences: float) -> list[dict[str, object]]:
    return [{"name": name, "confidence": value} for name, value in confidences.items()]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"distress": 0.81, "inform": 0.1}, "suicide"),
        ({"emergency": 0.5, "distress": 0.31}, "emergency"),
        ({"distress": 0.6, "inform": 0.3}, "soft"),
        ({"inform": 0.45, "distress": 0.19, "emergency": 0.03}, "soft"),
        ({"inform": 0.9, "distress": 0.05}, None),
        ({"goodbye": 0.78, "distress": 0.2}, None),
        ({"inform": 0.5, "emergency": 0.1}, None),
        ({}, None),
    ],
)
def test_l_alarme_apprise(seen: dict[str, float], expected: str | None) -> None:
    assert learned_alarm(ranking(**seen)) == expected
