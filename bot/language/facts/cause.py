"""Where the leave comes from: ordinary illness or accident, accident at work, occupational disease."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules

_RULES = rules("cause")

_AT_WORK = _RULES["at_work"]
WORK_ACCIDENT = re.compile(rf"\b{_RULES['work_accident']}\b")
DISEASE = re.compile(rf"\b{_RULES['disease']}\b")
_ORDINARY_ACCIDENT = re.compile(rf"\b{_RULES['ordinary_accident']}\b")
_ILLNESS = re.compile(rf"\b{_RULES['illness']}\b")
_UNSURE = re.compile(rf"\b{_RULES['unsure']}\b")
_REFUSED = re.compile(
    r"^ ?(?:\w+ ){0,3}?(?:refuse|rejete|pas (?:ete )?reconn|pas (?:ete )?accept"
    r"|non reconn)\w*"
)
_REFUSAL = re.compile(r"\brefus (?:de )?(?:reconnaissance )?(?:de )?(?:mon |ma |le |la )?$")
_ELSEWHERE = re.compile(rf"\b{_RULES['elsewhere']}\b[^,]*$")


def find(context: Context) -> Iterator[Fact]:
    """`cause`; ordinary illness is only supposed, since « arrêt maladie » is said of any leave."""
    unsure = _UNSURE.search(context.plain)
    if unsure and context.concerned(context.subject_at(unsure.start())):
        yield context.fact("cause", "unknown", *unsure.span())
        return
    for cause, pattern in (
        ("occupational_disease", DISEASE),
        ("work_accident", WORK_ACCIDENT),
        ("non_professional", _ORDINARY_ACCIDENT),
    ):
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if context.people.focus == "employee" and match.group().endswith("chez moi"):
                continue  # the employer's home is the workplace
            if (
                frame.unreal
                or frame.denied
                or not context.concerned(frame.subject)
                or _ELSEWHERE.search(frame.before)
            ):
                continue
            if (
                _REFUSED.search(frame.after)
                or match.group().endswith(" refuse")
                or _REFUSAL.search(frame.before)
            ):
                yield context.fact("cause", "non_professional", match.start(), match.end(), deduced=True)
            else:
                yield context.fact("cause", cause, *match.span())
            return
    for match in _ILLNESS.finditer(context.plain):
        frame = context.frame(match)
        if not (frame.unreal or frame.denied) and context.concerned(frame.subject) and context.on_leave:
            yield context.fact("cause", "non_professional", *match.span(), deduced=True)
            return
