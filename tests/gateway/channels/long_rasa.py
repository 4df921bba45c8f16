"""The fake Rasa with longer questions: ten statuses, the tools, a number with choices, a recap, many changes."""

import copy
import json
from typing import Any

from tests.gateway.fake_rasa import FEEDBACK, PLAN, FakeRasa, Tracker

TOOLS = [
    {"title": "Je ne sais pas", "payload": "/dont_know"},
    {"title": "Pourquoi cette question ?", "payload": "/why_question"},
    {"title": "Revenir", "payload": "/go_back"},
]
STATUSES = {
    "salarie_prive": "Salarié du privé", "interimaire": "Intérimaire", "apprenti": "Apprenti",
    "particulier_employeur": "Salarié d'un particulier", "salarie_agricole": "Salarié agricole",
    "exploitant_agricole": "Exploitant agricole", "fonctionnaire": "Fonctionnaire",
    "contractuel_public": "Contractuel du public", "independant": "À mon compte",
    "demandeur_emploi": "Sans emploi",
}  # fmt: skip
SIZES = {5: "Moins de 11", 15: "11 à 19", 100: "20 à 249", 250: "250 ou plus"}
LABELS = ["statut", "ville ou département", "arrêt de travail", "date de retour", "même poste possible", "cause",
          "inaptitude", "temps partiel thérapeutique", "pension d'invalidité", "reconnaissance de handicap",
          "taille de l'entreprise"]  # fmt: skip
OPENING = (
    "Bonjour. Je suis Relais, un programme, pas une personne ni un médecin. Je vous aide à trouver qui contacter "
    "quand la santé menace l'emploi. Vos réponses sont gardées 30 jours au plus. Écrivez « effacer » et tout "
    "disparaît. Urgence : 15 ou 112. Idées noires : 3114."
)


FIRST = "Appeler le service social de l'Assurance Maladie"


def _inform(fact: str, value: Any) -> str:
    return f"/inform{json.dumps({fact: value})}"


QUESTIONS: dict[str, dict[str, Any]] = {
    "consent": {
        "text": "Vos réponses parlent de votre santé. Êtes-vous d'accord pour que je les utilise ?",
        "buttons": [
            {"title": "Oui, je suis d'accord", "payload": _inform("consent", "yes")},
            {"title": "Continuer sans rien garder", "payload": _inform("consent", "no")},
        ],
    },
    "status": {
        "text": "Quelle est votre **situation** de travail ?",
        "buttons": [{"title": t, "payload": _inform("status", s)} for s, t in STATUSES.items()] + TOOLS,
    },
    "department": {"text": "Dans quelle ville travaillez-vous ?", "buttons": TOOLS, "input": "place"},
    "company_size": {
        "text": "Combien de personnes travaillent dans l'entreprise ?",
        "buttons": [{"title": t, "payload": _inform("company_size", n)} for n, t in SIZES.items()] + TOOLS,
        "input": "number",
    },
    "on_leave": {
        "text": "Êtes-vous en arrêt de travail ?",
        "buttons": [
            {"title": "Oui, en arrêt", "payload": _inform("on_leave", True)},
            {"title": "Non, je travaille", "payload": _inform("on_leave", False)},
            *TOOLS,
        ],
    },
    "confirm": {
        "text": "Voici ce que j'ai compris :\n" + "\n".join(f"• {label} : noté" for label in LABELS) + "\nEst-ce exact ?",
        "buttons": [
            {"title": "C'est exact", "payload": _inform("confirm", "yes")},
            *(
                {"title": f"Modifier : {label}", "payload": f'/modify{{"fact": "fact_{rank}"}}'}
                for rank, label in enumerate(LABELS)
            ),
        ],
    },
}  # fmt: skip


def long_plan() -> dict[str, Any]:
    """The plan of the other tests, with more steps, each with a contact."""
    plan = copy.deepcopy(PLAN)
    contact = plan["steps"][1]["contacts"][0]
    for rank in range(4):
        step = copy.deepcopy(plan["steps"][0])
        step["id"], step["title"] = (
            f"step_{rank}",
            f"Préparer la suite, étape {rank} : écrire au service concerné",
        )
        step["contacts"] = [contact | {"name": f"Service n° {rank}", "phone": f"02 31 00 00 0{rank}"}]
        plan["steps"].append(step)
    return plan


class LongRasa(FakeRasa):
    """Asks six questions, then gives the plan."""

    def _understand(
        self, tracker: Tracker, text: str
    ) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
        asked = tracker.asks
        if text == "/start":
            return "start", [], [{"text": OPENING, "buttons": [], "custom": None}]
        if asked == "consent" and not text.startswith("/"):
            said = "J'ai bien lu votre message. Avant de m'en servir, j'ai besoin de votre accord."
            return "inform", [], [{"text": said, "buttons": [], "custom": None}]
        if text == "/why_question":
            return (
                "inform",
                [],
                [{"text": "Les règles changent avec la réponse.", "buttons": [], "custom": None}],
            )
        if text.startswith(("/dont_know", "/modify")) and asked:
            tracker.slots.setdefault(asked, "unknown" if text.startswith("/dont") else "yes")
        if asked in ("department", "company_size") and not text.startswith("/"):
            tracker.slots[asked] = text
        return super()._understand(tracker, text)

    def talk(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super().talk(body)
        asks = self.trackers[body["sender"]].asks if body["sender"] in self.trackers else None
        answer["input"] = QUESTIONS.get(asks or "", {}).get("input", "choice") if asks else None
        return answer

    def _next(self, tracker: Tracker) -> list[dict[str, Any]]:
        for name, question in QUESTIONS.items():
            if name not in tracker.slots:
                tracker.asks = name
                return [{"text": question["text"], "buttons": question["buttons"], "custom": None}]
        if "feedback" in tracker.slots:
            tracker.asks = None
            return [{"text": "Merci.", "buttons": [], "custom": None}]
        tracker.asks = "feedback"
        plan = {
            "text": f"Voici votre chemin. La première chose à faire : {FIRST}",
            "buttons": [],
            "custom": {"plan": long_plan(), "links": []},
        }
        return [plan, FEEDBACK]
