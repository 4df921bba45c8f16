"""Tout ce que les gens lisent : phrases courtes, sigles connus ou expliqués."""

import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import acronyms, faq
from bot.settings import ROOT

DATA = ROOT / "data"
FILES = [
    ROOT / "domain.yml",
    *sorted((DATA / "faq").glob("*.yml")),
    *sorted(DATA.glob("orientation/*/*.yml")),
]
FILES += [DATA / f"{name}.yml" for name in ("pages", "widget", "gateway", "channels")]
FILES += [
    DATA / "orientation" / f"{name}.yml" for name in ("facts", "sentences", "deadlines", "contradictions")
]
NOT_READ = {"article", "reference", "payload", "id", "url", "kind", "source", "also", "description", "sets"}
"""Keys whose text is for the code, or is the name of a source."""
MEDIAN_WORDS = 12
LONGEST_WORDS = 30
LAW = re.compile(r"[LRD]\d+|CSS|CGFP|CASF")
"""References of the law, in the titles of sources."""


def texts(node: Any, key: str = "") -> Iterator[str]:
    """Every text of a file that people read."""
    if isinstance(node, dict):
        for name, value in node.items():
            if str(name) not in NOT_READ:
                yield from texts(value, str(name))
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, key)
    elif isinstance(node, str) and not node.startswith(("/", "http")):
        yield node


def read(path: Path) -> list[str]:
    """The texts of one file; of the domain, its responses."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return list(texts(content.get("responses", content) if path.name == "domain.yml" else content))


def sentences(path: Path) -> list[int]:
    """Length in words of each sentence of a file."""
    found = [part for text in read(path) for part in re.split(r"(?<=[.!?…:])\s+|\n", text)]
    lengths = [len(re.findall(r"[\w’'{}-]+", part)) for part in found]
    return [length for length in lengths if length > 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_la_phrase_mediane_a_douze_mots_au_plus(path: Path) -> None:
    lengths = sentences(path)
    assert statistics.median(lengths) <= MEDIAN_WORDS
    assert max(lengths) <= LONGEST_WORDS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_chaque_sigle_est_connu_de_tous_ou_a_ses_mots(path: Path) -> None:
    found = {name for text in read(path) for name in acronyms.ACRONYM.findall(text)}
    unexplained = {name for name in found if name not in acronyms.words() and name not in acronyms.known()}
    assert {name for name in unexplained if not LAW.fullmatch(name)} == set()


def test_une_reponse_epelle_ses_sigles_ou_les_explique_a_la_fin() -> None:
    said = [text for answer in faq.load() for text in (answer.text, answer.text_for_employer) if text]
    assert len(said) > 300
    for text in said:
        spelled = acronyms.with_words(text, acronyms.to_explain(text))
        assert acronyms.to_explain(spelled) == {}, text


def test_un_sigle_deja_epele_n_est_pas_explique_deux_fois() -> None:
    assert acronyms.to_explain("La maison départementale des personnes handicapées (MDPH) vous répond.") == {}
    assert list(acronyms.to_explain("Appelez la MDPH, puis la MSA.")) == ["MDPH", "MSA"]
