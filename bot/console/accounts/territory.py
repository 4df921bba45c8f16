"""Territories of accounts: lists of departments."""

from collections.abc import Collection

from bot.directory.gazetteer import gazetteer


def read_departments(typed: str) -> tuple[list[str] | None, list[str]]:
    """Departments written « 52, 14 »; nothing written means all of them (None). Second: what is no department."""
    codes = sorted({code.upper().zfill(2) for code in typed.replace(",", " ").replace(";", " ").split()})
    unknown = [code for code in codes if code not in gazetteer().departments]
    return (codes or None, unknown)


def covers(whole: Collection[str] | None, part: Collection[str] | None) -> bool:
    """Whether a territory holds another; None is the whole country."""
    return whole is None or (part is not None and set(part) <= set(whole))
