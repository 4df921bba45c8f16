"""Records as the State's directory (DILA) gives them."""

import json
from collections.abc import Callable
from typing import Any


def record(
    pivot: str, name: str, insee: str, *, encode: Callable[[Any], Any] = json.dumps, **more: Any
) -> dict[str, Any]:
    """A record as the State's directory gives it: lists are JSON text."""
    phone = more.get("phone", "03 25 00 00 00")
    return {
        "id": f"{pivot}-{insee}-{name}",
        "nom": name,
        "pivot": encode([{"type_service_local": pivot, "code_insee_commune": more.get("covers", [])}]),
        "code_insee_commune": insee,
        "adresse": encode(
            [
                {
                    "type_adresse": "Adresse postale",
                    "numero_voie": "BP 1",
                    "code_postal": "52001",
                    "nom_commune": "Loin",
                },
                {
                    "type_adresse": "Adresse",
                    "numero_voie": "1 rue du Test",
                    "code_postal": "52000",
                    "nom_commune": "Chaumont",
                },
            ]
        ),
        "telephone": encode([{"valeur": phone, "description": ""}]),
        "adresse_courriel": more.get("email", ""),
        "site_internet": encode([{"libelle": "", "valeur": "https://www.exemple.fr"}]),
        "plage_ouverture": encode(
            [
                {
                    "nom_jour_debut": "Lundi",
                    "nom_jour_fin": "Vendredi",
                    "valeur_heure_debut_1": "08:30:00",
                    "valeur_heure_fin_1": "12:00:00",
                    "valeur_heure_debut_2": "",
                    "valeur_heure_fin_2": "",
                }
            ]
        ),
        "formulaire_contact": "https://www.exemple.fr/contact",
        "telephone_accessible": encode(
            [{"valeur": "https://relais.exemple.fr/appel", "description": "", "custom_dico1": ["LSF"]}]
        ),
        "date_modification": more.get("date", "15/10/2026 09:00:00"),
        "url_service_public": "https://lannuaire.service-public.gouv.fr/grand-est/haute-marne/exemple",
    }
