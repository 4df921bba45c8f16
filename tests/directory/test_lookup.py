"""The directory answers, for anyone, with organisms that can be reached."""

import pytest

from bot.directory.gazetteer import gazetteer
from bot.directory.lookup import Directory
from bot.directory.needs import SECTORS, STATUSES, needed_types


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.load()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("sector", SECTORS)
def test_chaque_departement_a_un_moyen_de_joindre_chaque_organisme_utile(directory, status, sector):
    holes = []
    for department in gazetteer().departments:
        for needed in needed_types(status, sector):
            contacts = directory.contacts(department, types=[needed], status=status, sector=sector)
            if not contacts or any(not contact.usable or not contact.source_url for contact in contacts):
                holes.append((department, needed, contacts))
    assert holes == []
