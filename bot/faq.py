"""Answers to the questions that people ask at any moment, from data/faq: short, sourced, dated."""

from dataclasses import dataclass
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

    def said_to(self, audience: str) -> str:
        """The wording for a worker or an employer."""
        if audience == "employer" and self.text_for_employer:
            return self.text_for_employer
        return self.text


class Answers:
    """All topics, found by id or by intent."""

    def __init__(self, answers: list[Answer]) -> None:
        self._by_id = {answer.id: answer for answer in answers}
        self._general = {answer.intent: answer for answer in answers if answer.general}

    def find(self, topic: str | None, intent: str) -> Answer | None:
        """The topic if it exists and belongs to `intent`; else the general answer of the intent; else None."""
        answer = self._by_id.get(topic or "")
        if answer and answer.intent == intent:
            return answer
        return self._general.get(intent)

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
    )


@lru_cache(maxsize=1)
def load() -> Answers:
    """Every entry of data/faq/*.yml, read once. Entries are a list, or a list under `topics`."""
    answers: list[Answer] = []
    for path in sorted((ROOT / "data" / "faq").glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = content if isinstance(content, list) else content["topics"]
        answers.extend(_read(entry) for entry in entries)
    return Answers(answers)
