"""The files of the project are read once for each version of them, whole or not at all."""

import datetime as dt
import time

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bot.database import Base
from bot.directory.importer import DataError, earliest_day, import_files, shipped
from bot.directory.lookup import Directory
from bot.directory.models import TABLES, Field, Organism

HEAD = "id,type,name,departments,scope,area,remark\n"
FACTS = "organism_id,field,value,label,source_url,source_date,confidence\n"


@pytest.fixture
def empty():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=TABLES)
    yield engine
    engine.dispose()


def write(folder, organisms, facts=""):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "organismes.csv").write_text(HEAD + organisms, encoding="utf-8")
    (folder / "champs.csv").write_text(FACTS + facts, encoding="utf-8")


def test_tout_s_importe_en_moins_de_cinq_secondes_puis_plus_rien(empty):
    start = time.perf_counter()
    assert import_files(empty) == len(shipped())
    assert time.perf_counter() - start < 5
    with Session(empty) as session:
        assert session.scalar(select(func.count()).select_from(Organism)) >= 600
    assert import_files(empty) == 0


def test_une_base_sur_disque_se_charge_et_se_recharge(tmp_path):
    url = f"sqlite:///{tmp_path / 'relais.sqlite'}"
    engine = create_engine(url)
    Base.metadata.create_all(engine, tables=TABLES)
    engine.dispose()
    directory = Directory.load(url.replace("sqlite:", "sqlite+aiosqlite:"))
    assert directory.contacts("52", types=["cpam"])


def test_sans_tables_les_fichiers_sont_lus_en_memoire(tmp_path):
    directory = Directory.load(f"sqlite+aiosqlite:///{tmp_path / 'vide.sqlite'}")
    assert directory.contacts("52", types=["cpam"])


def test_un_organisme_change_de_type_ou_disparait_avec_les_fichiers(empty, tmp_path):
    write(tmp_path, "a,spsti,A,52,,,\nb,spsti,B,52,,,\n")
    import_files(empty, tmp_path)
    write(tmp_path, "a,spst_btp,A,52,,,\n")
    import_files(empty, tmp_path)
    with Session(empty) as session:
        assert session.execute(select(Organism.id, Organism.type)).all() == [("a", "spst_btp")]


def test_les_donnees_odbl_completent_sans_prendre_le_pas(empty, tmp_path):
    write(tmp_path, "a,spsti,Nom du projet,52,,,\n")
    phone = "a,phone,0325000000,,https://u.fr,2026-11-01,official\n"
    write(tmp_path / "odbl", "a,spsti,Nom Urssaf,52,,,\nc,spsti,C,52,,,\n", phone)
    import_files(empty, tmp_path)
    with Session(empty) as session:
        entries = {entry.id: entry for entry in Directory.load(session).entries()}
    assert entries["a"].text("name") == "Nom du projet"
    assert entries["a"].text("phone") == "0325000000"
    assert "c" in entries


@pytest.mark.parametrize(
    ("organisms", "facts", "message"),
    [
        ("a,spsti,A,52,,,\na,spsti,A,52,,,\n", "", "ligne 3 : identifiant vide ou en double"),
        (",spsti,A,52,,,\n", "", "identifiant vide"),
        ("a,spsti,A,52,,,\n", "b,phone,1,,,,\n", "organisme inconnu"),
        ("a,spsti,A,52,,,\n", "a,couleur,1,,,,\n", "champ ou organisme inconnu"),
        ("a,spsti,A,52,,,\n", "a,phone,1,,,22/11/2026,\n", r"ligne 2 : date '22/11/2026'"),
    ],
)
def test_un_fichier_inutilisable_est_refuse_et_rien_ne_change(engine, tmp_path, organisms, facts, message):
    write(tmp_path, organisms, facts)
    with Session(engine) as session:
        before = session.scalar(select(func.count()).select_from(Field))
    with pytest.raises(DataError, match=message):
        import_files(engine, tmp_path)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Field)) == before


def test_une_colonne_absente_est_nommee(empty, tmp_path):
    write(tmp_path, "")
    (tmp_path / "organismes.csv").write_text("id,type,name\n", encoding="utf-8")
    with pytest.raises(DataError, match="colonne absente : area, departments, remark, scope"):
        import_files(empty, tmp_path)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("2024", dt.date(2024, 1, 1)),
        ("2024-07", dt.date(2024, 7, 1)),
        ("2024-07-05", dt.date(2024, 7, 5)),
    ],
)
def test_une_date_imprecise_est_prise_au_plus_tot(text, day):
    assert earliest_day(text) == day
