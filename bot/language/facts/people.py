"""Who speaks, about whom: the worker, a relative of theirs, or an employer about an employee."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.language.facts.lexicon import alternation, load, rules
from bot.language.facts.reading import Reading

_WORDS = load("people")
_RULES = rules("people")
_EMPLOYEE_NOUN = alternation(_WORDS["employees"])
_OURS, _SOME = _RULES["ours"], _RULES["some"]

_OCCUPATIONS = tuple(w for group in load("employment")["occupations"] for w in group["words"])
_OCCUPATION = alternation(_OCCUPATIONS)
_TRADE = rf"(?!{_RULES['care']}){_OCCUPATION}"
"""An occupation that « mon … est malade » does not make a provider of care or advice."""
EMPLOYEE = re.compile(
    rf"\b(?:{_OURS} (?:{_EMPLOYEE_NOUN}s?|{alternation(_WORDS['help_at_home'])}"
    rf"|{alternation(_WORDS['employees_by_state'])}(?= {_RULES['own_state']}))"
    rf"|{_RULES['of_team']}|(?:mon|ma) {_TRADE}(?= {_RULES['own_state']})"
    rf"|{_RULES['of_ours']} (?:{alternation(_WORDS['employees_by_state'])}|{_OCCUPATION})s?)\b"
)
"""« mon salarié », « une de nos caissières », « ma nounou »: said by an employer only."""
HELP_AT_HOME = re.compile(
    rf"\b(?:emploie|employons|{_OURS}|employeu\w+ de) (?:une? )?{alternation(_WORDS['help_at_home'])}\b"
)
_SOME_EMPLOYEE = re.compile(
    rf"\b(?<!suis )(?<!comme )(?<!moi ){_SOME} "
    rf"(?:(?:{_EMPLOYEE_NOUN}|{alternation(_WORDS['employees_by_state'])}"
    rf"|{alternation(_WORDS['help_at_home'])})s?"
    rf"|{alternation(_WORDS['employees_with_a'])})\b"
)
AN_EMPLOYEE = re.compile(
    rf"\b(?:un|une) (?:jeune |autre |ancien |ancienne )?{_EMPLOYEE_NOUN}(?= {_RULES['own_state']})"
)
"""« une employée absente », « un maçon qui est malade »: one person, in an employer's message."""
_THE_EMPLOYEE = re.compile(rf"\b{_RULES['the_employee']}\b")
"""« le salarié n'est plus en arrêt »: one employee, known to who speaks."""
_TOLD_US = re.compile(r"(?:nous|me) (?:a|ont|avait)\b")
"""« le salarié nous a remis un arrêt »: still about the employee."""
_ONE_OF_THEM = re.compile(
    r"\b(?:le une?|une? de eux|une? de elles)(?= (?:ne )?(?:a|est|se|de eux|de elles)\b)"
)
"""« avec 2 gars, l'un a le dos foutu »."""
_RELATIVE = re.compile(
    r"\b(?:mon|ma|mes|notre|un|une|(?:un|une) de mes|le|la) (?:futur |ex |meilleure? |petite? "
    r"|grande? |jeune |vieux )?"
    rf"{alternation(_WORDS['relatives'])}\b(?: de travail)?"
)
_IT_IS_A_RELATIVE = re.compile(rf"\bce est (?:mon|ma) {alternation(_WORDS['relatives'])} qui\b")
_OTHER = re.compile(
    r"\b(?:mon|ma|mes|le|la|les|un|une|leur|son|sa|notre|des) (?:ancien(?:ne)? |ex |nouveau |nouvelle )?"
    rf"{alternation(_WORDS['others'])}\b(?: du travail| conseil| traitant)?"
)
_ANYONE = re.compile(rf"\b{alternation(_WORDS['anyone'])}\b")
_SELF = re.compile(r"\b(?:je|moi|me|nous|on|mon|ma|mes)\b")
_PRONOUN = re.compile(r"\b(?<!est ce que )(?:il|elle|lui|son|sa|ses)\b(?! y a| faut| fait| parait)")
_IS_EMPLOYER = re.compile(
    rf"(?:(?:\b{_RULES['speaks_as']}){alternation(_WORDS['employers'])}"
    rf"|^(?:bonjour |bonsoir |, )*{alternation(_WORDS['employers'])}(?= (?:dans|du|de (?:une?|la"
    rf"|le|mon|ma|notre)|en|chez|[.,:]) ?)"
    rf"|\b{_RULES['employer_acts']}"
    rf"|\b(?:nous avons|on a|je ai|notre equipe a) (?:une?|\d+) {_TRADE}s? {_RULES['in_a_state']})\b"
)
_NOT_EMPLOYER = re.compile(
    rf"(?:\b|(?<= )){_RULES['denies']}(?:le |la |un |une )?{alternation(_WORDS['employers'])}\b"
)
_OWN_HEALTH = re.compile(rf"\b{_RULES['own_health']}\b")
_SPEAKS_OF_SELF = re.compile(rf"\b{_RULES['speaks_of_self']}\b")
_OWN_STATUS = alternation(
    w
    for words in load("employment")["said"].values()
    for w in words
    if " " in w or w not in _WORDS["employees"]
)
_FRAGMENT = re.compile(
    rf"^(?:(?:bonjour|bonsoir|salut|slt|bjr)[ ,.!]*)?"
    rf"(?:{_RULES['fragment']}|(?:{_OCCUPATION}|{_OWN_STATUS})s?(?! du travail| conseil))\b"
)
"""« en arrêt depuis… », « infirmière à Reims… »: a message that names a job without an article speaks of oneself.
An employer writes « un maçon », « notre infirmière »; « salarié » or « apprenti » alone may be anybody's."""
_YOUNG_CHILD = re.compile(rf"\b{_RULES['young_child']}\b")
_HAVING = re.compile(rf"\b{_RULES['having']}\b")
_WHOM_WE_EMPLOY = re.compile(rf"\b{_RULES['whom_we_employ']}\b")
_SOME_TRADE = re.compile(rf"\b(?:un|une|le|la) {_TRADE}(?= {_RULES['own_state']})")
"""« nous sommes 23, une soudeuse a mal au dos »: in an employer's message, one of the team."""


@dataclass(frozen=True)
class People:
    """Who the message is about.

    `audience` is worker, employer or None; `said` tells whether words of the message show it, at `span` of
    the plain form; `focus` is the person the facts describe: `self`, `relative` or `employee`.
    """

    audience: str | None
    said: bool
    span: tuple[int, int]
    focus: str
    cues: tuple[tuple[int, str], ...]
    """Position of each mention of somebody, with who it is: self, employee, relative, other, child."""

    def at(self, position: int) -> str | None:
        """Whom the words at this position are about: the last person named before them."""
        current = None
        for start, who in self.cues:
            if start > position:
                break
            current = who
        return current


def _named(plain: str, employer: bool) -> Iterator[tuple[int, int, str]]:
    """Spans that name somebody; when two overlap, the more telling one comes last."""
    asides = [match.span() for match in _WHOM_WE_EMPLOY.finditer(plain)]
    for match in _SELF.finditer(plain):
        if employer and _TOLD_US.match(plain, match.start()):
            continue
        if any(start <= match.start() < end for start, end in asides):
            continue
        # « j'ai reçu un avis d'inaptitude »: an employer who has something speaks of the employee.
        yield *match.span(), "employee" if employer and _HAVING.match(plain, match.start()) else "self"
    for match in _PRONOUN.finditer(plain):
        yield *match.span(), "pronoun"
    rules = [
        (_ANYONE, "anyone"), (_OTHER, "other"), (_RELATIVE, "relative"), (_YOUNG_CHILD, "child"),
        # « un apprenti a droit à… » is an employee in an employer's message, anyone elsewhere.
        (_SOME_EMPLOYEE, "employee" if employer else "anyone"), (EMPLOYEE, "employee"),
    ]  # fmt: skip
    if employer:
        rules += [(_ONE_OF_THEM, "employee"), (_SOME_TRADE, "employee")]
    for pattern, who in rules:
        for match in pattern.finditer(plain):
            mate = employer and who == "relative" and "collegue" in match.group()
            yield *match.span(), "employee" if mate else who


def _cues(plain: str, employer: bool) -> tuple[tuple[int, str], ...]:
    """Mentions in order, pronouns resolved to the last person other than the speaker."""
    spans: list[tuple[int, int, str]] = []
    for start, end, who in _named(plain, employer):
        spans = [s for s in spans if s[1] <= start or s[0] >= end]
        spans.append((start, end, who))
    referent = "employee" if employer else None
    cues: list[tuple[int, str]] = []
    for start, _, who in sorted(spans):
        if who == "pronoun":
            if referent:
                cues.append((start, referent))
            continue
        if (
            who == "employee"
            or (who in ("relative", "child") and not employer)
            or (who == "other" and not referent)
        ):
            referent = who
        cues.append((start, who))
    return tuple(cues)


def understand(reading: Reading, audience: str | None) -> People:
    """Who speaks and about whom, given the audience already known (the message may contradict it)."""
    plain = reading.plain
    employee = EMPLOYEE.search(plain)
    employer = _IS_EMPLOYER.search(plain) or employee
    denial = _NOT_EMPLOYER.search(plain)
    if denial and not employee:
        return People("worker", True, denial.span(), "self", _cues(plain, False))
    own = next(
        (m for m in _OWN_HEALTH.finditer(plain) if not (employer and _SOME_EMPLOYEE.search(m.group()))), None
    )
    if employer and (employee or not own):
        return People("employer", True, employer.span(), "employee", _cues(plain, True))
    if audience == "employer" and not own:
        return People("employer", False, (0, 0), "employee", _cues(plain, True))
    relative = _RELATIVE.search(plain)
    if presented := _IT_IS_A_RELATIVE.search(plain):
        return People("worker", True, presented.span(), "relative", _cues(plain, False))
    employed = _THE_EMPLOYEE.search(plain)
    if employed and "?" not in plain and not (own or _SPEAKS_OF_SELF.search(plain)):
        return People("employer", True, employed.span(), "employee", _cues(plain, True))
    mine = own or _SPEAKS_OF_SELF.search(plain) or _FRAGMENT.search(plain)
    cues = _cues(plain, False)
    if relative and not (own or _SPEAKS_OF_SELF.search(plain)):
        return People("worker", True, relative.span(), "relative", cues)
    if mine:
        return People("worker", True, mine.span(), "self", cues)
    return People(audience, False, (0, 0), "self", cues)
