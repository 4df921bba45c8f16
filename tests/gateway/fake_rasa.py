"""A Rasa that speaks the `relais` channel in this process, with a small dialogue and faults on demand."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "clef-de-test"

CONSENT = {
    "text": "Acceptez-vous que je garde vos réponses 30 jours ?",
    "buttons": [
        {"title": "Oui, j'accepte", "payload": '/inform{"consent": "yes"}'},
        {"title": "Non, ne gardez rien", "payload": '/inform{"consent": "no"}'},
    ],
    "custom": None,
}
STATUS = {
    "text": "Quelle est votre **situation** ?",
    "buttons": [
        {"title": "Salarié du privé", "payload": '/inform{"status": "salarie_prive"}'},
        {"title": "Agent public", "payload": '/inform{"status": "fonctionnaire"}'},
        {"title": "Pourquoi cette question ?", "payload": "/why_question"},
    ],
    "custom": None,
}
LEAVE = {
    "text": "Êtes-vous en arrêt de travail ?",
    "buttons": [
        {"title": "Oui", "payload": '/inform{"on_leave": true}'},
        {"title": "Non", "payload": '/inform{"on_leave": false}'},
    ],
    "custom": None,
}
FEEDBACK = {
    "text": "Est-ce que cela vous aide ?",
    "buttons": [
        {"title": "Oui", "payload": '/inform{"feedback": "yes"}'},
        {"title": "Non", "payload": '/inform{"feedback": "no"}'},
    ],
    "custom": None,
}
PLAN = {
    "as_of": "2026-11-22",
    "first_step": "cpam_carsat",
    "steps": [
        {
            "id": "pdp_cell",
            "when": "next",
            "title": "Écrire au service de prévention et de santé au travail",
            "why": [{"text": "Il peut vous voir pendant l'arrêt.", "source": "ct-l4624-2-4"}],
            "say": "Bonjour, je souhaite une visite de pré-reprise.",
            "bring": ["Votre avis d'arrêt de travail"],
            "employer_informed": "with_consent",
            "deadlines": [],
            "devices": ["visite_prereprise"],
            "contacts": [],
        },
        {
            "id": "cpam_carsat",
            "when": "now",
            "title": "Appeler le service social de l'Assurance Maladie",
            "why": [{"text": "Vous êtes en arrêt.", "source": "css-l323-3-1"}],
            "say": "Bonjour, je suis en arrêt et j'ai peur de perdre mon emploi.",
            "bring": ["Votre carte Vitale"],
            "employer_informed": "no",
            "deadlines": [
                {"label": "Demander l'essai encadré", "date": "2026-12-01", "source": "css-l323-3-1"}
            ],
            "devices": ["essai_encadre"],
            "contacts": [
                {
                    "id": "test-carsat",
                    "type": "carsat",
                    "name": "Service social <test>",
                    "phone": "36 46",
                    "url": "https://www.example.org/",
                    "booking_url": "javascript:alert(1)",
                    "address": "4 rue des Essais, 52100 Saint-Dizier",
                    "checked_on": "2026-11-01",
                    "source_url": "https://www.example.org/",
                }
            ],
        },
    ],
    "devices": [
        {
            "id": "visite_prereprise",
            "name": "Visite de pré-reprise",
            "status": "open",
            "opens_on": None,
            "summary": "Pour préparer le retour.",
            "source": "ct-l4624-2-4",
        }
    ],
    "not_concerned": [
        {"id": "agefiph", "why": "Agefiph : pas de reconnaissance de handicap pour l'instant."}
    ],
    "sources": {
        "css-l323-3-1": {
            "title": "Code de la sécurité sociale, L323-3-1",
            "url": "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000043893884",
            "in_force_since": "2022-03-31",
            "last_checked": "2026-11-22",
        },
        "ct-l4624-2-4": {
            "title": "Code du travail, L4624-2-4",
            "url": "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000043893900",
            "in_force_since": "2022-03-31",
            "last_checked": "2026-11-22",
        },
    },
    "missing": [],
}


@dataclass
class Tracker:
    """What the fake remembers of a sender."""

    slots: dict[str, Any] = field(default_factory=dict)
    asks: str | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the message's id, as `bot.dialogue.once` finds them again."""


class FakeRasa:
    """Asks consent, status, leave, then gives the plan. `fault` changes how the next answers come."""

    def __init__(self, key: str = KEY) -> None:
        self.key = key
        self.trackers: dict[str, Tracker] = {}
        self.received: list[dict[str, Any]] = []
        self.taken: list[str] = []
        """Texts that changed a conversation: those of `received` less the repeats."""
        self.fault: str | None = None
        self.delay = 0.0
        self.understood: str | None = None
        self.talking: dict[str, int] = {}
        self.overlaps = 0
        app = web.Application()
        app.router.add_get("/webhooks/relais/", self.health)
        app.router.add_post("/webhooks/relais/webhook", self.webhook)
        app.router.add_delete("/webhooks/relais/conversations/{sender}", self.forget)
        self.server = TestServer(app)

    @property
    def texts(self) -> list[str]:
        """Every text received, in order."""
        return [body["text"] for body in self.received]

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, status=500 if self.fault == "error" else 200)

    async def forget(self, request: web.Request) -> web.Response:
        if self.fault == "error":
            return web.Response(status=500)
        self.trackers.pop(request.match_info["sender"], None)
        return web.Response(status=204)

    async def webhook(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": "unauthorised"}, status=401)
        body = await request.json()
        self.received.append(body)
        sender = body["sender"]
        self.talking[sender] = self.talking.get(sender, 0) + 1
        self.overlaps += self.talking[sender] > 1
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            return await self._answer(request, body)
        finally:
            self.talking[sender] -= 1

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        match self.fault:
            case "silent":
                await asyncio.sleep(30)
            case "error":
                return web.json_response({"error": "ValueError"}, status=500)
            case "empty":
                return web.json_response({"messages": []})
            case "garbage":
                return web.Response(text='{"messages": [{"text": "tronq', content_type="application/json")
            case "not_an_object":
                return web.json_response(["bonjour"])
            case "wrong_types":
                return web.json_response({"messages": "bonjour", "parse": 3})
            case "dies":
                response = web.StreamResponse(headers={"Content-Length": "5000"})
                await response.prepare(request)
                await response.write(b'{"messages": [')
                assert request.transport is not None
                request.transport.abort()
                return response
        tracker = self.trackers.setdefault(body["sender"], Tracker())
        said = body["metadata"].get("id")
        if said not in tracker.answers:
            self.taken.append(body["text"])
            answer = self.talk(body)
            tracker.answers |= {said: answer} if said else {}
            return web.json_response(answer)
        return web.json_response(tracker.answers[said])

    def talk(self, body: dict[str, Any]) -> dict[str, Any]:
        """The dialogue itself."""
        tracker = self.trackers.setdefault(body["sender"], Tracker())
        text: str = body["text"]
        intent, facts, said = self._understand(tracker, text)
        if intent in ("distress", "emergency"):
            messages: list[dict[str, Any]] = [{"text": "Appelez le 3114.", "buttons": [], "custom": None}]
        elif intent == "erase_data":
            messages = [
                {"text": "Tout est effacé.", "buttons": [], "custom": None},
                {"text": None, "buttons": [], "custom": {"erase": True}},
            ]
        elif intent == "ask_human":
            messages = [{"text": "Je ne suis qu'un programme.", "buttons": [], "custom": None}]
            messages += self._next(tracker) if tracker.asks != "feedback" else []
        elif intent == "why_question":
            messages = [
                {"text": "Les règles changent avec le statut.", "buttons": [], "custom": None},
                STATUS,
            ]
        else:
            messages = self._next(tracker)
        if body["metadata"].get("safety") == "soft":
            messages.insert(0, {"text": "Pensez-vous à vous faire du mal ?", "buttons": [], "custom": None})
        return {
            "messages": said + messages,
            "model": "abc123",
            "parse": {
                "intent": intent,
                "confidence": 0.9,
                "ranking": [{"name": intent, "confidence": 0.9}, {"name": "deny", "confidence": 0.05}],
                "facts": facts,
            },
            "asks": tracker.asks,
            "input": "choice" if tracker.asks else None,
            "situation": {k: v for k, v in tracker.slots.items() if k not in ("consent", "feedback")},
            "consent": tracker.slots.get("consent"),
        }

    def _understand(
        self, tracker: Tracker, text: str
    ) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
        if text == "/start":
            return "start", [], [{"text": "Bonjour. Je suis un programme.", "buttons": [], "custom": None}]
        if text.startswith("/"):
            intent, brace, entities = text[1:].partition("{")
            values = json.loads(brace + entities) if brace else {}
            if intent == "inform":
                tracker.slots |= values
            return intent, [{"name": k, "value": v, "words": ""} for k, v in values.items()], []
        if text.startswith("écho "):
            return "inform", [], [{"text": text[5:], "buttons": [], "custom": None}]
        if "retire" in text and "accord" in text:
            tracker.slots["consent"] = "no"
        if text == "je veux parler à quelqu'un":
            return "ask_human", [], []
        if self.understood:
            return self.understood, [], []
        return "inform", [{"name": "commune", "value": text[:20], "words": text[:20]}], []

    def _next(self, tracker: Tracker) -> list[dict[str, Any]]:
        slots = tracker.slots
        for name, question in (("consent", CONSENT), ("status", STATUS), ("on_leave", LEAVE)):
            if name not in slots:
                tracker.asks = name
                return [question]
        if "feedback" in slots:
            tracker.asks = None
            return [{"text": "Merci.", "buttons": [], "custom": None}]
        tracker.asks = "feedback"
        plan = {"text": "Voici votre parcours.", "buttons": [], "custom": {"plan": PLAN, "links": []}}
        return [plan, FEEDBACK]
