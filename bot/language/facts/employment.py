"""Status and sector, from what people say they are, their occupation and their employer."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.frame import Frame
from bot.language.facts.lexicon import alternation, load, plain_words, rules
from bot.language.facts.people import HELP_AT_HOME

_RULES = rules("employment")

_DATA: dict[str, Any] = load("employment")
_SAID = {
    status: re.compile(rf"\b{alternation(words)}{'' if status == 'salarie_prive' else 's?'}\b")
    for status, words in _DATA["said"].items()
}
_SECTORS = {sector: re.compile(rf"\b{alternation(words)}\b") for sector, words in _DATA["sectors"].items()}


def _words(groups: list[dict[str, Any]]) -> dict[str, tuple[str | None, str]]:
    return {plain_words(w): (g.get("status"), g["sector"]) for g in groups for w in g["words"]}


_OCCUPATIONS = _words(_DATA["occupations"])
_PLACES = _words(_DATA["places"])
_OCCUPATION = re.compile(rf"\b(?P<word>{alternation(_OCCUPATIONS)})s?\b")
_PLACE = re.compile(
    rf"\b(?P<cue>(?:a |au |aux |dans |en |chez |sur |pour |de |du |des |agent |employe\w* "
    rf"|ouvri\w+ )(?:le |la |un |une |les |des )?(?:petite? |gros |grosse "
    rf"|grande? )?)(?P<word>{alternation(_PLACES)})s?\b"
)
_IDENTITY = re.compile(
    r"(?:\b(?:suis|est|moi|metier|profession|comme|tant que|poste de|emploi de|boulot de"
    r"|travail de|formation de|devenue?|sommes|job|travaille|bosse|etre|fais|fait|actuellement)"
    r"(?: ,| :| est| ce est| de| le| la| un| une| aussi| encore| toujours| bien| juste"
    r"| ancien(?:ne)?| simple| actuellement| apprentie?| interimaire| cadre| artisane?| ouvri\w+| employee?| saisonni\w+| contractuelle?| titulaire| agente?| donc| responsable| chef| jeune| vieux| petit"
    r"| en tant que)*|^[a-z]{0,9}|[.,:]|\b(?:bonjour|bonsoir|salut|slt|bjr|oui|non))\s*$"
)
_PAST_STATUS = re.compile(rf"\b{_RULES['past_status']}\b(?! (?:de|que) \d)[^,.]*$")
_FUTURE = re.compile(rf"\b{_RULES['future']}\b[^,.]*$")
_HEAD = re.compile(
    r"\b(?:je tiens|je ai|je gere) (?:un|une|mon|ma|le|la) (?:petite? )?(?:salon|commerce|boutique|magasin|restaurant|bar|cafe"
    r"|hotel|garage|boulangerie|boucherie|institut|pizzeria|epicerie|pharmacie|tabac|food truck|cabinet)\b|\bsuis (?:le |la |un |une )?(?:gerante?|patronne?|cheff?e? de entreprise|dirigeante?|pdg|restaurat\w+)\b"
)


def _holds(context: Context, frame: Frame) -> bool:
    return (
        not frame.unreal
        and not frame.denied
        and not frame.past
        and not _PAST_STATUS.search(frame.before)
        and not _FUTURE.search(frame.before)
        and context.concerned(frame.subject)
    )


def _others(context: Context, start: int) -> bool:
    """An occupation said of somebody else: « l'infirmière m'a dit », « mon comptable »."""
    before = context.plain[max(0, start - 16) : start]
    if context.people.focus == "employee":
        return False
    return bool(
        re.search(r"\b(?:le|la|les|mon|ma|mes|des|ce|cette|avec une?|du|au|son|sa) $", before)
    ) and not re.search(r"\b(?:metier|profession|suis|est) (?:le|la) $", before)


def _as_employee(context: Context, start: int) -> bool:
    """For an employer, an occupation of the employee: « mon maçon », « un de nos caristes », « il est plombier »."""
    before = context.plain[max(0, start - 30) : start]
    return (
        bool(
            re.search(
                r"(?:\b(?:mon|ma|notre|un|une|un de (?:mes|nos)|une de (?:mes|nos)|mes|nos|est|comme|poste de"
                r"|salariee?|employee?)|,)(?: jeune| ancien| vieux| meilleur)? $",
                before,
            )
        )
        or start == 0
    )


def _said(context: Context) -> Iterator[Fact]:
    for status, pattern in _SAID.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if not _holds(context, frame) or (
                status == "demandeur_emploi" and re.match(r" (?:partiel|technique)", frame.after)
            ):
                continue
            if status not in ("contractuel_public", "interimaire", "demandeur_emploi") and _others(
                context, match.start()
            ):
                continue
            if context.people.focus == "employee" and not _said_of_employee(
                context, status, match.start(), match.group()
            ):
                continue
            yield context.fact("status", status, *match.span(), deduced=_is_loose(status, match.group()))
            break


def _head_of_company(context: Context) -> Iterator[Fact]:
    """« je suis gérant et j'ai mal au dos »: the head of a company who speaks of their own health."""
    match = _HEAD.search(context.plain)
    if match and context.people.focus == "self" and _holds(context, context.frame(match)):
        yield context.fact("status", "independant", *match.span(), deduced=True)


def _help_at_home(context: Context) -> Iterator[Fact]:
    """« j'emploie une aide à domicile », « ma nounou est en arrêt »: the employee of a household."""
    match = HELP_AT_HOME.search(context.plain) if context.people.focus == "employee" else None
    if match:
        yield context.fact("status", "particulier_employeur", *match.span(), deduced=True)


def _is_loose(status: str, words: str) -> bool:
    """Words that leave room for doubt: « salarié » alone may be said of a farm or of a town hall."""
    return (status == "salarie_prive" and words in ("salarie", "salariee")) or words in (
        "fonction publique",
        "contractuel",
        "contractuelle",
        "nounou",
        "exploitant",
        "exploitante",
    )


def _said_of_employee(context: Context, status: str, start: int, words: str) -> bool:
    """In an employer's message « mon salarié » only names somebody, and « je suis artisan » speaks of the employer."""
    if context.people.at(start) == "self" or status in (
        "independant",
        "exploitant_agricole",
    ):
        return False
    return words not in ("salarie", "salariee")


def _by_words(context: Context) -> Iterator[tuple[str | None, str, int, int]]:
    """Status and sector that an occupation or the name of an employer lets us suppose."""
    for match in _OCCUPATION.finditer(context.plain):
        start, end = match.span("word")
        frame = context.frame(match)
        if not _holds(context, frame):
            continue
        if context.people.focus == "employee":
            if not _as_employee(context, start) or context.people.at(start) == "self":
                continue
        elif _others(context, start) or (
            not _IDENTITY.search(frame.before)
            and not re.match(
                r" (?:de metier|de profession|depuis|en arret|en cdi|en cdd|,? ?\d\d ans|a le|au|dans|chez"
                r"|en poste)",
                frame.after,
            )
        ):
            continue
        status, sector = _OCCUPATIONS.get(match["word"]) or (None, "general")
        yield status, sector, start, end
    for match in _PLACE.finditer(context.plain):
        frame = context.frame(match)
        works = re.search(
            r"\b(?:travaill\w*|bosse\w*|taffe\w*|suis|(?<!on )est|employee?|poste|agent|emploi|salariee?|cdi|cdd"
            r"|ouvri\w+|embauchee?|infirmi\w+|soignante?|secretaire|comptable|cuisini\w+|chez)\b",
            frame.before + " " + match["cue"],
        )
        if (works or context.asked in ("status", "sector")) and _holds(context, frame):
            status, sector = _PLACES[match["word"]]
            yield status, sector, match.start("word"), match.end("word")


def _status(context: Context) -> Iterator[Fact]:
    said = list(_said(context))
    supposed = list(_by_words(context))
    public = next((s for s in supposed if s[0] == "fonctionnaire"), None)
    names = [f.value for f in said]
    if (
        public
        and (
            "contractuel_public" in names
            or re.search(r"\b(?:cdd|cdi|contractuelle?|vacataire)\b", context.plain)
        )
        and "fonctionnaire" not in names
    ):
        yield context.fact("status", "contractuel_public", public[2], public[3], deduced=True)
        return
    firm = [f for f in said if not f.deduced]
    if firm:
        yield firm[0]
        return
    if public and re.search(r"\btitulaire\b", context.plain):
        yield context.fact("status", "fonctionnaire", public[2], public[3])
        return
    said = [f for f in said if f.value != "salarie_prive"] or ([] if supposed else said)
    if said:
        yield said[0]
        return
    explicit = [s for s in supposed if s[0] not in (None, "salarie_prive")]
    for status, _, start, end in explicit or [s for s in supposed if s[0]]:
        yield context.fact("status", status or "", start, end, deduced=True)
        return
    yield from _head_of_company(context)
    yield from _help_at_home(context)


def _sector(context: Context, status: Fact | None) -> Iterator[Fact]:
    for sector, pattern in _SECTORS.items():
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if (
                not frame.asked
                and not frame.supposed
                and not frame.denied
                and not frame.past
                and not _FUTURE.search(frame.before)
            ):
                yield context.fact(
                    "sector",
                    sector,
                    *match.span(),
                    deduced=match.group() not in ("btp", "batiment", "agricole", "msa"),
                )
                return
    if status and status.value in ("exploitant_agricole", "salarie_agricole"):
        yield Fact("sector", "agricole", status.words, status.start, status.end, deduced=True)
        return
    found = list(_by_words(context))
    shop = _HEAD.search(context.plain)
    if shop and not found and context.people.focus == "self":
        found = [("independant", "general", *shop.span())]
    for _, sector, start, end in [f for f in found if f[1] != "general"] or found:
        yield context.fact("sector", sector, start, end, deduced=True)
        return


def find(context: Context) -> Iterator[Fact]:
    """`status` and `sector`."""
    status = next(_status(context), None)
    sector = next(_sector(context, status), None)
    if status and sector and sector.value == "agricole":
        if status.value == "independant":
            status = replace(status, value="exploitant_agricole")
        elif status.value == "salarie_prive" and status.deduced:
            status = replace(status, value="salarie_agricole")
    if status:
        yield status
    if sector:
        yield sector
