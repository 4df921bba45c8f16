"""Who speaks, about whom: the worker, a relative of theirs, or an employer about an employee."""

import re
from dataclasses import dataclass

from bot.language.facts.lexicon import alternation, load
from bot.language.facts.reading import Reading

_WORDS = load("people")
_EMPLOYEE_NOUN = alternation(_WORDS["employees"])
_RELATIVE_NOUN = alternation(_WORDS["relatives"])
_OTHER_NOUN = alternation(_WORDS["others"])
_HELP_AT_HOME = alternation(_WORDS["help_at_home"])
_EMPLOYER = alternation(_WORDS["employers"])

_OURS = (
    r"(?:(?:un|une|plusieurs|certains|2|3) de (?:mes|nos)|mon|ma|notre|mes|nos|cette?"
    r"|ces)(?: (?:\d+|jeune|ancien|ancienne|meilleur|seul|seule|unique|propre|nouveau|nouvelle"
    r"|petit|petite|pauvre|bon|bonne|autre))?"
)
_A = (
    r"(?:un|une|le|la|les|des|ce|cet|cette|l|chaque|quelque|\d+)(?: (?:\d+|jeune|autre|ancien"
    r"|ancienne|seul|seule))?"
)

EMPLOYEE = re.compile(rf"\b(?:{_OURS} {_EMPLOYEE_NOUN}|{_OURS} {_HELP_AT_HOME})\b")
_SOME_EMPLOYEE = re.compile(rf"\b(?<!suis ){_A} {_EMPLOYEE_NOUN}\b(?! (?:du|de la|des) (?:prive|fonction))")
_RELATIVE = re.compile(
    rf"\b(?:(?:mon|ma|mes|notre|un|une|(?:un|une) de mes|le|la) (?:futur |ex |meilleur "
    rf"|meilleure |petit |petite |grand |grande |jeune "
    rf"|vieux )?{_RELATIVE_NOUN})\b(?: de travail)?"
)
_OTHER = re.compile(
    rf"\b(?:(?:mon|ma|mes|le|la|les|un|une|leur|son|sa|notre|des) (?:ancien(?:ne)? |ex |nouveau "
    rf"|nouvelle )?{_OTHER_NOUN})\b(?: du travail| conseil| traitant)?"
)
_SELF = re.compile(r"\b(?:je|moi|me|nous|on|mon|ma|mes)\b")
_PRONOUN = re.compile(
    r"\b(?<!est ce que )(?:il|elle|lui|son|sa|ses|le|la)\b(?! y a| faut| fait| parait)(?! (?!a "
    r"|ai |est |ont )\w+ment\b)"
)
_IS_EMPLOYER = re.compile(
    rf"\b(?:je suis|suis|moi|en tant que|je represente|je gere|nous sommes|ici) (?:aussi )?(?:le "
    rf"|la |l |un |une |une petite )?{_EMPLOYER}\b"
    rf"|\bje (?:emploie|gere une equipe|manage|dirige)\b|\bcote employeur\b|\bnous (?:employons"
    rf"|avons \d+ salaries)\b|\bje ai une (?:petite )?(?:boite|entreprise|societe) (?:de|avec)\b"
)
_OWN_HEALTH = re.compile(
    r"\bje (?:ne )?(?:me )?(?:suis|ai|peux|souffre)(?: \w+){0,4}? (?:en arret|arrete|mal|malade"
    r"|inapte|tombe|blesse|opere|hernie|cancer|burn|depression|rqth|travailler)\b"
    r"|\bmon arret\b|\bma (?:sante|maladie|rqth)\b|\bmon (?:dos|epaule|genou)\b|\bje me sens\b"
    r"|\bmes douleurs\b"
)
_SPEAKS_OF_SELF = re.compile(
    r"\bje (?:ne )?(?:me |le )?(?:suis|travaille|bosse|reprend\w*|peux|ai (?!(?:un|une"
    r"|\d+) (?:salarie|employe|ouvrier)|peur|vu|appele|lu|besoin))|\bje ai (?:mal|la rqth"
    r"|une rqth|ete)\b|\bmon arret\b|\bmon (?:employeur|patron|medecin du travail|cdi|cdd"
    r"|contrat)\b"
)
_FRAGMENT = re.compile(r"^(?:en arret|arrete[es]?|maconne?|malade|inapte|accident|cdi|cdd|actuellement en)\b")


@dataclass(frozen=True)
class People:
    """Who the message is about.

    `audience` is worker, employer or None; `said` tells whether words of the message show it, at `span` of the
    plain form; `focus` is the person the facts describe: `self`, `relative` or `employee`.
    """

    audience: str | None
    said: bool
    span: tuple[int, int]
    focus: str
    cues: tuple[tuple[int, int, str], ...]
    """Start and end of each mention of somebody, with who it is."""

    def at(self, position: int, clause_start: int) -> str | None:
        """Whom the words at this position are about: the last person named before, best in the same clause."""
        current: str | None = None
        for start, _, who in self.cues:
            if start > position:
                break
            if start >= clause_start or who in ("employee", "relative", "other", "self"):
                current = who
        return current


def _mentions(reading: Reading, employer: bool) -> list[tuple[int, int, str]]:
    found: dict[int, tuple[int, int, str]] = {}
    rules = [(_RELATIVE, "relative"), (_OTHER, "other"), (EMPLOYEE, "employee")]
    if employer:
        rules.append((_SOME_EMPLOYEE, "employee"))
    covered: list[tuple[int, int]] = []
    for pattern, who in rules:
        for match in pattern.finditer(reading.plain):
            found[match.start()] = (match.start(), match.end(), who)
            covered.append(match.span())
    for match in _SELF.finditer(reading.plain):
        if not any(a <= match.start() < b for a, b in covered):
            found[match.start()] = (match.start(), match.end(), "self")
    mentions = sorted(found.values())
    referent = "employee" if employer else None
    resolved: list[tuple[int, int, str]] = []
    pronouns = [(m.start(), m.end(), "pronoun") for m in _PRONOUN.finditer(reading.plain)]
    for start, end, who in sorted(
        mentions + [p for p in pronouns if not any(a <= p[0] < b for a, b in covered)]
    ):
        if who != "pronoun":
            if who in ("employee", "relative") or (who == "other" and referent is None):
                referent = who
            resolved.append((start, end, who))
        elif referent and reading.plain[start:end] not in ("le", "la"):
            resolved.append((start, end, referent))
    return resolved


def understand(reading: Reading, audience: str | None) -> People:
    """Who speaks and about whom, given the audience already known (the message may contradict it)."""
    plain = reading.plain
    employer = _IS_EMPLOYER.search(plain)
    employee = EMPLOYEE.search(plain)
    own = _OWN_HEALTH.search(plain)
    relative = _RELATIVE.search(plain)
    cue = employer or employee
    if cue and not (own and not employee):
        mentions = _mentions(reading, employer=True)
        return People("employer", True, cue.span(), "employee", tuple(mentions))
    some = _SOME_EMPLOYEE.search(plain)
    if audience == "employer" and not own:
        return People("employer", False, (0, 0), "employee", tuple(_mentions(reading, employer=True)))
    mentions = _mentions(reading, employer=False)
    mine = _SPEAKS_OF_SELF.search(plain)
    if relative and not (own or mine):
        return People("worker", True, relative.span(), "relative", tuple(mentions))
    if mine or own:
        span = (own or mine).span()  # type: ignore[union-attr]
        return People("worker", True, span, "self", tuple(mentions))
    fragment = _FRAGMENT.search(plain)
    if fragment and not some:
        return People("worker", True, fragment.span(), "self", tuple(mentions))
    return People(audience, False, (0, 0), "self", tuple(mentions))
