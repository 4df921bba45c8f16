"""What a territory changes is kept with who, when and why, and can be put back."""

import datetime as dt

import pytest
from sqlalchemy import select

from bot.directory import edits
from bot.directory.edits import Edit
from bot.directory.importer import DataError, import_files
from bot.directory.lookup import Directory
from bot.directory.models import Change, Organism

TODAY = dt.date(2026, 11, 22)
PHONE = Edit(
    "cap-emploi-52", "phone", "03 25 30 12 34", "", "https://www.exemple.fr/contact", dt.date(2026, 11, 2)
)


def phone(engine) -> str:
    return Directory.load(engine).contacts("52", types=["cap_emploi"], on=TODAY)[0].phone


def test_une_modification_est_montree_tout_de_suite_avec_sa_trace(engine, session):
    edits.apply(session, [PHONE], who="a.martin", why="appelé ce jour")
    session.commit()
    assert phone(engine) == "03 25 30 12 34"
    change = edits.history(session, "cap-emploi-52")[0]
    assert (change.who, change.why, change.field, change.old) == ("a.martin", "appelé ce jour", "phone", None)
    assert (dt.datetime.now(dt.timezone.utc) - change.at.replace(tzinfo=dt.timezone.utc)).total_seconds() < 60


def test_la_valeur_d_avant_peut_etre_remise_et_cela_se_voit(engine, session):
    first = edits.apply(session, [PHONE], who="a.martin", why="appelé")[0]
    other = Edit("cap-emploi-52", "phone", "03 25 99 99 99", "", PHONE.source_url, dt.date(2026, 11, 20))
    second = edits.apply(session, [other], who="b", why="erreur")[0]
    edits.restore(session, second.id, who="a.martin", why="mauvais numéro")
    session.commit()
    assert phone(engine) == "03 25 30 12 34"
    edits.restore(session, first.id, who="a.martin", why="plus de numéro sûr")
    session.commit()
    assert phone(engine) == ""
    assert [change.restores for change in edits.history(session, "cap-emploi-52")] == [
        first.id,
        second.id,
        None,
        None,
    ]


def test_une_valeur_vide_dit_que_le_numero_est_mort(engine, session):
    edits.apply(session, [Edit("cap-emploi-34", "phone", "")], who="a", why="numéro non attribué")
    session.commit()
    contact = Directory.load(engine).contacts("34", types=["cap_emploi"], on=TODAY)[0]
    assert contact.phone == ""
    assert contact.usable


def test_une_nouvelle_version_des_fichiers_ne_defait_pas_le_territoire(engine, session, tmp_path):
    edits.apply(session, [PHONE], who="a", why="appelé")
    session.commit()
    (tmp_path / "organismes.csv").write_text(
        "id,type,name,departments,scope,area,remark\ncap-emploi-52,cap_emploi,Cap emploi 52,52,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "champs.csv").write_text(
        "organism_id,field,value,label,source_url,source_date,confidence\n"
        "cap-emploi-52,phone,03 25 00 00 00,,https://exemple.fr,2026-10-01,official\n",
        encoding="utf-8",
    )
    assert import_files(engine, tmp_path) == 1
    assert session.scalars(select(Organism.id)).all() == ["cap-emploi-52"]
    contact = Directory.load(session).contacts("52", types=["cap_emploi"], on=TODAY)[0]
    assert (contact.name, contact.phone) == ("Cap emploi 52", "03 25 30 12 34")


def test_ce_qui_ne_change_rien_n_est_pas_note(session):
    edits.apply(session, [PHONE], who="a", why="appelé")
    assert edits.plan(session, [PHONE]) == []
    assert edits.apply(session, [PHONE], who="a", why="encore") == []


def test_un_organisme_nouveau_se_cree_avec_son_type(engine, session):
    made = [
        Edit("spsti-nouveau", "name", "Service nouveau", type="spsti"),
        Edit("spsti-nouveau", "departments", "52", type="spsti"),
        Edit("spsti-nouveau", "website", "https://nouveau.fr", "", "https://nouveau.fr", TODAY, "spsti"),
    ]
    edits.apply(session, made, who="a", why="agrément 2026")
    session.commit()
    names = [c.name for c in Directory.load(engine).contacts("52", types=["spsti"], on=TODAY)]
    assert "Service nouveau" in names


def edit_of(field, value):
    return Edit("cap-emploi-52", field, value, source_url="https://a.fr", source_date=TODAY)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (edit_of("phone", "12"), "plan de numérotation"),
        (edit_of("phone", "39 60"), "retraite"),
        (edit_of("website", "capemploi"), "adresse web"),
        (edit_of("website", "javascript:alert(1)"), "adresse web"),
        (edit_of("email", "pas un courriel"), "courriel"),
        (Edit("cap-emploi-52", "phone", "03 25 30 12 34"), "source_url absente"),
        (Edit("cap-emploi-52", "website", "https://a.fr", source_url="https://a.fr"), "source_date absente"),
        (Edit("cap-emploi-52", "couleur", "bleu"), "champ inconnu"),
        (Edit("cap-emploi-52", "departments", "52 99"), "département inconnu"),
        (Edit("inconnu", "name", "X"), "organisme inconnu"),
        (Edit("nouveau", "name", "X", type="banque"), "type d'organisme inconnu"),
        (Edit("", "name", "X"), "identifiant"),
    ],
)
def test_une_valeur_inutilisable_est_refusee_et_rien_n_est_fait(session, edit, message):
    with pytest.raises(DataError, match=message):
        edits.apply(session, [PHONE, edit], who="a", why="b")
    assert session.scalars(select(Change)).all() == []


@pytest.mark.parametrize(("who", "why"), [("", "b"), ("a", " ")])
def test_il_faut_dire_qui_et_pourquoi(session, who, why):
    with pytest.raises(DataError, match="qui fait la modification"):
        edits.apply(session, [PHONE], who=who, why=why)


def test_une_ligne_fausse_du_fichier_est_nommee(tmp_path):
    file = tmp_path / "modifs.csv"
    file.write_text(
        "organism_id,field,value,source_url,source_date\n"
        "cap-emploi-52,phone,03 25 30 12 34,https://a.fr,2026-11-02\n"
        "cap-emploi-52,phone,03 25 30 12 34,https://a.fr,hier\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r"modifs\.csv, ligne 3"):
        edits.read_edits(file)


def test_remettre_une_modification_inconnue_est_refuse(session):
    with pytest.raises(DataError, match="inconnue"):
        edits.restore(session, 999, who="a", why="b")
