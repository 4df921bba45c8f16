"""Ce qui reste à dire quand plusieurs réponses sont possibles, et les classes de valeurs."""

from datetime import date, timedelta

import pytest

from bot.orientation.domains import domains
from bot.orientation.outcomes import (
    Absent,
    Advice,
    Deadline,
    DeviceOutcome,
    NotConcerned,
    closed,
    coming,
    later,
    merged_device,
    merged_lines,
    merged_step,
    open_,
)

ON = date(2026, 11, 22)
NEXT = Advice("next", 20, ("a", "b"), "say", ("cep",))


@pytest.mark.parametrize(("outcomes", "expected"), [
    ([open_("a")], open_("a")),
    ([open_("a"), open_("a")], open_("a")),
    ([open_("a"), open_("b")], open_("undecided")),
    ([open_("a"), closed("b")], later("undecided")),
    ([closed("a"), closed("b")], closed("undecided")),
    ([later("a", ON), later("b", ON)], DeviceOutcome("later", "undecided", ON)),
    ([later("a", ON), later("a", ON + timedelta(days=1))], later("a")),
])  # fmt: skip
def test_un_dispositif_indecis_garde_ce_que_les_possibles_partagent(outcomes, expected):
    assert merged_device(outcomes) == expected


def test_une_etape_indecise_devient_au_besoin():
    assert merged_step([NEXT]) == NEXT
    assert merged_step([NEXT, NEXT]) == NEXT
    found = merged_step([NEXT, NotConcerned("x")])
    assert (found.when, found.why, found.contacts) == ("if_needed", ("undecided",), ("cep",))


def test_une_etape_dont_le_moment_est_sur_garde_ses_raisons_communes():
    other = Advice("next", 10, ("b", "c"), "else", ("apec", "cep"), bring="x", title="t", informed="yes")
    found = merged_step([NEXT, other])
    assert (found.when, found.rank, found.why) == ("next", 10, ("b",))
    assert (found.say, found.bring, found.title, found.informed) == (
        "undecided",
        "default",
        "default",
        "with_consent",
    )
    assert found.contacts == ("cep", "apec")
    assert merged_step([NEXT, Advice("next", 30, ("z",), "say", ("cep",))]).why == ("undecided",)


def test_le_premier_moment_donne_le_rang():
    found = merged_step([Advice("if_needed", 5, ("a",), "s", ("x",)), Advice("now", 40, ("a",), "s", ("y",))])
    assert (found.when, found.rank, found.say, found.contacts) == ("if_needed", 40, "s", ("x", "y"))


def test_une_etape_absente_dans_un_cas_n_est_pas_montree():
    assert merged_step([NEXT, Absent()]) == Absent()
    assert merged_step([Absent(), NotConcerned("x")]) == NotConcerned("undecided")
    assert merged_step([NotConcerned("x"), NotConcerned("y")]) == NotConcerned("undecided")


def test_les_lignes_communes_restent_dans_l_ordre():
    assert merged_lines([("a", "b", "c"), ("c", "b")]) == ("b", "c")
    assert merged_lines([("a",)]) == ("a",)


def test_une_echeance_passee_n_est_pas_montree():
    days = [Deadline("c", ON + timedelta(days=2)), Deadline("a", ON - timedelta(days=1)), Deadline("b", ON)]
    assert [found.label for found in coming(ON, *days)] == ["b", "c"]


@pytest.mark.parametrize("days", [30, 31, 60, 186])
def test_chaque_seuil_de_duree_separe_deux_classes(days):
    domain = domains(ON)["leave_start"]
    below, above = (domain.position(ON - timedelta(days=count)) for count in (days - 1, days))
    assert below == above + 1


@pytest.mark.parametrize(("name", "value", "previous"), [
    ("company_size", 20, 19), ("company_size", 250, 249), ("age", 15, 14), ("age", 16, 15), ("age", 21, 20),
    ("age", 26, 25), ("age", 44, 43), ("age", 46, 45),
])  # fmt: skip
def test_chaque_seuil_de_nombre_separe_deux_classes(name, value, previous):
    domain = domains(ON)[name]
    assert domain.position(value) == domain.position(previous) + 1
    assert domain.values[domain.position(value)] == value


def test_une_valeur_hors_des_classes_tombe_dans_la_plus_proche():
    domain = domains(ON)["leave_start"]
    assert domain.position(ON - timedelta(days=9000)) == 0
    assert domain.position(ON + timedelta(days=30)) == len(domain.values) - 1
    assert domain.values[domain.position(ON)] <= ON
