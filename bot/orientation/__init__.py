"""The rules of prévention de la désinsertion professionnelle: a Situation goes in, a Plan comes out.

Pure: it imports nothing of the project, reads only `data/orientation`, and keeps nothing.
"""

from bot.orientation.engine import orient
from bot.orientation.facts import FACTS, FactType, invalidated_by
from bot.orientation.plan import Plan
from bot.orientation.questions import about_left
from bot.orientation.situation import InvalidSituation, Situation

__all__ = [
    "FACTS",
    "FactType",
    "InvalidSituation",
    "Plan",
    "Situation",
    "about_left",
    "invalidated_by",
    "orient",
]
