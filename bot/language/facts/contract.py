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
    "apprentissage": re.compile(r"\b(?:apprentissage|apprentie?|alternance|alternante?)\b"),
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
_STANDS = re.compile(r" (?:depuis|a temps|dans|chez|a le|de \d|,)|$")
_NAME_OF_ANOTHER = re.compile(r"\b(?:agence|boite|societe|entreprise|maitre|tuteur|centre) (?:de )?$")
"""« agence d'intérim », « maître d'apprentissage »: not the contract of the person."""


def _kinds(context: Context) -> Iterator[Fact]:
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if frame.unreal or frame.denied or frame.past or _WANTED.search(frame.before):
                continue
            if context.plain.startswith(" puis ", match.end()):
                continue  # « saisonnier puis permanent »
            held = _HELD.search(frame.before) or not frame.before.strip(" ,:") or _STANDS.match(frame.after)
            if held and context.concerned(frame.subject) and not _NAME_OF_ANOTHER.search(frame.before):
                yield context.fact("contract", kind, *match.span())
                break


def find(context: Context) -> Iterator[Fact]:
    """`contract` and `contract_ended`."""
    yield from _kinds(context)
    for ended, pattern in ((True, _ENDED), (False, _OPEN)):
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if frame.unreal or not context.concerned(frame.subject):
                continue
            if not ended or not (frame.denied or _LOOMING.search(frame.before)):
                yield context.fact("contract_ended", ended, *match.span())
                return
