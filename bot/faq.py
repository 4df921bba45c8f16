"""Answers to the questions that people ask at any moment, from data/faq: short, sourced, dated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT


@dataclass(frozen=True)
class Answer:
    """One topic of the FAQ."""

    id: str
    intent: str
    question: str
    text: str
    """For a worker."""
    text_for_employer: str | None
    source_title: str
    source_url: str
    checked: str
    """ISO date of the last check against the source."""
    general: bool
    """Answers the broad question of its intent, when no narrower topic was recognised."""
    only_for: frozenset[str] = frozenset()
    """Statuses that it is about; empty: any."""
    needs: re.Pattern[str] | None = None
    """Words without which a message is not about it, when classifiers take one topic for its neighbour."""
    instead_of: frozenset[str] = frozenset()
    """Topics in place of which it is said to those it is meant for."""
    when: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    """Facts of those it is meant for: by default, the statuses of `only_for`."""

    def said_to(self, audience: str) -> str:
        """The wording for a worker or an employer."""
        if audience == "employer" and self.text_for_employer:
            return self.text_for_employer
        return self.text


@dataclass(frozen=True)
class Asker:
    """Who asks, and in which words."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What is known of their situation."""
    statuses_named: frozenset[str] = frozenset()
    """Statuses that the message itself names: « et pour un agent public ? »."""
    text: str = ""

    def may_hear(self, answer: Answer) -> bool:
        """Whether a recognised topic is about them: what is told to other statuses would be wrong for theirs."""
        if answer.needs and self.text and not answer.needs.search(self.text.lower()):
            return False
        return not answer.only_for or bool(answer.only_for & {self.facts.get("status"), *self.statuses_named})

    def should_hear(self, answer: Answer) -> bool:
        """Whether this topic is meant for them rather than the one it can stand for."""
        return bool(answer.when) and all(
            self.facts.get(name) in values for name, values in answer.when.items()
        )


ANYBODY = Asker()


class Answers:
    """All topics, found by id or by intent."""

    def __init__(self, answers: list[Answer]) -> None:
        self._by_id = {answer.id: answer for answer in answers}
        self._general = {answer.intent: answer for answer in answers if answer.general}
        self._standing_for: dict[str, list[Answer]] = {}
        for answer in answers:
            for other in answer.instead_of:
                self._standing_for.setdefault(other, []).append(answer)

    def find(self, topic: str | None, intent: str, asker: Asker = ANYBODY) -> Answer | None:
        """The topic if it belongs to `intent` and is about the one who asks; else the general answer of the intent;
        in both cases the one meant for people in their situation, if there is one. None for an unknown intent."""
        answer = self._by_id.get(topic or "")
        if answer is None or answer.intent != intent or not asker.may_hear(answer):
            answer = self._general.get(intent)
        if answer is None:
            return None
        meant = (other for other in self._standing_for.get(answer.id, ()) if asker.should_hear(other))
        return next(meant, answer)

    def topic(self, name: str | None) -> Answer | None:
        """The topic of that id."""
        return self._by_id.get(name or "")

    def __iter__(self) -> Any:
        return iter(self._by_id.values())


def _read(entry: dict[str, Any]) -> Answer:
    return Answer(
        id=entry["id"],
        intent=entry["intent"],
        question=entry["question"],
        text=" ".join(entry["answer"].split()),
        text_for_employer=" ".join(entry["answer_employer"].split())
        if entry.get("answer_employer")
        else None,
        source_title=entry["source"]["title"],
        source_url=entry["source"]["url"],
        checked=str(entry["checked"]),
        general=bool(entry.get("general")),
        only_for=frozenset(entry.get("only_for", ())),
        needs=re.compile(entry["needs"]) if entry.get("needs") else None,
        instead_of=frozenset(entry.get("instead_of", ())),
        when=_when(entry),
    )


def _when(entry: Mapping[str, Any]) -> dict[str, frozenset[Any]]:
    """Facts of the people a topic is meant for."""
    meant: Mapping[str, Iterable[Any]] = entry.get("when") or {"status": entry.get("only_for", ())}
    return {name: frozenset(values) for name, values in meant.items() if values}


@lru_cache(maxsize=1)
def load() -> Answers:
    """Every entry of data/faq/*.yml, read once. Entries are a list, or a list under `topics`."""
    answers: list[Answer] = []
    for path in sorted((ROOT / "data" / "faq").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = content if isinstance(content, list) else content["topics"]
        answers.extend(_read(entry) for entry in entries)
    return Answers(answers)
