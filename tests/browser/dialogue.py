"""The fake Rasa of the gateway's tests, with the questions that need other controls: place, date, number, recap."""

from typing import Any

from tests.gateway.fake_rasa import CONSENT, FEEDBACK, PLAN, STATUS, FakeRasa, Tracker

TOOLS = [
    {"title": "Je ne sais pas", "payload": "/dont_know"},
    {"title": "Pourquoi cette question ?", "payload": "/why_question"},
    {"title": "Revenir", "payload": "/go_back"},
]
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "consent": ("choice", CONSENT),
    "status": ("choice", {**STATUS, "buttons": STATUS["buttons"][:2] + TOOLS}),
    "department": (
        "place",
        {"text": "Dans quelle ville ou quel département travaillez-vous ?", "buttons": TOOLS, "custom": None},
    ),
    "return_date": (
        "date",
        {"text": "Connaissez-vous la date de votre retour au travail ?", "buttons": TOOLS, "custom": None},
    ),
    "company_size": (
        "number",
        {
            "text": "Combien de personnes travaillent dans l'entreprise ?",
            "buttons": [
                {"title": "Moins de 11", "payload": '/inform{"company_size": 5}'},
                {"title": "11 à 19", "payload": '/inform{"company_size": 15}'},
                *TOOLS,
            ],
            "custom": None,
        },
    ),
    "confirm": (
        "choice",
        {
            "text": "Voici ce que j'ai compris :\n• Statut : salarié du privé\n• Lieu : Caen (14)\n"
            "• Date de retour : 15 mars 2027\n• Taille de l'entreprise : 40\nEst-ce exact ?",
            "buttons": [
                {"title": "C'est exact", "payload": '/inform{"confirm": "yes"}'},
                {"title": "Modifier : statut", "payload": '/modify{"fact": "status"}'},
                {"title": "Modifier : lieu", "payload": '/modify{"fact": "department"}'},
                {"title": "Modifier : date de retour", "payload": '/modify{"fact": "return_date"}'},
                {"title": "Modifier : taille de l'entreprise", "payload": '/modify{"fact": "company_size"}'},
            ],
            "custom": None,
        },
    ),
}


class FullRasa(FakeRasa):
    """Asks consent, status, place, date, number, then for the recap, and gives the plan."""

    def talk(self, body: dict[str, Any]) -> dict[str, Any]:
        reply = super().talk(body)
        asks = reply["asks"]
        reply["input"] = QUESTIONS[asks][0] if asks in QUESTIONS else "choice" if asks else None
        facts = [name for name in QUESTIONS if name not in ("consent", "confirm")]
        if asks in facts:
            reply["progress"] = {"asked": facts.index(asks) + 1, "about": len(facts)}
        return reply

    def _understand(
        self, tracker: Tracker, text: str
    ) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
        if text.startswith("/modify"):
            fact = text.split('"')[3]
            tracker.slots.pop(fact, None)
            return "modify", [], []
        if tracker.asks in ("department", "return_date", "company_size") and not text.startswith("/"):
            tracker.slots[tracker.asks] = text
            return "inform", [], []
        return super()._understand(tracker, text)

    def _next(self, tracker: Tracker) -> list[dict[str, Any]]:
        for name, (_, question) in QUESTIONS.items():
            if name not in tracker.slots:
                tracker.asks = name
                return [question]
        if "feedback" in tracker.slots:
            tracker.asks = None
            return [{"text": "Merci.", "buttons": [], "custom": None}]
        tracker.asks = "feedback"
        text = "Voici votre chemin. La première chose à faire : appeler le service social, au 36 46."
        return [{"text": text, "buttons": [], "custom": {"plan": PLAN, "links": []}}, FEEDBACK]
