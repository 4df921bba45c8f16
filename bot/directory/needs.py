"""Who serves whom: the types of organism that a person needs, and which type stands in for another somewhere.

Source: knowledge file parcours.md, sections 2 to 4 (statuses P20 to P28), and the organisation of the
social-security
funds: MSA for agriculture, CGSS and CSSM overseas, Cramif in Île-de-France.
"""

from collections.abc import Sequence

STATUSES = (
    "salarie_prive",
    "interimaire",
    "apprenti",
    "particulier_employeur",
    "salarie_agricole",
    "exploitant_agricole",
    "fonctionnaire",
    "contractuel_public",
    "independant",
    "demandeur_emploi",
)
SECTORS = ("general", "btp", "agricole")

PUBLIC = frozenset({"fonctionnaire", "contractuel_public"})
FARMING = frozenset({"salarie_agricole", "exploitant_agricole"})
OVERSEAS = frozenset({"971", "972", "973", "974", "976"})
ILE_DE_FRANCE = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})
HEALTH_INSURANCE = frozenset({"cpam", "carsat", "cramif", "cgss", "msa"})
OCCUPATIONAL_HEALTH = frozenset({"spsti", "spst_btp", "spstn", "spsti_annuaire"})


def in_farming(status: str | None, sector: str | None) -> bool:
    """True when the MSA stands for health insurance, social service and occupational health."""
    if status in FARMING:
        return True
    return sector == "agricole" and status not in PUBLIC | {"particulier_employeur", "demandeur_emploi"}


def needed_types(status: str, sector: str, department: str | None = None) -> tuple[str, ...]:
    """Types of organism that a person of this status and sector may have to reach, in the order of the path.

    Types are those of mainland France: `stand_ins` says who plays that part elsewhere. In overseas departments
    farming has no occupational-health service of its own (C. rural L717-1, IV). Raises ValueError on a status or
    sector that the contract does not know.
    """
    if status not in STATUSES or sector not in SECTORS:
        raise ValueError(f"statut ou secteur inconnu : {status!r}, {sector!r}")
    if in_farming(status, sector):
        own = ("msa", "spsti") if department in OVERSEAS else ("msa",)
        return (*own, "cap_emploi", "agefiph", "mdph", "cep", "france_travail", "national")
    if status == "fonctionnaire":
        return ("cdg", "cap_emploi", "fiphfp", "mdph", "cep", "national")
    if status == "contractuel_public":
        return ("cpam", "carsat", "cdg", "cap_emploi", "fiphfp", "mdph", "cep", "france_travail", "national")
    if status == "demandeur_emploi":
        return (
            "france_travail",
            "cpam",
            "carsat",
            "cap_emploi",
            "agefiph",
            "mdph",
            "cep",
            "apec",
            "national",
        )
    occupational = (
        "spstn" if status == "particulier_employeur" else "spst_btp" if sector == "btp" else "spsti"
    )
    rest = ("cap_emploi", "agefiph", "mdph", "cep", "apec", "france_travail", "national")
    return ("cpam", "carsat", occupational, *rest)


def stand_ins(type_: str, department: str, status: str | None, sector: str | None) -> Sequence[str]:
    """Types to look for instead of `type_`, for this person in this département, the first that exists first.

    A CPAM is asked for in La Réunion: the CGSS answers. A general service is asked for a bricklayer: the BTP
    service,
    then the regional finder.
    """
    if type_ in HEALTH_INSURANCE:
        return _insurance(type_, department, status, sector)
    if type_ in OCCUPATIONAL_HEALTH:
        return _occupational(type_, department, status, sector)
    if type_ == "cep" and status == "demandeur_emploi":
        return ("france_travail",)  # the regional operators serve people in work (L6111-6)
    return (type_,)


def _insurance(type_: str, department: str, status: str | None, sector: str | None) -> Sequence[str]:
    if type_ == "msa" or in_farming(status, sector):
        return ("cgss",) if department in OVERSEAS else ("msa",)
    if type_ == "cpam" or (type_ == "cgss" and department not in OVERSEAS):
        return ("cgss",) if department in OVERSEAS else ("cpam",)
    if department in OVERSEAS:
        return ("cgss",)
    return ("cramif",) if department in ILE_DE_FRANCE else ("carsat",)


def _occupational(type_: str, department: str, status: str | None, sector: str | None) -> Sequence[str]:
    if status == "particulier_employeur" or type_ == "spstn":
        return ("spstn",)
    if status in PUBLIC:
        return ("cdg",)
    if in_farming(status, sector) and department not in OVERSEAS:
        return ("msa",)
    if type_ == "spsti_annuaire":
        return (type_,)
    wants_building = sector == "btp" or (type_ == "spst_btp" and sector is None)
    return ("spst_btp",) if wants_building else ("spsti",)
