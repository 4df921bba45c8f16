"""The cues against whole batches of messages: crises, soft words, ordinary messages of the field, typing slips.

The batches are in `tests/language/safety/`. The later ones were written after the cues, in other voices;
what each measured when first run is told at its head.
"""

import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.language.languages import language_of
from bot.language.safety import detect

BATCHES = Path(__file__).parent / "safety"


def load(name: str) -> object:
    return yaml.safe_load((BATCHES / f"{name}.yml").read_text(encoding="utf-8"))


def crises(number: int) -> Iterator[tuple[str, str, str]]:
    for kind, people in load(f"crisis_{number}").items():  # type: ignore[attr-defined]
        for who, messages in people.items():
            for message in messages:
                yield kind, who, message


CRISES = [case for number in (1, 2, 3, 4) for case in crises(number)]
ORDINARY = [message for number in (1, 2, 3, 4) for message in load(f"ordinary_{number}")]  # type: ignore[attr-defined]
SOFT = load("soft_1")


def test_les_lots_sont_assez_grands_et_sans_doublon() -> None:
    messages = [message for _, _, message in CRISES]
    assert len(messages) >= 400
    assert len(ORDINARY) >= 700
    assert len(SOFT) >= 80  # type: ignore[arg-type]
    everything = [*messages, *ORDINARY, *SOFT]  # type: ignore[misc]
    assert all(isinstance(message, str) for message in everything)
    assert len(set(everything)) == len(everything)


def test_presque_aucun_appel_a_l_aide_ne_passe_sans_alarme() -> None:
    """What these cues miss is left to the learned intent: veiled words that no list can hold."""
    missed = [
        message for _, _, message in CRISES if (alarm := detect(message)) is None or alarm.kind == "soft"
    ]
    assert len(missed) <= 0.01 * len(CRISES), missed


def test_l_alarme_est_de_la_bonne_sorte() -> None:
    wrong = [
        (kind, message) for kind, _, message in CRISES if (alarm := detect(message)) and alarm.kind != kind
    ]
    assert len(wrong) <= 0.02 * len(CRISES), wrong


def test_l_alarme_dit_si_un_autre_est_en_danger() -> None:
    wrong = [
        (who, message)
        for _, who, message in CRISES
        if (alarm := detect(message)) and alarm.about_other != (who == "other")
    ]
    assert len(wrong) <= 0.06 * len(CRISES), wrong


def test_les_messages_ordinaires_ne_donnent_presque_jamais_l_alarme() -> None:
    alarms = [(message, alarm) for message in ORDINARY if (alarm := detect(message))]
    assert len([alarm for _, alarm in alarms if alarm.kind != "soft"]) <= 0.01 * len(ORDINARY), alarms
    assert len(alarms) <= 0.02 * len(ORDINARY), alarms


@pytest.mark.parametrize("message", SOFT)  # type: ignore[arg-type]
def test_les_mots_de_lassitude_appellent_une_question_douce(message: str) -> None:
    alarm = detect(message)
    assert alarm is not None
    assert alarm.kind == "soft"


def slips(message: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    """One slip of each sort somewhere in the message."""
    places = [i for i in range(1, len(message) - 1) if message[i].isalpha() and message[i + 1].isalpha()]
    i = dice.choice(places)
    yield "dropped", message[:i] + message[i + 1 :]
    i = dice.choice(places)
    yield "doubled", message[:i] + message[i] + message[i:]
    i = dice.choice(places)
    yield "swapped", message[:i] + message[i + 1] + message[i] + message[i + 2 :]
    decomposed = unicodedata.normalize("NFD", message)
    yield "unaccented", "".join(c for c in decomposed if not unicodedata.combining(c))
    yield "no_apostrophe", message.replace("'", "").replace("’", "")
    yield "typographic", message.replace("'", "’")
    yield "upper_case", message.upper()


FRENCH = [message for _, _, message in CRISES if language_of(message) in ("fr", None)]
"""The cues in other languages are few and exact: a minimum."""


def test_une_faute_de_frappe_n_efface_pas_l_alarme() -> None:
    """At least 97 % of the crisis messages still raise an alarm, soft or not, after one slip.

    A letter dropped makes another French word too often (« vide », « vie ») for as much: at least 92 % there.
    """
    dice = random.Random(3114)
    caught: dict[str, list[bool]] = {}
    missed = []
    for message in FRENCH:
        for _ in range(3):
            for sort, slipped in slips(message, dice):
                found = detect(slipped) is not None
                caught.setdefault(sort, []).append(found)
                if not found:
                    missed.append(f"{sort}: {slipped}")
    rates = {sort: sum(found) / len(found) for sort, found in caught.items()}
    found_at_all = [found for sort in caught.values() for found in sort]
    assert sum(found_at_all) >= 0.97 * len(found_at_all), (rates, missed)
    assert rates.pop("dropped") >= 0.92, missed
    assert rates.pop("swapped") >= 0.96, missed
    assert min(rates.values()) >= 0.98, (rates, missed)


def test_les_fautes_ne_rendent_pas_alarmants_les_messages_ordinaires() -> None:
    dice = random.Random(3646)
    alarms = []
    total = 0
    for message in ORDINARY:
        if len(message) < 8:
            continue
        for _, slipped in slips(message, dice):
            total += 1
            alarm = detect(slipped)
            if alarm and alarm.kind != "soft":
                alarms.append((slipped, alarm.words))
    assert len(alarms) <= 0.01 * total, alarms


def test_un_appel_noye_dans_un_message_ordinaire_est_entendu() -> None:
    """Idioms and marks of the past in one part of a message must not silence the other."""
    dice = random.Random(15)
    missed, total = [], 0
    for kind, _, message in CRISES:
        if not (alarm := detect(message)) or alarm.kind == "soft":
            continue
        ordinary = dice.choice(ORDINARY).rstrip(".?! ")
        apart = detect(f"{ordinary}. {message}")
        assert apart is not None
        assert apart.kind != "soft", (ordinary, message)
        if kind == "emergency":
            continue  # « j'ai fait un infarctus l'an dernier et… »: a past in the same sentence counts
        for joined in (f"{ordinary}, {message}", f"{message.rstrip('.?! ')} et {ordinary}"):
            total += 1
            if (found := detect(joined)) is None or found.kind == "soft":
                missed.append(joined)
    assert len(missed) <= 0.01 * total, missed
