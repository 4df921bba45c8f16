"""What `bot.dialogue.once` counts on."""

import yaml

from bot.settings import ROOT


def test_aucun_slot_n_est_rempli_par_rasa_lui_meme() -> None:
    slots = yaml.safe_load((ROOT / "domain.yml").read_text())["slots"]
    assert slots
    assert {mapping["type"] for slot in slots.values() for mapping in slot["mappings"]} == {"custom"}
