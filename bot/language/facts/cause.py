"""Where the leave comes from: ordinary illness or accident, accident at work, occupational disease."""

import re
from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

_AT_WORK = (
    r"(?:au (?:travail|boulot|taf|chantier|bureau)|a le (?:usine|atelier|entrepot|hopital|ehpad)"
    r"|sur (?:le|un|mon) chantier|sur mon lieu de travail|pendant (?:le|mon) (?:travail|service)"
    r"|en service|en travaillant|en bossant|dans le entrepot|en mission|de un (?:toit"
    r"|echafaudage)|a mon (?:travail|boulot|poste|taf))"
)
WORK_ACCIDENT = re.compile(
    rf"\b(?:accidente?e? (?:de |du )?(?:travail|boulot|taf|service|trajet|mission)"
    rf"|accidente?e? {_AT_WORK}|accidents? (?:imputable au service|professionnel)"
    r"|(?:mon|un|le|ce|une|suite a (?:un|mon)|declaration de|cause de|pour|rechute de"
    r"|rente) (?:at)\b(?! (?:maladie|de|jusque|se|depuis|a ete prolonge|est prolonge|prolonge))"
    r"|rente at|at mp|at/mp|citis"
    rf"|(?:tombee?|glissee?|blessee?|chute|chutee?|coincee?|ecrasee?|coupee?|brulee?|bloque\w*"
    rf"|agressee?|fait mal|pete|casse\w*|accident)(?: \w+){{0,5}}? {_AT_WORK}"
    rf"|{_AT_WORK} (?:je |il |elle )?(?:me |se )?(?:suis|est|ai|a) (?:tombee?|glissee?|blessee?"
    rf"|coupee?|brulee?|chutee?|coincee?))\b"
)
DISEASE = re.compile(
    r"\b(?:maladies? (?:profession\w*|pro|prof)|tableau \d+|mp (?:\d+|reconnue|en cours)|at / mp"
    r"|reconnue?(?: en)? mp|une mp|ma mp|en mp)\b"
)
_ORDINARY_ACCIDENT = re.compile(
    r"\b(?:accident (?:de )?(?:voiture|moto|scooter|velo|la route|ski|sport|domestique|foot"
    r"|vie privee|la vie|quad|trottinette|menager|prive)|accident (?:hors"
    r"|non) (?:du )?(?:travail|professionnel)|non professionnel\w*|pas lie\w* au travail"
    r"|sans rapport avec le travail|"
    r"(?:tombee?|chute|blessee?|chutee?|fait mal|casse\w*)(?: \w+){0,4}? (?:chez moi|a la maison"
    r"|au foot|au ski|au rugby|au sport|dans (?:mon|le) (?:jardin|escalier)|a velo|en vacances"
    r"|pendant mes vacances|le week end|au judo|en moto))\b"
)
_ILLNESS = re.compile(
    r"\b(?:(?:en|pour|arret|arrets|conge|conges|longue|arretee?|cause de|de"
    r"|simple) (?:de )?maladie(?! pro| prof)|maladie (?:ordinaire|simple|non pro\w*|grave"
    r"|longue duree)|pas professionnelle)\b"
)
_UNSURE = re.compile(
    r"\b(?:(?:sais|sait) pas (?:\w+ ){0,2}?si (?:ce est|ce etait|ca compte|ca passe"
    r"|ce sera) (?:\w+ ){0,3}?(?:accident|maladie|reconnu|pro|at|mp)|(?:en attente|demande"
    r"|dossier|cours) (?:de (?:la )?)?(?:\w+ ){0,2}?reconnaissance (?:\w+ ){0,3}?(?:accident"
    r"|maladie pro|mp|at)\w*|(?:dossier|demande|declaration) (?:de )?(?:maladie pro\w*"
    r"|mp) (?:en cours|deposee?|en attente|pas encore)|pas encore reconnue?)\b"
)
_REFUSED = re.compile(
    r"^ ?(?:\w+ ){0,3}?(?:refuse|rejete|contest|pas (?:ete )?reconn|pas (?:ete )?accept"
    r"|non reconn)\w*"
)
_ELSEWHERE = re.compile(
    r"\b(?:eviter|prevenir|prevention|declarer|risque|peur|risques de|taux|nombre de"
    r"|statistiques?)\b[^,]*$"
)


def find(context: Context) -> Iterator[Fact]:
    """`cause`; ordinary illness is only supposed, since « arrêt maladie » is said of any leave."""
    unsure = _UNSURE.search(context.plain)
    if unsure and context.concerned(context.subject_at(unsure.start())):
        yield context.fact("cause", "unknown", *unsure.span())
        return
    for cause, pattern in (
        ("occupational_disease", DISEASE),
        ("work_accident", WORK_ACCIDENT),
        ("non_professional", _ORDINARY_ACCIDENT),
    ):
        for match in pattern.finditer(context.plain):
            frame = context.frame(match)
            if (
                frame.unreal
                or frame.denied
                or not context.concerned(frame.subject)
                or _ELSEWHERE.search(frame.before)
            ):
                continue
            if _REFUSED.search(frame.after):
                yield context.fact("cause", "non_professional", match.start(), match.end(), deduced=True)
            else:
                yield context.fact("cause", cause, *match.span())
            return
    for match in _ILLNESS.finditer(context.plain):
        frame = context.frame(match)
        if not (frame.unreal or frame.denied) and context.concerned(frame.subject) and context.on_leave:
            yield context.fact("cause", "non_professional", *match.span(), deduced=True)
            return
