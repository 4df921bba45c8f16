"""Status and sector: what people say they are, otherwise what their occupation lets us suppose."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.language.facts import occupations
from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.lexicon import alternation, load
from bot.language.facts.occupations import Supposed
from bot.language.facts.people import HELP_AT_HOME
from bot.language.facts.reading import read

_DATA = load("employment")
_SAID = {
    # « salariés » in the plural counts people; it is nobody's status.
    status: re.compile(rf"\b{alternation(words)}{'' if status == 'salarie_prive' else 's?'}\b")
    for status, words in _DATA["said"].items()
}
_SECTORS = {sector: re.compile(rf"\b{alternation(words)}\b") for sector, words in _DATA["sectors"].items()}
_LOOSE = frozenset(_DATA["loose"])
_PUBLIC_CONTRACT = re.compile(r"\b(?:cdd|cdi|contractuelle?|vacataire)\b")
_TENURED = re.compile(r"\btitulaire\b")
_TENURED_ALONE = re.compile(
    r"^(?:oui |si |bonjour |, |je suis |bien |et |mais )*titulaire(?: oui| de mon poste| ,? merci)*[ .]*$"
)
"""« titulaire oui »: the whole message answers which of the public servants one is."""
_KIND_OF_FARM = re.compile(r"\b(?:exploitation|entreprise|culture|production|domaine|coop\w*|ferme) $")
"""« une exploitation maraîchère »: an adjective."""
_PARTIAL = re.compile(r" (?:partiel|technique)")
_SECTOR_SAID = frozenset({"btp", "batiment", "agricole", "msa"})
_NAMED_BY_OTHERS = frozenset({"contractuel_public", "interimaire", "demandeur_emploi"})
"""Statuses whose words name nobody else, whatever the determiner: « ma mission d'intérim »."""


def _said(context: Context) -> Iterator[Fact]:
    """Statuses said in words, in the order of the list; `deduced` when the words leave room for doubt."""
    for status, pattern in _SAID.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            words = match.group()
            if not occupations.holds(context, frame) or (
                status == "demandeur_emploi" and _PARTIAL.match(frame.after)
            ):
                continue
            if context.people.focus == "employee":
                if not _of_employee(context, status, match.start(), words):
                    continue
            elif not _of_oneself(context, match, status):
                continue
            yield context.fact("status", status, *match.span(), deduced=words in _LOOSE)
            break


def _of_oneself(context: Context, match: "re.Match[str]", status: str) -> bool:
    words, frame = match.group(), context.frame(match)
    if (
        status not in _NAMED_BY_OTHERS
        and not words.startswith("contrat")
        and occupations.said_of_others(context, match.start())
    ):
        return False
    if status == "exploitant_agricole" and _KIND_OF_FARM.search(frame.before):
        return False
    if words in ("salarie", "salariee"):
        return occupations.is_identity(frame)
    # A noun that opens a message may be its topic: « AESH pour mon fils », « intérim : jours fériés ».
    opens = not frame.before.strip() and not re.match(r"(?:en|au|a|chez|dans|je|mon|ma|mes) ", words)
    return not opens or occupations.stands_alone(frame) or occupations.follows(context, match.end())


def _of_employee(context: Context, status: str, start: int, words: str) -> bool:
    """For an employer « mon salarié » only names somebody, and « je suis artisan » speaks of themselves."""
    if context.people.at(start) == "self" or status in ("independant", "exploitant_agricole"):
        return False
    return words not in ("salarie", "salariee", "apprentis")


def _help_at_home(context: Context) -> Iterator[Fact]:
    """« j'emploie une aide à domicile », « ma nounou est en arrêt »: the employee of a household."""
    match = HELP_AT_HOME.search(context.plain) if context.people.focus == "employee" else None
    if match:
        yield context.fact("status", "particulier_employeur", *match.span(), deduced=True)


def _in_public_service(context: Context, said: list[Fact], supposed: list[Supposed]) -> Iterator[Fact]:
    """A public employer with a word on the contract: contractual, or tenured."""
    public = next((s for s in supposed if s.status == "fonctionnaire"), None)
    names = {fact.value for fact in said}
    if public is None or "fonctionnaire" in names:
        return
    if _TENURED.search(context.plain):
        yield context.fact("status", "fonctionnaire", public.start, public.end)
    elif "contractuel_public" in names or _PUBLIC_CONTRACT.search(context.plain):
        yield context.fact("status", "contractuel_public", public.start, public.end, deduced=True)


def _status(context: Context, supposed: list[Supposed]) -> Iterator[Fact]:
    """Candidates, surest first."""
    said = list(_said(context))
    if tenured := _TENURED_ALONE.match(context.plain):
        yield context.fact("status", "fonctionnaire", *tenured.span())
    yield from _in_public_service(context, said, supposed)
    yield from (fact for fact in said if not fact.deduced)
    yield from (fact for fact in said if fact.value != "salarie_prive")
    ranked = [s for s in supposed if s.status not in (None, "salarie_prive")] + supposed
    for guess in ranked:
        if guess.status:
            yield context.fact("status", guess.status, guess.start, guess.end, deduced=True)
    yield from said
    yield from _help_at_home(context)


def _sector(context: Context, status: Fact | None, supposed: list[Supposed]) -> Iterator[Fact]:
    """Candidates, surest first."""
    for sector, pattern in _SECTORS.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if not (frame.unreal or frame.denied or frame.past or occupations.to_come(frame)):
                yield context.fact("sector", sector, *match.span(), deduced=match.group() not in _SECTOR_SAID)
    if status and status.value in ("exploitant_agricole", "salarie_agricole"):
        yield replace(status, name="sector", value="agricole", deduced=True)
    for guess in [s for s in supposed if s.sector != "general"] + supposed:
        yield context.fact("sector", guess.sector, guess.start, guess.end, deduced=True)


def named_statuses(text: str) -> frozenset[str]:
    """Statuses that the words of a message name, whoever they are about: « et pour un intérimaire ? »."""
    plain = read(text).plain
    named = {status for status, pattern in _SAID.items() if pattern.search(plain)}
    return frozenset(named | occupations.statuses_named(plain))


def find(context: Context) -> Iterator[Fact]:
    """`status` and `sector`."""
    supposed = occupations.find(context)
    status = next(_status(context, supposed), None)
    sector = next(_sector(context, status, supposed), None)
    if sector and sector.value == "agricole" and status is None and context.people.focus == "employee":
        status = replace(sector, name="status", value="salarie_agricole", deduced=True)
    if status and sector and sector.value == "agricole":
        if status.value == "independant":
            status = replace(status, value="exploitant_agricole")
        elif status.value == "salarie_prive" and status.deduced:
            status = replace(status, value="salarie_agricole")
    yield from (fact for fact in (status, sector) if fact)
