"""The contract: its kind, and whether it has ended."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import rules

_RULES = rules("contract")

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
_HELD = re.compile(rf"\b{_RULES['held']}\b[^,]*$")
_WANTED = re.compile(rf"\b{_RULES['wanted']}\b[^,]*$")
_ENDED = re.compile(rf"\b{_RULES['ended']}\b")
_OPEN = re.compile(rf"\b{_RULES['open']}\b")
_LOOMING = re.compile(rf"\b{_RULES['looming']}\b[^,]*$")


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
            if held and not re.search(
                r"\b(?:agence|boite|societe|entreprise|maitre|tuteur|centre) (?:de )?$", frame.before
            ):
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
