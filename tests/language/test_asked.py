"""Ce qui est demandé dans un message qui dit aussi autre chose."""

import pytest

from bot.language.asked import asks, question_in


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("mon salarié est en arrêt depuis mai, je peux le virer ?", "je peux le virer ?"),
        ("Je suis en CDD, est-ce que j'ai droit à la visite ?", "est-ce que j'ai droit à la visite ?"),
        ("RH, 60 personnes. Un salarié absent depuis 5 mois, dois-je faire qqch ?", "dois-je faire qqch ?"),
        ("je peux le virer ?", None),
        ("je suis maçon, en arrêt depuis 4 mois", None),
        ("je suis à mi-temps thérapeutique je vous l'ai dit", None),
        ("en arrêt ?", None),
        ("", None),
    ],
)
def test_la_question_d_un_message(text: str, question: str | None) -> None:
    assert question_in(text) == question


@pytest.mark.parametrize(
    ("text", "asked"),
    [("comment faire une demande de rqth", True), ("j'ai la rqth", False), ("c'est payé ?", True)],
)
def test_un_message_qui_demande(text: str, asked: bool) -> None:
    assert asks(text) is asked
