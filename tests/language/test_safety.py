"""Safety cues: the words of the brief first; the large batches are in test_safety_batches.py."""

import pytest

from bot.language.safety import detect


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
