"""One turn of the conversation as the actions see it: what was said, what is known, what changes."""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import slots
from actions.expected import believed
from bot.orientation import InvalidSituation, Situation, invalidated_by

PARIS = ZoneInfo("Europe/Paris")


def today() -> datetime.date:
    """The date in France."""
    return datetime.datetime.now(PARIS).date()


@dataclass(frozen=True)
class SaidFact:
    """A fact stated by the message."""

    name: str
    value: Any
    words: str
    deduced: bool


class Talk:
    """Reads the tracker and gathers the slots to set. Nothing is sent or stored here."""

    def __init__(self, tracker: Tracker) -> None:
        message = tracker.latest_message or {}
        self._slots: dict[str, Any] = dict(tracker.slots)
        self._changes: dict[str, Any] = {}
        self.text: str = message.get("text") or ""
        self.metadata: dict[str, Any] = message.get("metadata") or {}
        self.is_choice = self.text.startswith("/")
        intent = message.get("intent") or {}
        self.intent: str = intent.get("name") or ""
        self.confidence: float = intent.get("confidence") or 0.0
        self.ranking: list[dict[str, Any]] = message.get("intent_ranking") or ([intent] if intent else [])
        self._entities: list[dict[str, Any]] = message.get("entities") or []
        if self.get(slots.TURN) is None:
            self._resume()
        self.asked: str | None = (
            self.get(slots.REQUESTED) or self.get(slots.ASKS) or self.metadata.get("asked")
        )

    def _resume(self) -> None:
        """A conversation that Rasa held in memory only, before Rasa was restarted: the gateway remembers for it."""
        for name, value in (self.metadata.get("known") or {}).items():
            if name in slots.FACT_NAMES:
                self.set(name, value)
        if self.metadata.get("consent"):
            self.set(slots.CONSENT, self.metadata["consent"])

    def get(self, slot: str) -> Any:
        """Value of a slot, with this turn's changes."""
        return self._slots.get(slot)

    def set(self, slot: str, value: Any) -> None:
        """Change a slot."""
        self._slots[slot] = value
        self._changes[slot] = value

    def events(self) -> list[dict[str, Any]]:
        """What to give back to Rasa."""
        return [SlotSet(name, value) for name, value in self._changes.items()]

    def entity(self, name: str) -> Any:
        """Value of the first entity of that name, or None."""
        return next((entity["value"] for entity in self._entities if entity["entity"] == name), None)

    @property
    def question(self) -> dict[str, Any] | None:
        """What a message asks beside what it states: `intent`, `confidence`, `topic`; None when it does not."""
        found: dict[str, Any] | None = self.entity("question")
        return found

    def said_facts(self) -> list[SaidFact]:
        """The facts that the message states."""
        return [
            SaidFact(
                entity["entity"],
                entity["value"],
                entity.get("words") or "",
                bool(entity.get("deduced")),
            )
            for entity in self._entities
            if entity["entity"] in slots.FACT_NAMES
        ]

    @property
    def commands(self) -> str:
        """The intent to obey: of a choice, or believed after the question that was asked; else an empty string."""
        return self.intent if self.is_choice else believed(self.asked, self.ranking)

    @property
    def audience(self) -> str:
        """worker unless the person said otherwise."""
        return self.get("audience") or "worker"

    @property
    def declined(self) -> frozenset[str]:
        """Facts not to ask again."""
        return frozenset(self.get(slots.DECLINED) or ())

    def decline(self, fact: str) -> None:
        """Never ask this fact again."""
        self.set(slots.DECLINED, sorted(self.declined | {fact}))

    def situation(self) -> Situation:
        """The Situation as known so far."""
        facts = {name: value for name in slots.FACT_NAMES if (value := self.get(name)) is not None}
        try:
            return Situation.from_json(facts)
        except InvalidSituation:
            kept: dict[str, Any] = {}
            for name, value in facts.items():
                try:
                    Situation.from_json({**kept, name: value})
                except InvalidSituation:
                    self.set(name, None)
                else:
                    kept[name] = value
            return Situation.from_json(kept)

    def learn(self, facts: list[SaidFact]) -> list[SaidFact]:
        """Keep these facts; what depended on a changed one is forgotten. Returns those that are new or changed.

        A deduced fact never replaces a stated one, and a value that the Situation does not accept is left out.
        """
        stated = {fact.name for fact in facts}
        new = []
        for fact in facts:
            known = self.get(fact.name)
            if known == fact.value or (fact.deduced and known is not None) or not _acceptable(fact):
                continue
            if known is not None:
                for dependent in invalidated_by(fact.name) - stated:
                    if self.get(dependent) is not None:
                        self.set(dependent, None)
            self.set(fact.name, fact.value)
            self.set(slots.WORDS, {**(self.get(slots.WORDS) or {}), fact.name: fact.words})
            self.set(slots.DECLINED, sorted(self.declined - {fact.name} - invalidated_by(fact.name)))
            new.append(fact)
        if any(fact.name == "leave_days" for fact in new) and "leave_start" not in stated:
            days = int(self.get("leave_days"))
            self.set("leave_start", (today() - datetime.timedelta(days=days)).isoformat())
        return new

    def forget(self, fact: str) -> None:
        """Take back a fact and what depended on it."""
        names = {fact} | invalidated_by(fact)
        if fact == "leave_days":
            names.add("leave_start")
        if fact == "department":
            names.add("commune")
        for name in names:
            if self.get(name) is not None:
                self.set(name, None)
        self.set(slots.DECLINED, sorted(self.declined - names))

    def forget_everything(self) -> None:
        """Start again; the consent stays."""
        for name in (
            *slots.FACT_NAMES,
            slots.CONFIRM,
            slots.FEEDBACK,
            slots.ASKS,
            slots.OPEN,
            slots.PLACES,
            slots.SAID,
            slots.PROGRESS,
        ):
            self.set(name, None)
        for name in (slots.DECLINED, slots.HISTORY):
            self.set(name, [])
        self.set(slots.WORDS, {})
        self.set(slots.FAILURES, 0)
        self.set(slots.PLAN_GIVEN, None)


def _acceptable(fact: SaidFact) -> bool:
    try:
        Situation.from_json({fact.name: fact.value})
    except InvalidSituation:
        return False
    return True
