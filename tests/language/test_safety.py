"""Safety cues: the words of the brief first; the large batches are in test_safety_batches.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.safety import detect
from bot.language.safety.cues import Grammar, InvalidCueError
from bot.language.safety.detection import DATA, Detector, Family
from bot.language.safety.reading import Speller


@pytest.mark.parametrize(
    ("message", "kind", "about_other"),
    [
        ("jé envi de mourrir", "suicide", False),
        ("jveu en finir", "suicide", False),
        ("g plus envi de vivre", "suicide", False),
        ("me foutr en lair", "suicide", False),
        ("Je ne serai bientôt plus un poids pour personne", "suicide", False),
        ("mon collègue parle de se foutre en l'air", "suicide", True),
        ("ma femme a avalé des cachets", "suicide", True),
        ("un de mes salariés a dit qu'il allait se pendre", "suicide", True),
        ("mon mari me frappe", "violence", False),
        ("mon chef m’a frappé", "violence", False),
        ("il a une arme", "violence", False),
        ("mon beau-frère bat ses enfants", "child", True),
        ("j'ai une douleur dans la poitrine qui descend dans le bras", "emergency", False),
        ("mon collègue est inconscient par terre", "emergency", True),
        ("ce travail me tue", "soft", False),
        ("je ne vais pas me suicider rassurez-vous", "soft", False),
    ],
)
def test_l_alarme_dit_le_danger_et_qui_est_en_danger(message: str, kind: str, about_other: bool) -> None:
    alarm = detect(message)
    assert alarm is not None
    assert (alarm.kind, alarm.about_other) == (kind, about_other)
    assert alarm.words in message


@pytest.mark.parametrize(
    "message",
    [
        "il a avalé des cachets",
        "je suis sur le pont et je vais sauter",
        "j'ai acheté une corde",
        "il a sorti un couteau",
    ],
)
def test_un_geste_ou_un_moyen_a_portee_est_immediat(message: str) -> None:
    alarm = detect(message)
    assert alarm is not None
    assert alarm.immediate


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("j'ai fait un infarctus l'an dernier", None),
        ("je fais un infarctus", "emergency"),
        ("j'ai fait un infarctus l'an dernier et là j'ai mal dans la poitrine", "emergency"),
        ("j'ai du mal à respirer depuis mon covid", None),
        ("je n'arrive plus à respirer", "emergency"),
        ("mon chef me harcèle depuis deux ans", None),
        ("mon chef me harcèle et il m'a frappé", "violence"),
        ("je ne veux pas mourir", "soft"),
        ("je ne veux pas mourir mais parfois j'ai envie d'en finir", "suicide"),
        ("mon frère s'est suicidé l'an dernier", "soft"),
        ("mon frère s'est suicidé l'an dernier et j'ai envie de faire pareil, je veux mourir", "suicide"),
        ("je tue le temps", None),
        ("je tue le temps avant de me pendre", "suicide"),
        ("je veux en finir avec ce dossier", None),
        ("je veux en finir avec la vie", "suicide"),
    ],
)
def test_le_temps_la_negation_et_les_tours_ordinaires_comptent(message: str, kind: str | None) -> None:
    alarm = detect(message)
    assert (alarm.kind if alarm else None) == kind


@pytest.mark.parametrize("message", ["", " ", "…", "🙂", "\u200b", "a" * 20000, "je veux mourir " * 2000])
def test_un_message_vide_ou_demesure_ne_fait_pas_tomber(message: str) -> None:
    detect(message)


@given(st.text(max_size=300))
def test_tout_texte_est_lu_et_les_mots_de_l_alarme_en_viennent(text: str) -> None:
    alarm = detect(text)
    assert alarm is None or alarm.words


def test_un_indice_mal_ecrit_est_refuse_en_disant_lequel() -> None:
    grammar = Grammar({"mort": ["mourir"]}, ())
    for source in ("(envie de", "{vie}", "*2", "envie? ", "mourir)", "!!"):
        with pytest.raises(InvalidCueError, match=r"\S"):
            grammar.cue(source)
    with pytest.raises(InvalidCueError, match="soupe"):
        Family.from_yaml({"name": "soupe", "kind": "soup", "cues": []}, grammar)


def test_un_indice_lit_ses_mots_ses_ecarts_et_ses_exclusions() -> None:
    cue = Grammar({"mort": ["mourir", "la mort"]}, ()).cue("veux|voudrais *2 {mort} !(de rire) ")
    assert cue.pattern.search("je veux vraiment mourir ")
    assert cue.pattern.search("je voudrais la mort ")
    assert not cue.pattern.search("je veux mourir de rire ")
    assert not cue.pattern.search("je veux bien dormir avant de mourir ")
    assert cue.anchors <= cue.words


def test_aucun_indice_ne_se_contente_de_petits_mots() -> None:
    """A cue that « à la » alone would satisfy would give the alarm everywhere."""
    detector = Detector.load()
    little = [
        "a",
        "ai",
        "au",
        "c",
        "ce",
        "dans",
        "de",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "j",
        "je",
        "la",
    ]
    little += ["le", "les", "me", "mon", "ne", "pas", "plus", "pour", "que", "se", "si", "sur", "un"]
    text = "ici " + " ".join(f"{a} {b}" for a in little for b in little) + " voila "
    caught = [cue.source for family in detector._families for cue in family.cues if cue.pattern.search(text)]
    assert caught == []


def test_un_mot_ordinaire_n_est_pas_pris_pour_une_faute() -> None:
    speller = Speller(["pendre", "mourir", "corde"], ["prendre", "nourrir"], ["orde"], {"jveu": "je veux"})
    read = speller.read("Prendre, nourrir, mourrire, pendr, jveu, orde")
    assert read.words == ("prendre", "nourrir", "mourir", "pendre", "je", "veux", "orde")
    assert ("corde" in [word for _, word in speller.doubts(read)]) is True


def test_les_fichiers_d_indices_sont_complets() -> None:
    assert {path.stem for path in DATA.glob("*.yml")} == {
        "aside", "child", "emergency", "other_languages", "soft", "spelling", "suicide", "violence", "words",
    }  # fmt: skip
