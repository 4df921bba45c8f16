"""À qui une réponse de la FAQ est dite."""

import pytest

from bot import faq
from bot.faq import Asker
from bot.language.facts.employment import named_statuses


def said(topic: str | None, intent: str, text: str = "", **facts: object) -> str:
    answer = faq.load().find(topic, intent, Asker(facts, named_statuses(text), text))
    assert answer
    return answer.id


@pytest.mark.parametrize(
    ("facts", "text", "expected"),
    [
        ({}, "un salarié absent, dois-je faire quelque chose ?", "employer_duty_general"),
        ({"status": "salarie_prive"}, "que dois-je faire ?", "employer_duty_general"),
        ({"status": "particulier_employeur"}, "que dois-je faire ?", "employer_duty_home_employer"),
        ({"status": "salarie_prive"}, "et pour ma nounou ?", "employer_duty_home_employer"),
    ],
)
def test_la_reponse_d_un_autre_statut_n_est_pas_donnee(facts: dict, text: str, expected: str) -> None:
    assert said("employer_duty_home_employer", "ask_employer_duty", text, **facts) == expected


@pytest.mark.parametrize(
    ("topic", "facts", "expected"),
    [
        ("daily_allowance_amount", {}, "daily_allowance_amount"),
        ("daily_allowance_amount", {"status": "independant"}, "daily_allowance_self_employed"),
        (None, {"status": "fonctionnaire"}, "daily_allowance_public_agent"),
        ("daily_allowance_duration", {"unfit": "declared"}, "unfitness_first_month_pay"),
        ("daily_allowance_waiting", {"unfit": "declared"}, "daily_allowance_waiting"),
    ],
)
def test_la_situation_choisit_la_reponse_qui_lui_est_destinee(
    topic: str | None, facts: dict, expected: str
) -> None:
    assert said(topic, "ask_daily_allowance", "combien je touche ?", **facts) == expected


def test_un_accident_n_est_pas_pris_pour_une_maladie_professionnelle() -> None:
    topic, intent = "work_accident_occupational_disease", "ask_work_accident"
    assert said(topic, intent, "accident le 12 octobre, je fais quoi ?") == "work_accident_general"
    assert said(topic, intent, "comment déclarer une maladie professionnelle ?") == topic


def test_aucune_reponse_ne_commence_par_oui_ou_non() -> None:
    """The same topic is asked both ways: « va-t-il le dire à mon patron ? » must not be answered « Oui. »."""
    texts = [text for answer in faq.load() for text in (answer.text, answer.text_for_employer) if text]
    assert [text for text in texts if text.startswith(("Oui", "Non"))] == []


def test_ce_qui_remplace_une_reponse_la_connait_et_a_des_destinataires() -> None:
    known = {answer.id for answer in faq.load()}
    for answer in faq.load():
        assert answer.instead_of <= known
        assert not answer.instead_of or answer.when
