"""Masking: what designates a person goes, what the path needs (dates, durations, places, articles) stays."""

import re
import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import nir

from bot.language.masking import mask

NIR = "[NUMÉRO DE SÉCURITÉ SOCIALE MASQUÉ]"


@pytest.mark.parametrize(
    "message",
    [
        "en arrêt depuis 120 jours",
        "arrêt du 12/03/2026 au 15/04/2026",
        "du 12.03.2026 au 4.04.2026, puis du 05.04.2026 au 12.05.2026",
        "du 12-03-2026 au 15-04-2026 12 jours",
        "je reprends le 2026-11-22",
        "arrêtée le 3 mars 2026, reprise le 1er juillet 2026",
        "le 05 06 2024 12 jours d'arrêt",
        "52100 Saint-Dizier",
        "dans le 52, le 2A ou le 974",
        "l'article R4624-29 et l'article L1226-2-1",
        "1 600 € par mois, 12 500 euros d'aide, 25 000,50 €",
        "appelez le 3646, le 39 49, le 3114, le 15, le 112 ou le 119",
        "le 0 986 865 865 du SPSTN et le 0 800 11 10 09",
        "je travaille 35 h, 17h30 à 19 h 45",
        "on est 250 salariés, j'ai 47 ans",
        "SIRET 732 829 320 00074",
        "un CDD de 6 mois, 80 %, 2 fois par semaine",
        "mon taux d'IPP est de 15 %",
        "bonjour madame je suis en arrêt",
        "mon docteur pense que je vais être inapte",
        "Bonjour Monsieur, Je suis maçon",
        "le médecin du travail et le médecin conseil",
        "mon médecin traitant veut prolonger",
        "ma femme est en arrêt depuis 4 mois",
        "Mon employeur Carrefour refuse",
        "je suis salarié de La Poste à Caen",
        "Docteur, Je n'en peux plus",
        "3 places de parking, 2 cours de yoga, 4 routes",
        "j'habite à Saint-Dizier depuis 2019",
        "j'habite rue des Lilas",
        "née en 1975, j'ai 51 ans",
        "le dossier RQTH met 6 mois",
        "mon dossier 2026 est complet",
        "j'ai 12 rendez-vous en novembre 2026",
        "M. ou Mme ?",
        "la visite dure 20 à 30 minutes entre 2024 et 2026",
        "j'ai cotisé 172 trimestres, 1 820 heures",
        "mes IJ sont de 41,47 € sur 90 jours, soit 3 732,30 €",
        "arrêts : 3 jours en 01/2026, 5 jours en 04/2026, 12 jours en 09/2026",
        "75j puis 30j",
    ],
)
def test_ce_qui_sert_au_parcours_n_est_jamais_masque(message: str) -> None:
    masked = mask(message)
    assert masked.text == message
    assert masked.kinds == ()


@pytest.mark.parametrize(
    ("message", "expected", "kind"),
    [
        ("mon numéro : 1 85 05 78 006 084 36", f"mon numéro : {NIR}", "nir"),
        ("185057800608436", NIR, "nir"),
        ("1.85.05.78.006.084.36", NIR, "nir"),
        ("2 69 05 2A 588 157", NIR, "nir"),
        ("269052B588157 merci", f"{NIR} merci", "nir"),
        ("clé fausse : 185057800608499", f"clé fausse : {NIR}", "nir"),
        ("sans clé 2690549588157", f"sans clé {NIR}", "nir"),
        ("mon num secu commence par 1 85 05 78", f"mon num secu commence par {NIR}", "nir"),
        ("1 85 05 78 006", NIR, "nir"),
        ("CB 4970 1012 3456 7893", "CB [CARTE BANCAIRE MASQUÉE]", "card"),
        ("5555555555554444", "[CARTE BANCAIRE MASQUÉE]", "card"),
        ("FR76 3000 6000 0112 3456 7890 189 merci", "[IBAN MASQUÉ] merci", "iban"),
        ("DE89370400440532013000", "[IBAN MASQUÉ]", "iban"),
        ("écrivez à jean.dupont+arret@exemple.fr svp", "écrivez à [E-MAIL MASQUÉ] svp", "email"),
        ("jean point dupont arobase exemple point fr", "[E-MAIL MASQUÉ]", "email"),
        ("06 12 34 56 78", "[TÉLÉPHONE MASQUÉ]", "phone"),
        ("tel:0612345678", "tel:[TÉLÉPHONE MASQUÉ]", "phone"),
        ("au 06.12.34.56.78 le soir", "au [TÉLÉPHONE MASQUÉ] le soir", "phone"),
        ("+33 6 12 34 56 78", "[TÉLÉPHONE MASQUÉ]", "phone"),
        ("0033612345678", "[TÉLÉPHONE MASQUÉ]", "phone"),
        ("+262 692 12 34 56", "[TÉLÉPHONE MASQUÉ]", "phone"),
        ("mon portable 6 12 34 56 78", "mon portable [TÉLÉPHONE MASQUÉ]", "phone"),
        ("né le 12/03/1975", "né le [DATE DE NAISSANCE MASQUÉE]", "birth_date"),
        ("née le 3 mars 1980 à Caen", "née le [DATE DE NAISSANCE MASQUÉE] à Caen", "birth_date"),
        ("date de naissance : 12-03-75", "date de naissance : [DATE DE NAISSANCE MASQUÉE]", "birth_date"),
        ("dossier MDPH n° 52 123456", "dossier MDPH n° [NUMÉRO DE DOSSIER MASQUÉ]", "file_number"),
        (
            "mon numéro d'allocataire 1234567",
            "mon numéro d'allocataire [NUMÉRO DE DOSSIER MASQUÉ]",
            "file_number",
        ),
        (
            "j'habite 12 rue des Lilas, 52100 Saint-Dizier",
            "j'habite [ADRESSE MASQUÉE], 52100 Saint-Dizier",
            "address",
        ),
        ("12 bis avenue de la république 52100", "[ADRESSE MASQUÉE] 52100", "address"),
        ("j'habite 3 place de la Mairie à Caen", "j'habite [ADRESSE MASQUÉE] à Caen", "address"),
        (
            "je m'appelle marie dupont et je suis en arrêt",
            "je m'appelle [NOM MASQUÉ] et je suis en arrêt",
            "name",
        ),
        ("Je m'appelle Jean-Pierre De La Fontaine", "Je m'appelle [NOM MASQUÉ]", "name"),
        ("mon nom est DURAND", "mon nom est [NOM MASQUÉ]", "name"),
        ("signé Karim Benali", "signé [NOM MASQUÉ]", "name"),
        ("madame Dupont m'a dit", "madame [NOM MASQUÉ] m'a dit", "name"),
        ("mon médecin le docteur Martin", "mon médecin le docteur [NOM MASQUÉ]", "name"),
        ("mon salarié Ahmed est en arrêt", "mon salarié [NOM MASQUÉ] est en arrêt", "name"),
        ("mr durand est mon chef", "mr [NOM MASQUÉ] est mon chef", "name"),
        ("Cordialement, Anne-Marie Le Goff", "Cordialement, [NOM MASQUÉ]", "name"),
    ],
)
def test_l_identifiant_est_remplace_et_le_reste_du_message_demeure(
    message: str, expected: str, kind: str
) -> None:
    masked = mask(message)
    assert masked.text == expected
    assert masked.kinds == (kind,)


def test_plusieurs_identifiants_sont_tous_masques_et_les_dates_d_arret_restent() -> None:
    masked = mask(
        "Madame Leroy, née le 02/07/1971, 2 71 07 52 121 033, tel 07 88 99 00 11, arrêtée le 02/07/2026"
    )
    assert masked.kinds == ("nir", "phone", "birth_date", "name")
    assert "02/07/2026" in masked.text
    assert "02/07/1971" not in masked.text


SEPARATORS = st.sampled_from(["", " ", ".", "-", "\u00a0"])
DEPARTMENTS = st.sampled_from(["01", "2A", "2B", "52", "75", "97", "99"])


@st.composite
def social_security_numbers(draw: st.DrawFn) -> str:
    body = (
        draw(st.sampled_from("12"))
        + f"{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}"
        + draw(DEPARTMENTS)
        + f"{draw(st.integers(1, 990)):03d}{draw(st.integers(1, 999)):03d}"
    )
    key = nir.calc_check_digits(body) if draw(st.booleans()) else f"{draw(st.integers(1, 97)):02d}"
    separator = draw(SEPARATORS)
    groups = [body[0], body[1:3], body[3:5], body[5:7], body[7:10], body[10:13], key]
    return separator.join(groups if draw(st.booleans()) else groups[:-1])


@given(social_security_numbers())
def test_aucun_numero_de_securite_sociale_ne_passe(number: str) -> None:
    masked = mask(f"mon numéro {number}, merci")
    assert masked.text == f"mon numéro {NIR}, merci"


@given(st.sampled_from("3456"), st.text(string.digits, min_size=14, max_size=14), SEPARATORS)
def test_aucune_carte_bancaire_ne_passe(first: str, rest: str, separator: str) -> None:
    number = first + rest
    number += luhn.calc_check_digit(number)
    written = separator.join(number[i : i + 4] for i in range(0, 16, 4))
    assert mask(f"ma carte {written}").text == "ma carte [CARTE BANCAIRE MASQUÉE]"


@given(st.sampled_from("1234567"), st.text(string.digits, min_size=8, max_size=8), SEPARATORS)
@example("6", "20242412", "")
def test_aucun_numero_de_telephone_ne_passe(first: str, rest: str, separator: str) -> None:
    digits = "0" + first + rest
    written = separator.join(digits[i : i + 2] for i in range(0, 10, 2))
    assert not re.search(r"\d", mask(f"appelez le {written}").text)


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2049, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y"]),
    st.integers(1, 1500),
)
def test_aucune_date_d_arret_ni_duree_n_est_masquee(day: date, form: str, days: int) -> None:
    message = f"en arrêt depuis le {day.strftime(form)}, soit {days} jours"
    assert mask(message).text == message


PIECES = st.one_of(
    st.text(max_size=30),
    social_security_numbers(),
    st.sampled_from(
        [
            "Madame", "docteur", "je m'appelle", "Dupont", "marie", "12 rue des", "Lilas", "né le",
            "12/03/1975", "06 12 34", "56 78", "FR76 3000 6000 0112", "4970 1012", "3456 7893", "@",
            "gmail.com", "n° dossier", "123456", "cordialement", "signé", "[NOM MASQUÉ]",
            "[E-MAIL MASQUÉ]", "3646", "0", "+33",
        ]
    ),
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_masquer_deux_fois_ne_change_rien(text: str) -> None:
    once = mask(text)
    again = mask(once.text)
    assert again.text == once.text
    assert again.kinds == ()
