"""The steps of the path, one module each. Importing this package declares their rules, in the path's order."""

from bot.orientation.steps import (  # noqa: F401 - imported for their declarations
    agefiph,
    cap_emploi,
    cep,
    cpam_carsat,
    employer,
    fiphfp,
    france_travail,
    msa,
    pdp_cell,
)

FIVE = ("cpam_carsat", "pdp_cell", "cap_emploi", "agefiph", "employer")
"""The five steps of the path: each is always in the plan, as a step or as not concerned with its reason."""

ORDER = (
    "emergency",
    "cpam_carsat",
    "msa",
    "pdp_cell",
    "cap_emploi",
    "agefiph",
    "fiphfp",
    "employer",
    "france_travail",
    "cep",
)
"""Steps as the path reads, where nothing else orders them."""
