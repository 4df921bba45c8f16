"""Ce que les gens lisent : rien ne manque, rien ne traîne, tout a sa source, les phrases restent courtes."""

import re
from pathlib import Path

import pytest
import yaml

from bot.orientation import wording
from bot.orientation.facts import DATA, FACTS
from bot.orientation.law import SOURCES
from bot.orientation.outcomes import Absent, Advice, Deadline, DeviceOutcome, NotConcerned
from bot.orientation.registry import RULES
from bot.orientation.steps import ORDER
from bot.orientation.steps.emergency import EMERGENCY

LOW_CONFIDENCE = {"agefiph_accueil", "agefiph_compensation"}


def texts(node):
    """Toutes les chaînes d'un fichier de phrases."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in (
                "source",
                "also",
                "steps",
                "url",
                "kind",
                "if",
                "facts",
                "id",
                "departments",
                "audiences",
            ):
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


FILES = sorted(
    path for folder in ("steps", "devices", "territories") for path in (DATA / folder).glob("*.yml")
) + [DATA / name for name in ("deadlines.yml", "sentences.yml", "contradictions.yml", "facts.yml")]


def test_chaque_reponse_de_chaque_regle_a_ses_mots_et_sa_source(outcomes):
    for rule, found in outcomes.items():
        name = RULES[rule].id
        for outcome in found:
            if isinstance(outcome, DeviceOutcome):
                for audience in ("worker", "employer"):
                    assert wording.device_reason(name, outcome.reason, audience).source in SOURCES
            elif isinstance(outcome, Advice):
                assert wording.title(name, outcome.title, "52", "worker")
                assert wording.say(name, outcome.say)
                assert isinstance(wording.bring(name, outcome.bring), tuple)
                assert all(wording.why(name, key).source in SOURCES for key in outcome.why)
            elif isinstance(outcome, NotConcerned):
                assert wording.not_concerned(name, outcome.why)
            elif isinstance(outcome, tuple):
                for line in outcome:
                    said = (
                        wording.deadline(line.label)
                        if isinstance(line, Deadline)
                        else wording.why(name, line)
                    )
                    assert said.source in SOURCES
            else:
                assert outcome == Absent()


def test_aucune_phrase_de_dispositif_ne_reste_sans_emploi(outcomes):
    for name, words in wording.device_words().items():
        used = {outcome.reason for outcome in outcomes[f"device:{name}"]}
        keys = {key.removeprefix("employer_") if key not in used else key for key in words["reasons"]}
        assert keys <= used, f"{name}: {sorted(keys - used)}"


@pytest.mark.parametrize("step", [step for step in ORDER if step != "emergency"])
def test_aucune_raison_d_etape_ne_reste_sans_emploi(step, outcomes):
    used = {
        key
        for outcome in outcomes[f"step:{step}"] | outcomes.get(f"reasons:{step}", set())
        for key in (
            outcome.why if isinstance(outcome, Advice) else outcome if isinstance(outcome, tuple) else ()
        )
    }
    assert set(wording.step_words(step)["why"]) - {"undecided"} <= used


def test_chaque_dispositif_a_sa_regle_ses_mots_et_ses_sources():
    assert {RULES[rule].id for rule in RULES if RULES[rule].kind == "device"} == set(wording.device_words())
    for name, words in wording.device_words().items():
        assert words["source"] in SOURCES, name
        assert set(words.get("also", ())) <= set(SOURCES), name
        assert set(words["steps"]) <= set(ORDER), name
        for field in ("name", "condition", "who_asks", "whom_to_ask", "employer_informed", "duration", "say"):
            assert words[field], (name, field)


def test_aucun_dispositif_de_confiance_basse():
    assert not LOW_CONFIDENCE & set(wording.device_words())


def test_la_regle_d_un_dispositif_cite_son_texte():
    for rule in RULES.values():
        assert rule.decide.__doc__, rule.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_les_phrases_sont_courtes(path: Path):
    sentences = [
        sentence
        for text in texts(yaml.safe_load(path.read_text(encoding="utf-8")))
        for sentence in re.split(r"(?<=[.!?]) ", text)
    ]
    words = [len(re.findall(r"[\w’'-]+", sentence)) for sentence in sentences if sentence]
    assert sum(words) / len(words) <= 12
    assert max(words) <= 26


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_aucune_phrase_ne_juge_ni_ne_promet(path: Path):
    for text in texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert not re.search(
            r"vous êtes inapte|garanti|désinséré|\bDRSM\b|3960|39 60", text, re.IGNORECASE
        ), text


def test_chaque_fait_a_sa_question_et_sa_raison():
    for fact in FACTS.values():
        assert fact.question.endswith("?") or fact.question == "Quel est votre statut ?"
        assert fact.why.endswith(".")
        assert fact.clears <= set(FACTS)


def test_les_secours_ont_leurs_mots():
    assert all(wording.why("emergency", key).source in SOURCES for key in EMERGENCY.why)
    assert wording.say("emergency", EMERGENCY.say)
