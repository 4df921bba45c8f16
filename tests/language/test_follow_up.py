"""« et mon employeur ? » repose la question d'avant pour l'autre côté."""

import pytest

from bot.language.follow_up import other_side


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("et mon employeur ?", "employer"),
        ("Et pour le patron alors ?", "employer"),
        ("et mon patron lui il doit faire quoi", "employer"),
        ("et le salarié ?", "worker"),
        ("mon employeur", None),
        ("et mon employeur refuse de me payer", None),
        ("et ma femme ?", None),
        ("", None),
    ],
)
def test_le_cote_dont_on_parle(text: str, side: str | None) -> None:
    assert other_side(text) == side
