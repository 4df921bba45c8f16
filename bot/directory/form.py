"""The form of each field: a phone that can be dialled in France, an address of the web, a known
département."""

import re
from urllib.parse import urlsplit

import phonenumbers

from bot.directory.contact import LINKS
from bot.directory.gazetteer import gazetteer

PENSION_LINE = "3960"
"""The line of pensions: never the one for sick leave, whatever old data say."""
OVERSEAS_REGIONS = ("GP", "MQ", "GF", "RE", "YT")


def problem_of(field: str, value: str) -> str:
    """What is wrong with a value, in French; empty when nothing is. An empty value is never wrong."""
    if not value:
        return ""
    if field == "phone":
        return _phone(value)
    if field == "email":
        return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", value) else f"courriel mal formé : {value}"
    if field in LINKS:
        return _link(value)
    if field == "departments":
        unknown = [code for code in value.split() if code != "FR" and code not in gazetteer().departments]
        return f"département inconnu : {' '.join(unknown)}" if unknown else ""
    return ""


def _phone(value: str) -> str:
    digits = re.sub(r"[ .\-]", "", value)
    if digits == PENSION_LINE:
        return "le 39 60 est la ligne retraite : à ne jamais donner ici"
    if not re.fullmatch(r"\+?\d+", digits):
        return f"téléphone mal formé : {value}"
    if re.fullmatch(r"15|17|18|11[2459]|116\d{3}|19[167]|3\d{3}", digits):
        return ""  # emergency and short numbers, which phonenumbers does not hold to be subscribers' numbers
    for region in ("FR", *OVERSEAS_REGIONS):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(digits, region)):
                return ""
        except phonenumbers.NumberParseException:
            continue
    return f"téléphone inconnu du plan de numérotation : {value}"


def _link(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "." not in parts.hostname
        or " " in value
    ):
        return f"adresse web mal formée : {value}"
    return ""
