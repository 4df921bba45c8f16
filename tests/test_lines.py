"""Les lignes qui attendent sont lues ensemble, et celle qui est seule n'attend personne."""

import os

from bot.lines import waiting


def test_les_lignes_qui_attendent_viennent_ensemble_et_la_derniere_sans_fin_de_ligne_aussi() -> None:
    source, end = os.pipe()
    os.write(end, "bonjour\nje suis maçon\r\noui\nnon".encode())
    os.close(end)
    assert list(waiting(source, 2)) == [["bonjour", "je suis maçon"], ["oui"], ["non"]]
    os.close(source)


def test_une_ligne_seule_est_lue_sans_attendre_la_suivante() -> None:
    source, end = os.pipe()
    groups = waiting(source, 64)
    os.write(end, b"bonjour\n")
    assert next(groups) == ["bonjour"]
    os.write(end, b"oui\nje ")
    assert next(groups) == ["oui"]
    os.write(end, b"suis l\xc3\xa0\n")
    assert next(groups) == ["je suis là"]
    os.close(end)
    assert list(groups) == []
    os.close(source)
