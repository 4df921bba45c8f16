"""`relais contacts` and `relais directory`, as a person types them."""

import argparse
import json

import pytest
from sqlalchemy import create_engine

from bot.commands import contacts, directory
from bot.database import Base
from bot.directory.models import TABLES


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    contacts.register(commands)
    directory.register(commands)
    options = parser.parse_args(arguments)
    return options.run(options)


@pytest.fixture
def base(reports):
    engine = create_engine(f"sqlite:///{reports / 'relais.sqlite'}")
    Base.metadata.create_all(engine, tables=TABLES)
    engine.dispose()
    return reports


def test_contacts_donne_une_liste_json(reports, capsys):
    assert (
        run("contacts", "--department", "52", "--type", "carsat", "--type", "spsti", "--sector", "btp") == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert [contact["id"] for contact in found] == ["carsat-nord-est", "spsti-dreets-grand-est"]
    assert found[0]["phone"] == "3646"


def test_contacts_sans_type_donne_tout_ce_dont_la_personne_a_besoin(reports, capsys):
    assert (
        run("contacts", "--department", "Haute-Marne", "--status", "fonctionnaire", "--commune", "Chaumont")
        == 0
    )
    types = [contact["type"] for contact in json.loads(capsys.readouterr().out)]
    assert types[:3] == ["cdg", "cap_emploi", "fiphfp"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--department", "99"], "département inconnu : 99"),
        (["--department", "52", "--type", "banque"], "type inconnu : banque"),
    ],
)
def test_contacts_refuse_en_une_ligne(reports, capsys, arguments, message):
    assert run("contacts", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip() == message


def test_check_ecrit_un_rapport_date(reports, capsys):
    assert run("directory", "check") == 0
    assert "## Erreurs : 0" in capsys.readouterr().out
    (report,) = (reports / "reports").glob("annuaire-*.md")
    assert report.read_text(encoding="utf-8").startswith("# Annuaire : contrôle du ")


def test_un_import_s_essaie_se_fait_se_relit_et_se_defait(base, capsys, tmp_path):
    file = tmp_path / "modifs.csv"
    file.write_text(
        "organism_id,field,value,source_url,source_date\n"
        "cap-emploi-52,phone,03 25 30 12 34,https://exemple.fr,2026-11-02\n",
        encoding="utf-8",
    )
    assert run("directory", "import", str(file), "--dry-run") == 0
    assert "cap-emploi-52 phone : (rien) → 03 25 30 12 34" in capsys.readouterr().out
    assert run("directory", "history", "cap-emploi-52") == 0
    assert capsys.readouterr().out == ""
    assert run("directory", "import", str(file)) == 2
    assert "qui fait la modification" in capsys.readouterr().err
    assert run("directory", "import", str(file), "--who", "a.martin", "--why", "appelé") == 0
    capsys.readouterr()
    assert run("contacts", "--department", "52", "--type", "cap_emploi") == 0
    assert json.loads(capsys.readouterr().out)[0]["phone"] == "03 25 30 12 34"
    assert run("directory", "history", "cap-emploi-52") == 0
    assert "a.martin : phone" in capsys.readouterr().out
    assert run("directory", "restore", "1", "--who", "a.martin", "--why", "erreur") == 0
    capsys.readouterr()
    assert run("contacts", "--department", "52", "--type", "cap_emploi") == 0
    assert "phone" not in json.loads(capsys.readouterr().out)[0]


def test_sans_migrations_l_import_dit_quoi_faire(reports, capsys, tmp_path):
    file = tmp_path / "modifs.csv"
    file.write_text("organism_id,field,value,source_url,source_date\n", encoding="utf-8")
    assert run("directory", "import", str(file), "--dry-run") == 2
    assert "migrations" in capsys.readouterr().err


def test_un_fichier_absent_se_dit_en_une_ligne(base, capsys):
    assert run("directory", "import", "absent.csv", "--dry-run") == 2
    assert "absent.csv" in capsys.readouterr().err


def test_refresh_refuse_une_source_inconnue(reports, capsys):
    assert run("directory", "refresh", "--only", "banque") == 2
    assert "source inconnue : banque" in capsys.readouterr().err


def test_refresh_sans_reseau_le_dit_et_ne_change_rien(reports, capsys, monkeypatch):
    from bot.directory import opendata

    monkeypatch.setattr(opendata.asyncio, "sleep", lambda _seconds: _nothing())
    status = run("directory", "refresh", "--only", "cdg", "--dila-url", "http://127.0.0.1:1/records")
    assert status == 1
    assert "dila-cdg : pas de réponse utilisable" in capsys.readouterr().err
    assert list((reports / "refresh").glob("*.csv")) == []


async def _nothing() -> None:
    return None
