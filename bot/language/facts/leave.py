"""On leave or not, and leaves that come again and again."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

_KIND = (
    r"(?: de travail| du travail| maladie| travail| de maladie| longue maladie| longue duree"
    r"| pour maladie| prolonge| medical| complet| total)*"
)
ARRETE = r"arret(?:e|ee|es|ees|er|ez)"
ON_LEAVE = (
    rf"(?:(?:en|sous) (?:plein |mon |un )?(?:long |gros )?arrets?{_KIND}"
    r"|en (?:longue )?maladie(?! pro| prof)|en (?:conges? )?(?:de )?(?:longue (?:maladie|duree)"
    r"|grave maladie|maladie ordinaire)"
    r"|en conges? (?:de )?maladie|en (?:clm|cld|cmo|cgm|citis)|en accident (?:du |de )?travail|en at(?! mp)"
    r"|en (?:accident|arret) (?:de |du )?trajet|en ald et arret"
    rf"|(?:mis|mise|mettre|place|placee|remis|remise) (?:en|a le) arret{_KIND})"
)
"""Words for being on leave: general scheme, public service (CLM, CLD, CMO, CITIS), « en AT »."""
STOPPED = (
    rf"(?:me (?:a|ont|avait) {ARRETE}|(?:suis|est|ete|etre|toujours|encore|deja|etais"
    rf"|reste) {ARRETE}|me suis {ARRETE})(?! de| le | la | mon| ma| un | par la police)"
)
_OUR_LEAVE = (
    rf"(?:mon|son|ce|le|un|cet) (?:deuxieme |premier |nouvel |long |\d+e )?(?:arret{_KIND}|at"
    rf"|conge (?:de )?maladie)"
)

LEAVE_CUE = re.compile(
    rf"\b(?:{ON_LEAVE}|{STOPPED}|(?<!bus )(?<!abri )arrets?{_KIND}(?! de (?:bus|la cour|tabac"
    rf"|fumer|la clope|traitement|tram)| cardiaque| du tabac)|{ARRETE}(?! de | mon | ma )"
    rf"|conge (?:de )?maladie)\b"
)
"""Any mention of a leave that a duration or a date may go with."""
_NOT_LEAVE = re.compile(
    rf"\b(?:(?:ai|as|avons|avez|veux|vais|voudrais|peux|a) {ARRETE}(?! (?:par|le \d))|ne arrete"
    rf"|sans arrets?(?! de travail| maladie)|(?:de|du|le|un|prochain) arrets? de (?:bus|tram"
    rf"|la cour|car)|"
    rf"arrets? (?:de bus|cardiaque|du tabac|de la cour|tram|de fumer|de traitement)"
    rf"|{ARRETE} de \w+(?:er|ir|re)\b)"
)
_YES = re.compile(
    rf"\b(?:{ON_LEAVE}|{STOPPED}|(?:j|je ai|il a|elle a|avoir|ai eu) un arret{_KIND}(?= (?:depuis"
    rf"|jusque|de|pour|en cours))"
    rf"|{_OUR_LEAVE} (?:a ete |est |vient de etre |sera )?(?:prolonge|renouvele|reconduit)e?"
    rf"|{_OUR_LEAVE} (?:se termine|finit|prend fin|court|se acheve|va jusque|est jusque|dure|fini)"
    rf"|prolong\w+ (?:de )?(?:mon |le )?(?:arret|at)|depuis (?:le debut de )?mon arret"
    rf"|arrets?{_KIND} depuis|{ARRETE} depuis"
    rf"|pendant mon arret|mon arret{_KIND} (?:actuel|en cours|depuis)|arrets?{_KIND} en cours)\b"
)
_FRAGMENT = re.compile(
    rf"(?:^|[.,] |^\W*(?:moi|bonjour|bonsoir|salut|oui|non|et|toujours|actuellement|encore"
    rf"|moi meme|donc) ,? ?)(?P<cue>(?:actuellement |toujours |encore )?(?:{ARRETE}(?= (?:depuis"
    rf"|le \d|a la|\d|suite|pour|en|a cause)|$)|arrets?{_KIND}(?= (?:depuis|de \d|\d|suite|pour)"
    rf"|$)))"
)
_WORKED = re.compile(
    r"\b(?:je ai repris|il a repris|elle a repris|ai repris|a repris|je retravaille"
    r"|a retravaille|(?:suis|est) (?:revenue?|retournee?|de retour) (?:au|a le|en"
    r"|dans)? ?(?:travail|boulot|taf|poste|bureau|chantier|entreprise)"
    r"|(?:je|il|elle) (?:ne )?(?:travaill?e|bosse|taffe)s? (?:encore|toujours|actuellement"
    r"|quand meme|normalement|a temps plein|tous les jours|en ce moment|malgre)"
    r"|(?:suis|est|toujours|encore) (?:actuellement |toujours |encore )?(?:au (?:travail|boulot"
    r"|taf)|en poste|en activite)"
    r"|(?:je )?continue (?:a|de) (?:travailler|bosser)|continue le (?:travail|boulot)"
    r"|travaille (?:encore|toujours)|bosse (?:encore|toujours))\b"
)
_NEVER = re.compile(
    rf"\b(?:(?:jamais|pas encore|toujours pas|pas|ni) (?:ete |encore |pris de |pris un |eu de "
    rf"|eu un |pris |eu |mis en |voulu me )?(?:en |de |un )?(?:{ARRETE}|arrets?{_KIND})(?! de "
    rf"| mon )"
    rf"|sans (?:etre (?:en )?(?:{ARRETE}|arret)|arret (?:de travail|maladie))"
    rf"|aucun arret(?! de bus)|plus (?:en |de )arret"
    rf"|{_OUR_LEAVE} (?:est (?:fini|termine|finie)|se est (?:fini|termine|acheve)|a pris fin"
    rf"|vient de (?:finir|se terminer))|(?:fini|termine) mon arret|(?:sorti|sortie) de arret)\b"
)
_REPEATED = re.compile(
    r"\b(?:arrets? (?:\w+ )?(?:a repetition|repetes?|repetitifs?|frequents?|courts?|recurrents?"
    r"|reguliers?|successifs|maladies? repetes|de quelques jours|perles)"
    r"|(?:plusieurs|petits|multiples|nombreux|des) (?:petits |courts "
    r"|bouts de )?arrets(?! de bus)(?: maladie| de travail)?(?= (?:courts|cette annee|depuis|en"
    r"|a|ces|dans|par|de|repetes|,)|$)"
    r"|plusieurs (?:petits |courts )?arrets|petits arrets|arrets (?:tous les|chaque)|(?:souvent"
    r"|regulierement|frequemment|sans cesse|tout le temps) (?:en arret|arretee?|absente?)"
    r"|[2-9]e? (?:petits )?arrets? (?:maladie |de travail )?(?:cette annee|en \d|depuis"
    r"|dans le annee|sur)|enchaine\w* les arrets|(?:multiplie\w*"
    r"|cumule\w*) les (?:petits )?arrets|absences? (?:repetees?|a repetition|frequentes?))\b"
)
_SINGLE = re.compile(
    r"\b(?:(?:mon|le|un|son) (?:premier|seul|unique) arret|premier arret|(?:pas"
    r"|jamais) (?:de )?(?:plusieurs )?arrets? (?:repetes?|a repetition))\b"
)
_TO_COME = re.compile(
    r"\b(?:vais|va|veu[tx]|voudrait|voudrais|devrais|doit|dois|peut|pourrait|veulent|voulait"
    r"|propose\w*|conseille\w*|refuse\w*|demande\w*|hesite|pense|envisage|etre|peur|serai|sera"
    r"|prochain|avant|evite\w*|risque)\b(?! que)"
)


def _is_leave(context: Context, start: int) -> bool:
    """False for the look-alikes: « j'ai arrêté de fumer », « sans arrêt », « arrêt de bus »."""
    window = context.plain[max(0, start - 14) : start + 24]
    return not any(m.start() <= start - max(0, start - 14) <= m.end() for m in _NOT_LEAVE.finditer(window))


def _positive(context: Context) -> Iterator[Fact]:
    for pattern, group in ((_YES, 0), (_FRAGMENT, "cue")):
        for match in pattern.finditer(context.plain):
            start, end = match.span(group)
            if not _is_leave(context, start):
                continue
            frame = context.frame(match, group)
            if frame.unreal or not context.concerned(frame.subject):
                continue
            if frame.denied:
                yield context.fact("on_leave", False, frame.clause.start, end)
            elif not frame.past and not _TO_COME.search(frame.before + " " + match.group(group).split()[0]):
                yield context.fact("on_leave", True, start, end)


def _negative(context: Context) -> Iterator[Fact]:
    for match in _WORKED.finditer(context.plain):
        frame = context.frame(match)
        stopped_again = re.search(
            r"\b(?:rechute|re ?arrete|de nouveau|a nouveau)\b", context.plain[match.end() :]
        )
        if not frame.unreal and not frame.denied and context.concerned(frame.subject) and not stopped_again:
            yield context.fact("on_leave", False, *match.span())
    for match in _NEVER.finditer(context.plain):
        frame = context.frame(match)
        later = context.plain[match.end() : match.end() + 2]
        if not frame.unreal and context.concerned(frame.subject) and later != " ?":
            yield context.fact("on_leave", False, *match.span())


def find(context: Context) -> Iterator[Fact]:
    """`on_leave` and `repeated_leaves`."""
    negative = list(_negative(context))
    yield from negative
    yield from (
        f
        for f in _positive(context)
        if not any(n.start <= f.start and f.end <= n.end for n in negative if n.value is False)
    )
    for match in _SINGLE.finditer(context.plain):
        yield context.fact("repeated_leaves", False, *match.span())
        return
    for match in _REPEATED.finditer(context.plain):
        frame = context.frame(match)
        if not frame.unreal and not frame.denied and context.concerned(frame.subject):
            yield context.fact("repeated_leaves", True, *match.span())
