"""Entries of the navigation: each area of the console registers its own, in `app.AREAS`."""

from dataclasses import dataclass

from bot.console.adviser import Adviser, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation."""

    rank: int
    """Boîte 10, Demandes 20, Améliorer 30, Mesures 40, Annuaire 50, Comptes 60."""
    label: str
    address: str
    role: Role = "adviser"
    """Who sees it: this role and higher."""


_ENTRIES: dict[str, Entry] = {}


def register(*added: Entry) -> None:
    """Add entries; one address is one entry."""
    _ENTRIES.update({entry.address: entry for entry in added})


def entries(adviser: Adviser | None) -> list[Entry]:
    """What this adviser may go to, in order; nothing before signing in."""
    if adviser is None:
        return []
    return sorted(
        (entry for entry in _ENTRIES.values() if adviser.may(entry.role)), key=lambda entry: entry.rank
    )
