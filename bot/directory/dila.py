"""Records of the State's directory (DILA, « api-lannuaire-administration », Licence Ouverte 2.0) → facts.

Fields as seen in public code that reads this API: `pivot`, `adresse`, `telephone`, `site_internet` and
`plage_ouverture` are lists, given as JSON text or as JSON.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.directory.gazetteer import fold
from bot.directory.opendata import OpenDataError, Record, Source

URL = (
    "https://api-lannuaire.service-public.gouv.fr/api/explore/v2.1/catalog/datasets/"
    "api-lannuaire-administration/records"
)
PIVOTS = {
    "cpam": "cpam",
    "carsat": "carsat",
    "msa": "msa",
    "cap_emploi": "cap_emploi",
    "agefiph": "agefiph",
    "maison_handicapees": "mdph",
    "cdg": "cdg",
    "ssti": "spsti",
}
"""`type_service_local` of the State's directory → our type. All are in its export of 6 October 2026, as counted in public
code (data/directory/README.md); that `ssti` means occupational-health services is read in its letters only."""
TYPES = frozenset({*PIVOTS.values(), "cramif", "spst_btp"})
"""Types of ours that the State's directory may list: Cramif is there among the Carsat, BTP services among the others."""
FIELDS = (
    "id",
    "nom",
    "pivot",
    "code_insee_commune",
    "telephone",
    "adresse_courriel",
    "site_internet",
    "date_modification",
)


def source(pivot: str, url: str = URL) -> Source:
    """Query of every organism of one type. `pivot` is one of PIVOTS."""
    return Source(f"dila-{pivot}", url, f'pivot like "%{pivot}%"', FIELDS, "id")


@dataclass(frozen=True)
class Listed:
    """One organism of the State's directory, in our fields: phone, email, website, address, hours, contact (its form),
    relay (its call for deaf people)."""

    id: str
    type: str
    name: str
    departments: frozenset[str]
    facts: Mapping[str, str]
    date: dt.date | None
    page: str


def listed(record: Record, pivot: str) -> Listed | None:
    """Read a record; None when it is of another type than `pivot` (the query matches parts of words).

    Raises OpenDataError when a field has another form than the one we know.
    """
    pivots = _items(record, "pivot")
    ours = [item for item in pivots if item.get("type_service_local") == pivot]
    if not ours:
        return None
    name = str(record.get("nom") or "").strip()
    covered = [str(code) for item in ours for code in _codes(item.get("code_insee_commune"))]
    own = _codes(record.get("code_insee_commune"))
    phones = [str(item.get("valeur", "")).strip() for item in _items(record, "telephone")]
    sites = [str(item.get("valeur", "")).strip() for item in _items(record, "site_internet")]
    mails = [mail.strip() for mail in str(record.get("adresse_courriel") or "").split(";") if "@" in mail]
    facts = {
        "phone": next((phone for phone in phones if phone), ""),
        "email": mails[0] if mails else "",
        "website": next((site for site in sites if site.startswith("http")), ""),
        "address": _address(_items(record, "adresse")),
        "hours": _hours(_items(record, "plage_ouverture")),
        "contact": _link(record, "formulaire_contact"),
        "relay": _link(record, "telephone_accessible"),
    }
    return Listed(
        id=str(record.get("id") or ""),
        type="cramif" if pivot == "carsat" and "cramif" in fold(name) else PIVOTS[pivot],
        name=name,
        departments=frozenset(department_of(code) for code in (covered or own)),
        facts={name: value for name, value in facts.items() if value},
        date=_date(str(record.get("date_modification") or "")),
        page=str(record.get("url_service_public") or "") or f'{URL}?where=id="{record.get("id")}"',
    )


def department_of(insee: str) -> str:
    """Département of an INSEE commune code (« 2A004 » → « 2A », « 97411 » → « 974 »)."""
    return insee[:3] if insee.startswith(("97", "98")) else insee[:2]


def _items(record: Record, name: str) -> list[Mapping[str, Any]]:
    value = record.get(name)
    if value in (None, ""):
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise OpenDataError(f"dila : le format a changé, champ {name} illisible") from None
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise OpenDataError(f"dila : le format a changé, champ {name} : liste d'objets attendue")
    return value


def _link(record: Record, name: str) -> str:
    """The first address of the web in a field that holds one as text, or in a list."""
    found = re.search(r"https?://[^\s\"\\]+", json.dumps(record.get(name), ensure_ascii=False))
    return found[0] if found else ""


def _codes(value: object) -> list[str]:
    if isinstance(value, str):
        return re.findall(r"\d[\dAB]\d{3}", value)
    return [str(code) for code in value] if isinstance(value, list) else []


def _date(text: str) -> dt.date | None:
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    if found:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    found = re.match(r"(\d{2})/(\d{2})/(\d{4})", text)
    return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None


def _address(items: Iterable[Mapping[str, Any]]) -> str:
    """The street address rather than the postal one, on one line."""
    ranked = sorted(items, key=lambda item: "postale" in str(item.get("type_adresse", "")).lower())
    if not ranked:
        return ""
    item = ranked[0]
    city = " ".join(str(item.get(key) or "").strip() for key in ("code_postal", "nom_commune")).strip()
    parts = [
        str(item.get(key) or "").strip()
        for key in ("complement1", "complement2", "numero_voie", "service_distribution")
    ]
    return ", ".join(part for part in (*parts, city) if part)


def _hours(items: Iterable[Mapping[str, Any]]) -> str:
    """« lundi au vendredi : 08:30 à 12:00, 13:30 à 17:00 », days separated by « ; »."""
    lines = []
    for item in items:
        first, last = (
            str(item.get("nom_jour_debut") or "").lower(),
            str(item.get("nom_jour_fin") or "").lower(),
        )
        slots = [
            f"{str(item.get(f'valeur_heure_debut_{n}'))[:5]} à {str(item.get(f'valeur_heure_fin_{n}'))[:5]}"
            for n in (1, 2)
            if item.get(f"valeur_heure_debut_{n}") and item.get(f"valeur_heure_fin_{n}")
        ]
        if first and slots:
            days = first if last in ("", first) else f"{first} au {last}"
            lines.append(f"{days} : {', '.join(slots)}")
    return " ; ".join(lines)
