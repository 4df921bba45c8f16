"""How a matched expression is meant: denied, asked, supposed, past, and about whom."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.language.facts.clauses import Clause
    from bot.language.facts.context import Context
    from bot.language.facts.reading import Reading
from bot.language.facts.lexicon import rules

_RULES = rules("frame")

_STOP = _RULES["stop"]
_NEGATION = re.compile(
    rf"\b(?P<word>pas|plus|jamais|aucune?|sans|ni|point|rien"
    rf"|(?<!une )(?<!la )(?<!cette )(?<!autre )(?<!seule )personne(?= (?:ne|de|est)\b)"
    rf"|non|au lieu de|a la place de|plutot que|remplace\w*)(?P<gap>(?: (?!{_STOP}\b)[a-z]\w*){{0,4}}) ?$"
)
_NOT_A_NEGATION = re.compile(
    r"(?:\ben plus|\bde plus|\bplus (?:que|tard|grand|gros|ou moins)|\bpas (?:seulement|que"
    r"|mal|loin|facile|possible|evident|simple|normal)|"
    r"\bsans doute|\bnon seulement|\brien que|\bpas (?:du tout )?(?:d accord|content))"
)
_NE = re.compile(r"\b(?:ne|suis|est|ai|a|es|sont|ont|etais|sera|serai|travaille|bosse|en)\b[^,]*$")
_DENIED_AFTER = re.compile(
    r"^ ?(?:\?|:|=)? ?(?:non\b(?! reconnu| renouvel| reconduit| pro)|: ?pas\b|refuse[es]*\b|rejete[es]*\b)"
)
_PAST = re.compile(rf"\b{_RULES['past']}\b(?!.*\b(?:maintenant|desormais|aujourdhui|depuis|suis)\b)")

_OTHERS_STATE = re.compile(r"\b(?:est|sont|etait|etaient|a ete|ont ete)(?: \w+){0,2} ?$")
"""« mon patron est … »: a state of somebody else, not of the person concerned."""


@dataclass(frozen=True)
class Frame:
    """The way an expression is meant, from the words around it in its clause."""

    clause: "Clause"
    before: str
    """What comes before it in the clause."""
    after: str
    """What comes after it in the clause."""
    denied: bool
    asked: bool
    supposed: bool
    past: bool
    subject: str | None
    """See `people`; `absent` for a third person's own state (« mon patron est malade »)."""

    @property
    def unreal(self) -> bool:
        """Asked or supposed: nothing is said about the situation."""
        return self.asked or self.supposed


def denied(before: str, after: str) -> bool:
    """Whether a negation governs what stands between `before` and `after`."""
    if _DENIED_AFTER.search(after):
        return True
    match = _NEGATION.search(before)
    if not match:
        return False
    tail = before[max(0, match.start() - 4) :]
    if _NOT_A_NEGATION.search(tail):
        return False
    if match["word"] == "plus" and match["gap"].startswith(" de ") and match["gap"] != " de ":
        return False  # « plus de boulot depuis mon licenciement » denies the job, not the dismissal
    if match["word"] == "plus":
        # « plus » denies only after a verb: « je suis plus en arrêt »; « en plus » does not.
        return bool(_NE.search(before[: match.start()])) or not before[: match.start()].strip()
    return True


def _questioned(clause: "Clause", start: int, end: int, before: str) -> bool:
    if clause.asked_from is not None:
        return start >= clause.asked_from
    if not clause.closes_question:
        return False
    said = re.search(r"\b(?:je suis|je ai|il est|elle est|il a|elle a|mon|ma|depuis)\b", before)
    return not said or end >= clause.end - 1


def frame(reading: "Reading", start: int, end: int, context: "Context") -> Frame:
    """The frame of `reading.plain[start:end]`."""
    clause = reading.clause_at(start)
    before = reading.plain[clause.start : start]
    after = reading.plain[end : clause.end] if end <= clause.end else ""
    subject = context.subject_at(start)
    if subject == "other" and _OTHERS_STATE.search(before):
        subject = "absent"
    return Frame(
        clause=clause,
        before=before,
        after=after,
        denied=denied(before, reading.plain[end : end + 16]),
        asked=_questioned(clause, start, end, before),
        supposed=clause.supposed_from is not None and start >= clause.supposed_from,
        past=bool(_PAST.search(before)),
        subject=subject,
    )
