"""The scripted conversations that both set-ups replay, from the first words to the plan and after it.

Half of the messages are sentences, half are choices that the question before them offers. Each calls at least one action.
"""

import json

CONVERSATIONS: tuple[tuple[str, ...], ...] = (
    (
        "/start",
        '/inform{"consent": "yes"}',
        "Bonjour, je suis maçon à Saint-Dizier, en arrêt depuis 4 mois pour le dos, "
        "j'ai peur de ne pas pouvoir reprendre",
        "/why_question",
        '/inform{"unfit": "none"}',
        "est-ce que je vais être payé pendant mon arrêt ?",
        '/inform{"boeth": "no"}',
        '/modify{"fact": "leave_days"}',
        "5 mois",
        '/inform{"confirm": "yes"}',
        "c'est quoi la visite de pré-reprise ?",
        "merci beaucoup",
    ),
    (
        "/start",
        '/inform{"consent": "yes"}',
        '/inform{"audience": "employer"}',
        "une de mes salariées est en arrêt depuis 3 mois, nous sommes 8 dans l'entreprise à Rouen",
        "ai-je le droit de lui demander sa maladie ?",
        '/inform{"status": "salarie_prive"}',
        '/modify{"fact": "company_size"}',
        "12 personnes",
        '/inform{"confirm": "yes"}',
        "quelles aides pour adapter le poste ?",
        "merci beaucoup",
    ),
    (
        "/start",
        '/inform{"consent": "yes"}',
        "je suis ouvrier agricole dans l'Orne, j'ai mal aux épaules",
        "/why_question",
        '/inform{"on_leave": false}',
        '/inform{"unfit": "none"}',
        "non, en fait je suis en arrêt depuis 2 mois",
        "comment obtenir la RQTH ?",
        '/modify{"fact": "unfit"}',
        "/dont_know",
        '/inform{"confirm": "yes"}',
        "je voudrais parler à quelqu'un",
    ),
)


def choice(payload: str) -> str:
    """Name of the choice that sends this payload to Rasa: `yes` for `/inform{"consent": "yes"}`."""
    intent, _, values = payload[1:].partition("{")
    if not values:
        return intent
    value = next(iter(json.loads("{" + values).values()))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
