"""What is said when an adviser can answer, answers, or is not there: `data/handoff.yml`."""

from dataclasses import dataclass
from functools import cache

import yaml

from bot.settings import ROOT


@dataclass(frozen=True)
class Notice:
    """E-mails to those on duty."""

    subject: str
    text: str
    call_back_subject: str
    call_back_text: str


@dataclass(frozen=True)
class HandoffWords:
    """Sentences by name. All in French."""

    choice: str
    cancel: str
    call_back: str
    offer: str
    offer_call_back: str
    absent: str
    absent_hours: str
    structure: str
    requested: str
    already: str
    cancelled: str
    taken: str
    noticed: str
    returned: str
    idle: str
    closed: str
    unanswered: str
    notice: Notice


@cache
def handoff_words() -> HandoffWords:
    """Read once. Raises TypeError if a sentence is missing: seen at start, not by a person later."""
    raw = yaml.safe_load((ROOT / "data" / "handoff.yml").read_text(encoding="utf-8"))
    return HandoffWords(**raw | {"notice": Notice(**raw["notice"])})
