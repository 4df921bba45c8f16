"""Unfitness declared, feared or excluded, and what the occupational physician has written."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules

_RULES = rules("unfitness")

_UNFIT = re.compile(r"\b(?:inaptes?|inaptitudes?)\b")
_DECLARED = re.compile(rf"\b{_RULES['declared']}\b")
_FEAR = re.compile(rf"\b{_RULES['fear']}\b")
_HEDGE = re.compile(rf"\b{_RULES['hedge']}\b[^,]*$")
_NOT_YET = re.compile(r"\b(?:pas|jamais|ni|aucune?)(?: encore)?(?: ete)?(?: \w+){0,3}? ?$")
_PARTLY = re.compile(
    r" (?:au|a la|aux|a le) (?:port|station|travail (?:de nuit|en hauteur)|postures?|gestes"
    r"|charges|conduite de engins)"
)
"""« inapte au port de charges »: a restriction, not unfitness for the post."""
_FIT = re.compile(
    r"(?:(?:\b(?:suis|est|ete|declaree?|reconnue?|jugee?|:)|^) ?apte(?! avec| sous| , avec"
    r"| , sous)|\bapte (?:sans|a mon poste|au poste)"
    r"|avis de aptitude(?! avec))\b"
)
_NEVER_SPOKEN_OF = re.compile(
    r"\b(?:pas|jamais|personne ne)(?: \w+){0,3}? (?:parle|evoque|propose|prononce)\w*(?: le mot)? (?:de )?$"
)
"""« on ne m'a jamais parlé d'inaptitude »."""
_TERRIFIES = re.compile(
    r" (?:me |nous |le |la )?(?:terroris|fai[st] peur|angoiss|stress|inquiet|hant|effrai"
    r"|pend au nez|guette|plane)"
)
_RESTRICTED = re.compile(rf"\b{_RULES['restricted']}\b")
_NOT_RESTRICTED = re.compile(
    r"\b(?:(?:aucune?|sans|pas de|pas eu de|ni) (?:restrictions?|preconisations?"
    r"|recommandations?|amenagement preconise)|(?:medecin du travail|il|elle) (?:ne )?(?:a"
    r"|avait) rien (?:ecrit|dit|preconise|note|propose))\b"
)


def _stance(context: Context, match: "re.Match[str]") -> Fact | None:
    frame = context.frame(match)
    if frame.unreal or not context.concerned(frame.subject):
        return None
    before = frame.before
    if _NEVER_SPOKEN_OF.search(before):
        return context.fact("unfit", "none", frame.clause.start, match.end())
    if _FEAR.search(before) and not re.search(r"\b(?:ai ete|a ete|me a declare\w*|suis deja) ", before):
        return context.fact("unfit", "feared", frame.clause.start, match.end())
    if _TERRIFIES.match(frame.after):
        return context.fact("unfit", "feared", match.start(), match.end())
    if frame.denied or _NOT_YET.search(before):
        return context.fact("unfit", "none", frame.clause.start, match.end())
    if re.search(
        r"^ (?:\w+ ){0,3}?(?:en cours|envisagee?|possible|probable|prevue?|qui (?:arrive|approche"
        r"|menace)|a venir|bientot)",
        frame.after,
    ):
        return context.fact("unfit", "feared", match.start(), match.end())
    declared = _DECLARED.search(before) or re.match(
        r" (?:(?:docteur |medecin )?donnee?|prononcee?|declaree?|a mon poste|au poste|depuis|le \d"
        r"|a tout poste|totale|definitive"
        r"|recue?|signee?|a le poste|par le medecin|(?:a|au) (?:tous?|toute|mon|la|le|son"
        r"|ce) (?:les )?(?:postes?|travail|metier|conduite|fonctions?))",
        frame.after,
    )
    if declared or (
        match.group().startswith("inapte")
        and not before.strip()
        and not match.group().startswith("inaptitude")
    ):
        if _HEDGE.search(before) and not _DECLARED.search(before):
            return None
        if frame.past and re.search(r"\betais\b", before):
            return None
        start = (
            declared.start() + frame.clause.start if declared and declared.string is before else match.start()
        )
        return context.fact("unfit", "declared", start, match.end())
    return None


def find(context: Context) -> Iterator[Fact]:
    """`unfit` and `medical_recommendations`. « invalide » is another thing: see `disability`."""
    for match in _UNFIT.finditer(context.plain):
        if _PARTLY.match(context.plain, match.end()):
            continue
        fact = _stance(context, match)
        if fact:
            yield fact
    for match in _FIT.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and context.concerned(frame.subject):
            yield context.fact(
                "unfit",
                "declared" if frame.denied and "declare" in match.group() else "none",
                *match.span(),
                deduced=frame.denied,
            )
    for match in _NOT_RESTRICTED.finditer(context.plain):
        yield context.fact("medical_recommendations", False, *match.span())
        return
    for match in _RESTRICTED.finditer(context.plain):
        frame = context.frame(match)
        wished = re.search(
            r"\b(?:peut|pourrait|voudrais|veux|doit|dois|demander|obtenir|attends?|si|va|vais|espere)\b",
            frame.before + match.group(),
        )
        if not frame.unreal and not wished and context.concerned(frame.subject):
            yield context.fact("medical_recommendations", True, *match.span())
