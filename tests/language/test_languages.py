"""The language of a message: sure enough to say that Relais speaks French, never on a French message."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.languages import language_of


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("I have back pain and I work in a warehouse", "en"),
        ("do you speak english please", "en"),
        ("hola, estoy de baja y me duele la espalda", "es"),
        ("eu trabalho na construção e tenho dores nas costas", "pt"),
        ("buongiorno, non parlo francese, ho bisogno di aiuto", "it"),
        ("ich bin krank und ich spreche nicht Französisch", "de"),
        ("merhaba ben çalışıyorum ama çok hasta oldum", "tr"),
        ("nu vorbesc franceză, am dureri de spate", "ro"),
        ("dzień dobry, nie mówię po francusku", "pl"),
        ("salam ana khdam f batima w dahri kaydarni", "ar"),
        ("أعمل في البناء وظهري يؤلمني", "ar"),
        ("я не говорю по-французски", "ru"),
        ("я не розмовляю французькою, мені болить спина", "uk"),
        ("je suis en arrêt depuis 4 mois", "fr"),
        ("jsuis en arré depui 3 moi", "fr"),
        ("moi travail chantier, mal dos, patron pas content", "fr"),
        ("bonjour j'ai mal au dos", "fr"),
        ("ok", None),
        ("52100", None),
        ("Saint-Dizier", None),
        ("burn out", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_la_langue_est_reconnue_ou_tue(message: str, language: str | None) -> None:
    assert language_of(message) == language


@given(st.text())
def test_tout_texte_est_accepte(text: str) -> None:
    language_of(text)


@given(st.text(string.digits + " ./-€", max_size=20))
def test_des_chiffres_n_ont_pas_de_langue(text: str) -> None:
    assert language_of(text) is None
