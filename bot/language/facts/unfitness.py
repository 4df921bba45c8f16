"""Unfitness declared, feared or excluded, and what the occupational physician has written."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

_UNFIT = re.compile(r"\b(?:inaptes?|inaptitudes?)\b")
_DECLARED = re.compile(
    r"\b(?:declaree?|reconnue?|jugee?|mise?|rendue?|prononcee?|avis de?|licenciee?|classee?"
    r"|constatee?|conclu\w*|passee?|recu|notifie\w*|suis|est|ecrit|donne\w*|(?:me|le|la) (?:a"
    r"|ont) (?:\w+ )?(?:mise?|declaree?))\b"
)
_FEAR = re.compile(
    r"\b(?:peur|crain\w+|redout\w+|risqu\w+|inquiet\w*|angoiss\w*|menac\w*|envisag\w*|parle\w*"
    r"|evoqu\w*|propos\w*|bientot|vers|finir|finira\w*|question|prochain\w*|pourrai\w*|"
    r"veu[tx]|veulent|voudrai\w*|voulait|pense\w*|penche\w*|songe\w*|direction|proced\w+"
    r"|demarche|cours|(?:vais|va|vont|allait)|serai|sera|etre|me (?:mettre|declarer)|pousse\w*"
    r"|dit que je (?:vais|serai|risque)|ca sent|menace|probable\w*|surement|sans doute)\b"
)
_HEDGE = re.compile(
    r"\b(?:c est|ce est|pour|contre|sur|apres|licenciement|comment|quoi|definition|difference"
    r"|entre|veut dire|contester|demander|visite de?)\b[^,]*$"
)
_NOT_YET = re.compile(r"\b(?:pas|jamais|ni|aucune?)(?: encore)?(?: ete)?(?: \w+){0,3}? ?$")
_FIT = re.compile(
    r"\b(?:(?:suis|est|ete|declaree?|reconnue?|jugee?) apte(?! avec| sous)"
    r"|avis de aptitude(?! avec))\b"
)
_RESTRICTED = re.compile(
    r"\b(?:apte (?:avec|sous) (?:des )?(?:reserves?|restrictions?|amenagements?|conditions?)"
    r"|(?:des |mes |les |avec |avis de |ses |de |une |plusieurs )(?:restrictions?"
    r"|preconisations?|contre indications?)(?: medicales?)?|restrictions? (?:medicales?"
    r"|de aptitude|de port)|"
    r"(?:medecin du travail|medecine du travail)(?: \w+){0,4}? (?:ecrit|preconise\w*|demande\w*"
    r"|prescri\w+|recommande\w*|propose\w*|impose\w*|interdi\w+|limite\w*|indique\w*|note\w*|mis"
    r"|fait)(?: \w+){0,5}? (?:amenag\w+|adapt\w+|restriction\w*|preconisation\w*|reserves?|poste"
    r"|porter?|charges?|kg|kilos?|debout|nuit|recommandations?|siege|mesures?)|"
    r"(?:pas|interdit|interdiction|limite\w*|sans"
    r"|aucun)(?: \w+){0,2} port de charges?(?: lourdes)?"
    r"|amenagements? (?:de poste )?(?:demandes?|ecrits?|preconises?|prescrits?"
    r"|recommandes?) par le medecin du travail|poste amenage par le medecin du travail"
    r"|preconisations? du medecin du travail)\b"
)
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
    if _FEAR.search(before) and not re.search(r"\b(?:ai ete|a ete|me a declare\w*|suis deja) ", before):
        return context.fact("unfit", "feared", frame.clause.start, match.end())
    if frame.denied or _NOT_YET.search(before):
        return context.fact("unfit", "none", frame.clause.start, match.end())
    if re.search(
        r"^ (?:\w+ ){0,3}?(?:en cours|envisagee?|possible|probable|prevue?|qui (?:arrive|approche"
        r"|menace)|a venir|bientot)",
        frame.after,
    ):
        return context.fact("unfit", "feared", match.start(), match.end())
    declared = _DECLARED.search(before) or re.match(
        r" (?:prononcee?|declaree?|a mon poste|au poste|depuis|le \d|a tout poste|totale|definitive"
        r"|recue?|signee?|a le poste|par le medecin)",
        frame.after,
    )
    if (
        declared
        or match.group().startswith("inapte")
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
            yield context.fact("medical_recommendations", not frame.denied, *match.span())
