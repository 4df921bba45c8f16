"""Whatever a person reads of a contact says where it was read and when; a date says what it is the date of."""

import datetime as dt
import re

import pytest

from bot.directory.contact import LASTING_SCOPES, LINKS, TEXTS, is_short_number
from bot.directory.gazetteer import DATA, gazetteer
from bot.directory.importer import earliest_day, read_csv
from bot.directory.needs import needed_types
from bot.directory.wording import types

TODAY = dt.date(2026, 11, 26)
WHO = ("salarie_prive", "particulier_employeur", "salarie_agricole", "fonctionnaire", "demandeur_emploi")
EVERY_TYPE = (*types(), "emergency")


def undated(shape):
    """Texts and links of a contact, as `relais contacts` and the plan give it, that lack a source or a past day."""
    said = {name: shape.get("facts", {}).get(name, {}) for name in TEXTS if name in shape}
    said |= {link["url"]: link for link in shape.get("links", [])}
    said |= {"contact": shape}
    return [
        name
        for name, fact in said.items()
        if not re.match(r"https?://\S+$", str(fact.get("source_url", "")))
        or not dt.date(2010, 1, 1)
        <= dt.date.fromisoformat(str(fact.get("checked_on", "1900-01-01")))
        <= TODAY
    ]


@pytest.mark.parametrize("audience", ["worker", "employer"])
@pytest.mark.parametrize("department", sorted(gazetteer().departments))
def test_tout_ce_qu_une_personne_lit_porte_sa_source_et_sa_date(directory, department, audience):
    people = [("btp", "salarie_prive"), *(("general", status) for status in WHO)]
    found = {
        contact.id: contact.to_json()
        for sector, status in people
        for contact in directory.contacts(
            department, types=EVERY_TYPE, status=status, sector=sector, audience=audience, on=TODAY
        )
    }
    assert len(found) > 20
    assert {key: missing for key, shape in found.items() if (missing := undated(shape))} == {}


def test_les_lignes_nationales_aussi(directory):
    for contact in directory.lines([*types(), "emergency"], on=TODAY):
        assert undated(contact.to_json()) == [], contact


def test_les_liens_d_un_contact_sont_ceux_de_ses_faits(directory):
    for contact in directory.contacts("14", types=needed_types("salarie_prive", "general"), on=TODAY):
        shape = contact.to_json()
        urls = {link["url"] for link in shape.get("links", [])}
        assert {shape[key] for key in ("url", "booking_url") if key in shape} <= urls, shape


def test_chaque_date_du_projet_dit_ce_qu_elle_date():
    """`copy`, the day on which an undated copy was read, is no age: no phone, mail or address may rest on it."""
    organisms = {line["id"]: line for line in read_csv(DATA / "organismes.csv", ("id", "scope"))}
    for line in read_csv(DATA / "champs.csv", ("field", "value", "source_date", "date_of")):
        assert (line["date_of"] in ("page", "opened", "copy")) == bool(line["source_date"]), line
        day = earliest_day(line["source_date"])
        assert day is None or day <= TODAY, line
        lasting = set(organisms[line["organism_id"]]["scope"].split()) & LASTING_SCOPES
        if line["field"] in LINKS:
            assert day, line
        elif line["field"] != "accessible" and not lasting and not is_short_number(line["value"]):
            assert line["date_of"] != "copy", line


def test_aucun_lien_n_est_bati_sur_une_forme_d_adresse_que_personne_n_a_vue(directory):
    known = {line["value"] for line in read_csv(DATA / "champs.csv", ("value",))}
    for department in gazetteer().departments:
        for contact in directory.contacts(department, types=EVERY_TYPE, on=TODAY):
            assert {url for _, url in contact.links} <= known, contact
