"""Cleaning: one Unicode form, nothing invisible, single spaces, emojis kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.cleaning import clean


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  bonjour  ", "bonjour"),
        ("je suis\r\n\ten arrêt", "je suis en arrêt"),
        ("arre\u0302t", "arrêt"),
        ("sui\u200bcide", "suicide"),
        ("sui\u00adcide", "suicide"),
        ("sui\u200dcide", "suicide"),
        ("\u202eà l'envers\u202c", "à l'envers"),
        ("zéro\x00octet", "zérooctet"),
        ("espace\u00a0insécable\u202ffine", "espace insécable fine"),
        ("\ufeffdébut", "début"),
        ("ça va 🙂 merci", "ça va 🙂 merci"),
        ("👩\u200d🏭 à l'usine", "👩\u200d🏭 à l'usine"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("seul \ud800 substitut", "seul substitut"),
        ("", ""),
        ("\n\t\u200b", ""),
    ],
)
def test_le_message_est_nettoye_sans_perdre_ce_qui_se_lit(written: str, expected: str) -> None:
    assert clean(written) == expected


def test_un_texte_zalgo_redevient_lisible() -> None:
    assert len(clean("a" + "\u0301" * 200)) <= 5


@given(st.text())
def test_tout_texte_est_accepte_et_un_second_nettoyage_ne_change_rien(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned)
