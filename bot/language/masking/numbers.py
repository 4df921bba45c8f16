"""Identifiers made of digits, and e-mail addresses."""

import re

import phonenumbers
from stdnum import iban, luhn
from stdnum.fr import nir

from bot.language.masking.pattern import Identifier, digits, words

_GAP = r"[ .\-\u00a0\u202f]"
"""What people put between groups of digits; « / » is left to dates."""
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)")

EMAIL = Identifier(
    "email",
    (
        re.compile(r"(?<![\w.+%'\-])[\w.+%'\-]+@[\w\-]+(?:\.[\w\-]+)*"),
        re.compile(
            r"(?<![\w.+%\-])[\w.+%\-]{1,64}(?: point [\w\-]{1,64}){0,3}"
            r" ?(?:\(at\)|\[at\]|\barobase\b|\barobas\b) ?[\w\-]{1,64}"
            r"(?: ?(?:\.|\bpoint\b|\(dot\)) ?\w{2,24}){1,4}",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\w.+%\-])[\w.+%\-]+ ?@ ?[\w\-]+ ?\. ?(?:fr|com|net|org|eu)\b", re.IGNORECASE),
    ),
)


def _is_iban(text: str) -> bool:
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    return compact.startswith("FR") or bool(iban.is_valid(compact))


IBAN = Identifier(
    "iban",
    (
        re.compile(rf"\bFR\d\d(?:{_GAP}?[0-9A-Z]){{23}}(?!\w)", re.IGNORECASE),
        re.compile(rf"\bFR\d\d(?:{_GAP}?\d{{4}}){{2,5}}(?:{_GAP}?\d{{1,3}})?(?!\w)", re.IGNORECASE),
        re.compile(rf"\b[A-Z]{{2}}\d\d(?:{_GAP}?[0-9A-Z]{{4}}){{2,7}}(?:{_GAP}?[0-9A-Z]{{1,3}})?(?!\w)"),
    ),
    _is_iban,
)

_NIR_SHAPE = re.compile(r"[1-478]\d\d(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:\d\d|2[AB])\d{6}(?:\d{1,2})?")
"""Sex, year, month (20 and more when unknown), department, commune, order, key (INSEE)."""


def _is_nir(text: str) -> bool:
    """A NIR by its shape, whatever its key. A SIRET (14 digits, Luhn key) or two dates are none."""
    compact = re.sub(r"[^0-9AB]", "", text.upper())
    if len(compact) == 15 and nir.is_valid(compact):
        return True
    if _DATE.search(text) or (len(compact) == 14 and compact.isdigit() and luhn.is_valid(compact)):
        return False
    return bool(_NIR_SHAPE.fullmatch(compact))


NIR = Identifier(
    "nir",
    (
        re.compile(
            rf"(?<!\w)[1-478](?:{_GAP}{{0,3}}\d){{5}}{_GAP}{{0,3}}[\dABab](?:{_GAP}{{0,3}}\d){{6,8}}(?!\w)",
        ),
    ),
    _is_nir,
)
PARTIAL_NIR = Identifier(
    "nir",
    (
        re.compile(
            rf"(?<![\w.])[12]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}"
            rf"(?:{_GAP}\d{{1,3}})?(?!\w)"
        ),
        re.compile(
            r"(?:(?:num[ée]ro|num|n°|nº|no)\W{0,3}(?:de\W+|d['’]\W*)?(?:la\W+|ma\W+)?"
            r"(?:s[ée]cu\w*(?:\W+sociale)?|ss\b|carte\W+vitale|immatriculation)"
            r"|\bnir\b|\bs[ée]cu\W{1,3}(?:c['’ ]?est\b|:))"
            rf"[^\d\n]{{0,20}}(?P<id>(?<!\d)[1-478](?:{_GAP}?[\dABab]){{4,16}})(?!\w)",
            re.IGNORECASE,
        ),
    ),
    lambda text: not _DATE.search(text),
)


def _is_card(text: str) -> bool:
    number = digits(text)
    if len(number) not in (15, 16, 19) or number[0] not in "23456":
        return False
    return bool(luhn.is_valid(number)) or bool(re.fullmatch(rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}", text))


CARD = Identifier("card", (re.compile(rf"(?<!\w)\d(?:{_GAP}?\d){{14,18}}(?!\w)"),), _is_card)

_SERVICES = frozenset(str(words()["service_numbers"]).split())


def _is_phone(text: str) -> bool:
    if re.search(rf"(?<!\d)\d\d{_GAP}\d\d{_GAP}(?:19|20)\d\d(?!\d)", text):  # a date, then a number
        return False
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return False
    national = str(number.national_number)
    return f"0{national}" not in _SERVICES and phonenumbers.is_possible_number(number)


PHONE = Identifier(
    "phone",
    (
        re.compile(
            rf"(?<![\w+])(?:\+|00)33{_GAP}{{0,2}}(?:\(0\))?{_GAP}{{0,2}}0?[1-79](?:{_GAP}?\d){{8}}(?!\d)"
        ),
        re.compile(rf"(?<![\d+]){_GAP}?(?P<id>(?<![\d.,])0[1-79](?:{_GAP}?\d){{8}})(?!\d)"),
        re.compile(r"(?<![\w+])(?P<id>0[1-79](?:/\d\d){4})(?![\d/])"),
        re.compile(rf"(?<![\w+])\+(?:[1-9]\d{{0,2}}){_GAP}?(?:\d{_GAP}?){{7,11}}\d(?!\d)"),
        re.compile(
            r"(?:t[ée]l\w*|portable|mobile|num[ée]ro|appele[rz]|joindre|rappele[rz])[^\d\n]{0,15}"
            rf"(?P<id>(?<!\d)[67](?:{_GAP}?\d\d){{4}})(?![\d])",
            re.IGNORECASE,
        ),
    ),
    _is_phone,
)

_MONTH_NAME = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[ée]c(?:embre)?)\.?"
)
_FULL_DATE = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])[ ./\-](?:0?[1-9]|1[0-2])[ ./\-](?:(?:19|20)\d\d|\d\d)"
    rf"|(?:1er|0?[1-9]|[12]\d|3[01])[ \-]{_MONTH_NAME}[ \-](?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
)
BIRTH_DATE = Identifier(
    "birth_date",
    (
        re.compile(
            r"(?:\bn[ée]{1,2}e?(?:\(e\)|\.e)?\W{0,2} (?:le|du)\W{0,2}"
            r"|\b(?:date|jour) de (?:ma )?naissance\b[^\d\n]{0,15}"
            r"|\bddn\b\W{0,4}|\bmon anniversaire[^\d\n]{0,12})"
            rf"\s*(?P<id>(?<!\d){_FULL_DATE})",
            re.IGNORECASE,
        ),
    ),
)

_NUMBER_CUE = r"(?:\bnum[ée]ro|\bnum\b|\bn°|\bnº|\bno\b|\br[ée]f(?:[ée]rence)?\b|\bmatricule)"
_HOLDER = (
    r"(?:dossier|allocataire|adh[ée]rent|b[ée]n[ée]ficiaire|assur[ée]|identifiant|sinistre|patient|client|ipp|"
    r"demandeur|rqth|aah|mdph|cpam|caf|employ[ée]|salari[ée]|agent|recours|demande|s[ée]curit[ée])"
)
FILE_NUMBER = Identifier(
    "file_number",
    (
        re.compile(
            rf"(?:{_NUMBER_CUE}\W{{0,4}}(?:(?:de|du|d['’])\W*)?(?:(?:mon|ma|mes)\W+)?{_HOLDER}?[^\d\n]{{0,20}}"
            r"|\b(?:dossier|identifiant)\W{1,3}(?:(?:mdph|rqth|cpam)\W{1,3}|n°\W{0,2}|:\W?|est le\W?){1,3})"
            r"(?P<id>(?<![\w])(?:[A-Z]{1,4}[\-/ ]?)?\d(?:[ \-/.]?\d){4,17}[A-Z]?(?!\w))",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:dossier|identifiant|matricule)\W{1,3}(?P<id>(?<!\w)[A-Z]{0,4}\d{6,18}[A-Z]?(?!\w))",
            re.IGNORECASE,
        ),
    ),
    lambda text: not _DATE.search(text) and not re.fullmatch(r"\d\d?/\d\d?/(?:\d\d)?\d\d", text),
)
