"""Urssaf's list of occupational-health services (SST, used for the DPAE), ODbL: kept in its own files with
its notice.

The data set's columns are not described in our stored sources: they are recognised by their names, and an
unknown
form stops the refresh with a message, before anything is written.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.directory.gazetteer import DATA, fold, gazetteer
from bot.directory.importer import FIELD_COLUMNS, ORGANISM_COLUMNS, read_csv
from bot.directory.opendata import OpenDataError, Record, Source

URL = "https://open.urssaf.fr/api/explore/v2.1/catalog/datasets/services-de-sante-au-travail-sst/records"
"""Address by the portal's usual form, not opened here: `relais directory refresh --urssaf-url` gives
another."""
COLUMNS = {
    "code": ("code_sst", "code_service", "code", "identifiant", "id_sst"),
    "name": ("libelle_sst", "nom_sst", "raison_sociale", "libelle", "nom", "denomination"),
    "postcode": ("code_postal", "cp", "codepostal"),
    "city": ("commune", "ville", "libelle_commune", "localite"),
    "street": ("adresse", "voie", "adresse_1", "adresse1", "ligne_adresse"),
    "phone": ("telephone", "tel", "numero_de_telephone"),
}


def source(url: str = URL) -> Source:
    """Query of the whole list."""
    return Source("urssaf-sst", url, "", ())


def columns_of(records: Sequence[Record]) -> dict[str, str]:
    """Our column → the data set's. Raises OpenDataError when the name, postcode or code cannot be
    recognised."""
    present = {key for record in records for key in record}
    found = {ours: next((name for name in names if name in present), "") for ours, names in COLUMNS.items()}
    missing = [ours for ours in ("code", "name", "postcode") if not found[ours]]
    if missing:
        raise OpenDataError(
            f"urssaf-sst : le format a changé, colonne introuvable : {', '.join(missing)} "
            f"(reçu : {', '.join(sorted(present))})"
        )
    return {ours: theirs for ours, theirs in found.items() if theirs}


def rows(
    records: Sequence[Record], day: dt.date, url: str
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Lines of our two files, from the records. Raises OpenDataError on an unknown form."""
    columns = columns_of(records)
    organisms: dict[str, dict[str, str]] = {}
    facts: list[dict[str, str]] = []
    for record in records:
        value = {ours: str(record.get(theirs) or "").strip() for ours, theirs in columns.items()}
        department = _department(value["postcode"])
        key = "urssaf-sst-" + re.sub(r"[^a-z0-9]+", "-", value["code"].lower()).strip("-")
        if not value["code"] or not value["name"] or not department or key in organisms:
            continue
        building = re.search(r"\b(btp|batiment)\b", fold(value["name"]))
        organisms[key] = {
            **dict.fromkeys(ORGANISM_COLUMNS, ""),
            "id": key,
            "type": "spst_btp" if building else "spsti",
            "name": value["name"],
            "departments": department,
            "scope": "btp" if building else "general",
            "remark": f"Urssaf, liste SST (ODbL), lue le {day.isoformat()}.",
        }
        address = ", ".join(
            part for part in (value.get("street", ""), f"{value['postcode']} {value.get('city', '')}") if part
        )
        for name, text in (("address", address), ("phone", value.get("phone", ""))):
            if text:
                facts.append(_fact(key, name, text, url, day))
    return list(organisms.values()), facts


def _fact(key: str, name: str, text: str, url: str, day: dt.date) -> dict[str, str]:
    blank = dict.fromkeys(FIELD_COLUMNS, "")
    known = {
        "organism_id": key,
        "field": name,
        "value": text,
        "source_url": url,
        "source_date": day.isoformat(),
    }
    return {**blank, **known, "confidence": "official"}


def _department(postcode: str) -> str:
    here = {commune.department for commune in gazetteer().at(postcode)}
    if len(here) == 1:
        return here.pop()
    return next((code for code in (postcode[:3], postcode[:2]) if code in gazetteer().departments), "")


def write(folder: Path, records: Sequence[Record], day: dt.date, url: str) -> int:
    """Write the ODbL files and their notice; lines that are no longer in the list are kept. Returns how many
    are new."""
    organisms, facts = rows(records, day, url)
    known = _kept(folder / "organismes.csv", ORGANISM_COLUMNS)
    known_facts = _kept(folder / "champs.csv", FIELD_COLUMNS)
    ids = {line["id"] for line in organisms}
    new = ids - {line["id"] for line in known}
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "organismes.csv", ORGANISM_COLUMNS, [*organisms, *(o for o in known if o["id"] not in ids)]
    )
    _write(
        folder / "champs.csv",
        FIELD_COLUMNS,
        [*facts, *(f for f in known_facts if f["organism_id"] not in ids)],
    )
    notice = (DATA / "notice_odbl.md").read_text(encoding="utf-8").format(url=url, day=day.isoformat())
    (folder / "NOTICE.md").write_text(notice, encoding="utf-8")
    return len(new)


def _kept(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    return read_csv(path, columns) if path.exists() else []


def _write(path: Path, columns: Sequence[str], lines: Iterable[dict[str, str]]) -> None:
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(sorted(lines, key=lambda line: line[columns[0]]))
    partial.replace(path)
