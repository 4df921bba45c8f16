"""Titles to the employment obligation (RQTH and others), disability pension, therapeutic part-time."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact
from bot.language.facts.frame import Frame

_TITLE = (
    r"(?:rqth|boeth|reconnaissance (?:de "
    r"|en )?(?:la )?(?:qualite )?(?:de )?(?:travailleur )?handicape?"
    r"|reconnaissance de travailleur|reconnaissance (?:mdph|handicap)"
    r"|statut (?:de )?(?:travailleur )?handicape|statut th)"
)
_RECOGNISED = (
    r"(?:(?:reconnue?s?|declaree?|officiellement|suis"
    r"|est) (?:comme )?(?:travailleu\w+ )?handicape?e?s?|travailleu\w+ handicape?e?s?"
    r"|reconnue?s? (?:par la |a la |en )?(?:mdph|rqth|th)\b)"
)
_OTHER_TITLE = (
    r"(?:aah|allocation (?:aux )?adultes? handicapes?|rente (?:at|accident\w*|de accident"
    r"|accident du travail|mp|maladie pro\w*|de maladie pro\w*|at mp)(?: du travail"
    r"| de travail)?|carte (?:mobilite inclusion|invalidite|de invalidite)|cmi invalidite|cmi)"
)
_BOETH = re.compile(
    rf"\b(?P<title>{_TITLE})\b|\b(?P<recognised>{_RECOGNISED})\b|\b(?P<other>{_OTHER_TITLE})\b"
    rf"|\b(?P<mdph>(?:dossier|demande|formulaire)(?: \w+)?? (?:a la |de |de la "
    rf"|aupres de la )?(?:mdph|rqth|reconnaissance)|mdph)\b"
)
_PENDING = re.compile(
    r"\b(?:demande|dossier|depos\w+|envoye\w*|attends?|attente|cours|rempli\w*|fait (?:la|une|ma"
    r"|mon|sa|son)|renouvel\w+|instruction|monte\w*|constitu\w+|accuse)\b"
)
_NOT_STARTED = re.compile(
    r"\b(?:comment|veu[tx]|voudrai\w*|souhaite\w*|aimerai\w*|dois|devrai\w*|faut|faudrait|vais"
    r"|va|pense\w*|conseill\w*|propos\w*|dit de|peux|peut|parle\w*|hesite|envisage|interet|droit"
    r"|obtenir|avoir la|sert|besoin|aider?|si je (?:fais|demande))\b"
)
_HOLDS = re.compile(
    r"\b(?:ai|a|avons|obtenu\w*|eu|suis|est|beneficie\w*|titulaire|possede|dispose|touche"
    r"|percois|percoit|recu|accorde\w*|reconnue?|avec|ont)\b"
)
_GRANTED = re.compile(
    r"^ ?(?:: ?)?(?:oui|depuis|obtenue?|accordee?|acceptee?|valable|valide|jusque"
    r"|en cours de validite|en poche|a vie|definitive|permanente|reconnue)"
)
_REFUSED = re.compile(
    r"^ ?(?:: ?)?(?:\w+ ){0,2}?(?:non|refusee?|rejetee?|expiree?|perimee?|terminee?|finie)\b"
)
_NOTHING = re.compile(
    r"\b(?:pas (?:de |encore de )?reconnaissance|aucune reconnaissance"
    r"|pas (?:du tout )?handicapee?|aucun (?:titre|handicap)|pas de dossier mdph"
    r"|pas de handicap reconnu|jamais fait de (?:dossier|demande))\b"
)
_UNKNOWN = re.compile(
    r"\b(?:sais|sait) pas (?:du tout )?si (?:je|il|elle) (?:suis|est|ai"
    r"|a) (?:\w+ ){0,3}?(?:reconnue?|rqth|la rqth|handicape)"
)
_PENSION = re.compile(
    r"\b(?:pensions? de invalidite|pensionnee?|invalidite (?:de )?(?:categorie|cat|\de)(?: \d)?"
    r"|invalide (?:de )?(?:categorie|cat|\de)(?: (?:\d|categorie))?|en invalidite"
    r"|mise? en invalidite|passee? en invalidite|(?:\de|categorie \d"
    r"|cat \d) (?:categorie )?(?:de )?invalidite|invalidite \d|suis invalide|est invalide"
    r"|ai une invalidite|invalidite)\b"
)
_PENSION_HELD = re.compile(
    r"\b(?:ai|a|touche|percois|percoit|recois|recoit|suis|est|beneficie\w*|titulaire|avec|mise?"
    r"|passee?|en)\b"
)
_PENSION_OPEN = re.compile(
    r"\b(?:demande|dossier|veu[tx]|veulent|parle\w*|propose\w*|envisage|risque|peur|vais|va|vont"
    r"|passer|passage|mettre|attends?|droit|cours|conseil|etudie|vers|bientot|pense\w*"
    r"|difference|cumul\w*|carte)\b"
)
_PART_TIME = re.compile(
    r"\b(?:(?:mi temps|temps partiel|reprise|temps partiels?) therapeutiques?|tpt"
    r"|mi temps (?:medical|therap)|therapeutique)\b"
)
_PART_TIME_NOW = re.compile(
    r"\b(?:suis|est|travaille|ai repris|a repris|repris|depuis|actuellement|actuel\w*|mon|encore"
    r"|toujours|beneficie|passee?|mise?|ai un|a un|en cours|bosse)\b"
)
_PART_TIME_WISH = re.compile(
    r"\b(?:voudrai\w*|veu[tx]|souhaite\w*|aimerai\w*|demand\w*|peux|peut|pourrai\w*|reprendre"
    r"|reprendra\w*|reprends|reprend|droit|propos\w*|conseill\w*|envisag\w*|parle\w*|refus\w*"
    r"|prevu\w*|possib\w*|vais|va|dois|doit|faire un|obtenir|passer|mettre|espere|serai|sera"
    r"|preconis\w*|prescri\w+|retour|attends?|faudrait|besoin|pourquoi)\b"
)


def _boeth_value(match: "re.Match[str]", frame: Frame) -> str | None:
    before, after = frame.before, frame.after
    if frame.denied or _REFUSED.match(after):
        return None if match["mdph"] and not frame.denied else "no"
    if match["other"]:
        return (
            "yes"
            if _HOLDS.search(before) and not _PENDING.search(before)
            else ("pending" if _PENDING.search(before) else None)
        )
    if _GRANTED.match(after) and not match["mdph"]:
        return "yes"
    around = f"{before} {match.group()} {after[:40]}"
    wants = _NOT_STARTED.search(before)
    if _PENDING.search(around) and not wants:
        return "pending" if not re.search(r"\b(?:obtenu\w*|accord\w*|accepte\w*)\b", around) else "yes"
    if wants or match["mdph"]:
        return None
    return "yes" if match["recognised"] or _HOLDS.search(before) or not before.strip() else None


def _boeth(context: Context) -> Iterator[Fact]:
    unknown = _UNKNOWN.search(context.plain)
    if unknown:
        yield context.fact("boeth", "unknown", *unknown.span())
        return
    for match in _BOETH.finditer(context.plain):
        frame = context.frame(match)
        if (
            frame.unreal
            or frame.past
            and not re.search(r"\bai ete\b", frame.before)
            or not context.concerned(frame.subject)
        ):
            continue
        value = _boeth_value(match, frame)
        if (
            value == "yes"
            and match["title"]
            and not frame.before.strip()
            and not frame.after.strip()
            and len(context.plain) > 6
            and not context.asked == "boeth"
            and "," not in context.plain
        ):
            continue
        if value:
            yield context.fact("boeth", value, *match.span())
    for match in _NOTHING.finditer(context.plain):
        if not context.frame(match).unreal:
            yield context.fact("boeth", "no", *match.span())


def _pension(context: Context) -> Iterator[Fact]:
    for match in _PENSION.finditer(context.plain):
        frame = context.frame(match)
        if frame.unreal or not context.concerned(frame.subject):
            continue
        if frame.denied:
            yield context.fact("disability_pension", False, frame.clause.start, match.end())
        elif re.search(r"\b(?:carte|cmi)(?: mobilite inclusion)?(?: de)? ?$", frame.before):
            continue
        elif _REFUSED.match(frame.after):
            yield context.fact("disability_pension", False, match.start(), match.end())
        elif (
            not _PENSION_OPEN.search(frame.before + frame.after[:14])
            and not frame.past
            and (_PENSION_HELD.search(frame.before + " " + match.group()) or not frame.before.strip())
        ):
            yield context.fact("disability_pension", True, *match.span())


def _part_time(context: Context) -> Iterator[Fact]:
    for match in _PART_TIME.finditer(context.plain):
        frame = context.frame(match)
        if frame.unreal or not context.concerned(frame.subject):
            continue
        if frame.denied:
            yield context.fact("therapeutic_part_time", False, frame.clause.start, match.end())
        elif re.match(r" (?:\w+ ){0,2}?(?:fini|termine|acheve|a pris fin|arrete)", frame.after) or re.search(
            r"\b(?:fini|termine|etais|apres)\b", frame.before
        ):
            yield context.fact("therapeutic_part_time", False, *match.span())
        elif not _PART_TIME_WISH.search(frame.before) and (
            _PART_TIME_NOW.search(frame.before)
            or re.match(r" (?:depuis|a \d+|actuellement|en cours|: oui)", frame.after)
            or not frame.before.strip(" en")
        ):
            yield context.fact("therapeutic_part_time", True, *match.span())


def find(context: Context) -> Iterator[Fact]:
    """`boeth`, `disability_pension`, `therapeutic_part_time`."""
    yield from _boeth(context)
    yield from _pension(context)
    yield from _part_time(context)
