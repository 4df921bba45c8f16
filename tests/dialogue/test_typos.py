"""Les fautes de frappe faites sur les phrases d'apprentissage."""

import pytest

from bot.dialogue.typos import slipped

SENTENCE = "je suis en arrêt depuis quatre mois pour mon dos et je voudrais reprendre doucement"


def test_la_meme_phrase_recoit_toujours_les_memes_fautes() -> None:
    assert slipped(SENTENCE) == slipped(SENTENCE)


@pytest.mark.parametrize("sentence", [SENTENCE, "comment demander la reconnaissance", "bonjour"])
def test_au_moins_un_mot_long_change_et_les_courts_restent(sentence: str) -> None:
    copy = slipped(sentence)
    assert copy is not None
    before, after = sentence.split(), copy.split()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) <= max(1, len(before) // 2)
    assert all(len(old) >= 4 and abs(len(old) - len(new)) <= 1 and old[0] == new[0] for old, new in changed)


def test_la_plupart_des_phrases_changent_vraiment() -> None:
    words = ["arrêt", "maladie", "médecin", "travail", "inaptitude", "reprise", "licenciement", "formation"]
    assert sum(slipped(word) != word for word in words) >= len(words) - 2


def test_une_phrase_sans_mot_long_n_a_pas_de_copie() -> None:
    assert slipped("et si on y va") is None
