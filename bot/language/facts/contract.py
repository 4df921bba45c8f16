"""The contract: its kind, and whether it has ended."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

_KINDS = {
    "cdi": re.compile(
        r"\b(?:cdi|contrat a duree indeterminee|duree indeterminee|embauchee? definitivement)\b"
    ),
    "cdd": re.compile(
        r"\b(?:cdd|contrat a duree determinee|duree determinee|saisonniere?|contrat saisonnier"
        r"|contrat de (?:remplacement|saison))\b"
    ),
    "interim": re.compile(
        r"\b(?:interim|interimaires?|contrat de mission|contrats? interim"
        r"|travailleu\w+ temporaire)\b"
    ),
    "apprentissage": re.compile(r"\b(?:apprentissage|apprentie?s?|alternance|alternante?)\b"),
    "other": re.compile(
        r"\b(?:contrat (?:de professionnalisation|pro|aide|unique de insertion|de insertion|pec)|cui"
        r"|pec|cddi|contrat de engagement)\b"
    ),
}
_HELD = re.compile(
    r"\b(?:suis|est|ai|a|avons|en|mon|ma|mes|son|notre|nos|travaille|bosse|contrat|actuellement"
    r"|signe|embauchee?|employee?|salariee?|fin de|sous|sommes|poste|passee?|un|une|des)\b[^,]*$"
)
_WANTED = re.compile(
    r"\b(?:voudrai\w*|veu[tx]|aimerai\w*|promis\w*|promesse|esper\w+|attends?|passer|demand\w*"
    r"|cherche|propose\w*|avoir un|obtenir|futur|prochain|bientot|vais|va|etais|avais|ancien"
    r"|entre|avant|transform\w+|difference|ou bien)\b[^,]*$"
)
_ENDED = re.compile(
    r"\b(?:(?:mon|le|son) (?:contrat|cdd|cdi|interim|mission"
    r"|apprentissage)(?: \w+){0,2}? (?:se est (?:terminee?|finie?|arrete|acheve)"
    r"|est (?:terminee?|finie?|rompue?|arrivee? a (?:sa )?(?:fin|terme))|a pris fin|a ete rompu"
    r"|a expire|ne a pas ete renouvele|pas (?:ete )?renouvele)"
    r"|(?:ma|la|sa) mission (?:se est terminee|est (?:terminee|finie)|a pris fin)|(?:ai ete"
    r"|a ete|suis|est|etait|me suis fait|se est fait|viens de etre|vient de etre|me a|me ont"
    r"|le a|la a) (?:deja )?(?:licenciee?|viree?|remerciee?|lourdee?)|(?:me|se) (?:a|ont"
    r"|est fait|suis fait) (?:licencier?e?|virer?e?)|apres mon licenciement"
    r"|depuis mon licenciement|ai (?:recu|eu) (?:ma|mon|la) (?:lettre de )?licenciement"
    r"|(?:ai|a|avons) (?:deja )?(?:demissionne|signe (?:une |la |ma )?rupture"
    r"|fait une rupture conventionnelle|quitte mon (?:emploi|poste|travail|employeur))"
    r"|depuis ma demission|rupture conventionnelle (?:signee|faite|actee)|plus de contrat"
    r"|plus sous contrat|fin de contrat (?:depuis|le \d)|contrat (?:termine|fini|rompu)"
    r"|licenciee? (?:pour|depuis|le|en|suite|economique))\b"
)
_OPEN = re.compile(
    r"\b(?:toujours (?:sous contrat|en contrat|salariee?|dans la boite|dans le entreprise|en cdi"
    r"|en cdd)|contrat (?:toujours )?en cours|encore sous contrat|encore en contrat"
    r"|pas (?:ete )?licenciee?|contrat (?:est )?suspendu|toujours mon contrat)\b"
)
_LOOMING = re.compile(
    r"\b(?:peur|risque|menace\w*|veu[tx]|veulent|va|vont|vais|peut|peuvent|pourrait|etre"
    r"|procedure|craint?s?|envisage\w*|si|droit|parle\w*|sera|serai)\b[^,]*$"
)


def find(context: Context) -> Iterator[Fact]:
    """`contract` and `contract_ended`."""
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if (
                frame.unreal
                or frame.denied
                or frame.past
                or _WANTED.search(frame.before)
                or not context.concerned(frame.subject)
            ):
                continue
            held = (
                _HELD.search(frame.before)
                or not frame.before.strip(" ,:")
                or re.match(r" (?:depuis|a temps|dans|chez|a le|de \d|,)|$", frame.after)
            )
            if held and not re.search(r"\b(?:agence|boite|societe|entreprise) (?:de )?$", frame.before):
                yield context.fact("contract", kind, *match.span())
                break
    for match in _ENDED.finditer(context.plain):
        frame = context.frame(match)
        if frame.unreal or not context.concerned(frame.subject):
            continue
        if (
            not frame.denied
            and not _LOOMING.search(frame.before)
            and not re.match(
                r" (?:en|le|au|dans|fin|debut) (?:janvier|fin|debut|\d|un mois|2 )",
                frame.after if "est" in match.group() and "termine" in match.group() and False else "",
            )
        ):
            yield context.fact("contract_ended", True, *match.span())
            return
    for match in _OPEN.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and context.concerned(frame.subject):
            yield context.fact("contract_ended", False, *match.span())
            return
