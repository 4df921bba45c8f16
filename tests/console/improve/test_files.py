"""Training files are edited as text: git takes the patch, the format stays, nothing stands twice, Rasa reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.console.improve.nlu_files import Addition, add, blocks, clean, intents, read_files, topics
from bot.console.improve.patch import FACTS_FILE, Gold, make
from bot.console.review.words import fold
from bot.settings import RASA_PYTHON, ROOT

NEW = [
    Addition("la vendeuse de Chaumont ne sait plus à quel guichet de la sécu frapper", "ask_cpam_carsat"),
    Addition(
        "je me perds entre l'inaptitude et l'invalidité, qui tranche au bout du compte ?",
        "ask_unfitness",
        "unfitness_who_decides",
    ),
    Addition("on efface tout et on repart du tout début, voulez-vous bien", "restart"),
    Addition("mes poignets refusent la caisse depuis l'automne # et le patron soupire : encore", "inform"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What Rasa reads, in a git repository of its own."""
    for name in (
        "config.yml",
        "domain.yml",
        "data",
        "bot",
        "requirements/rasa.txt",
        "tests/evaluation",
        "tests/language",
    ):
        source = ROOT / name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.gz"))
        else:
            shutil.copy(source, tmp_path / name)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    return tmp_path


def apply(folder: Path, patch: str) -> None:
    subprocess.run(["git", "apply", "--whitespace=error"], cwd=folder, input=patch, text=True, check=True)


def test_le_correctif_passe_par_git_et_n_ajoute_que_ces_phrases(copy: Path) -> None:
    before = read_files(copy)
    patch = make(NEW, [], copy)
    apply(copy, patch.text)
    after = read_files(copy)
    assert not patch.refused
    assert all(len(text.splitlines()) >= len(before[path].splitlines()) for path, text in after.items())
    old = {(block.intent, sentence) for block in blocks(before) for sentence in block.sentences}
    new = {(block.intent, sentence) for block in blocks(after) for sentence in block.sentences}
    assert new - old == {("start_over" if a.intent == "restart" else a.intent, a.sentence) for a in NEW}
    assert old <= new
    read = {
        (entry["intent"], line[2:])
        for text in after.values()
        for entry in yaml.safe_load(text)["nlu"]
        for line in entry["examples"].splitlines()
    }
    assert read == new, "a YAML reader sees what the text reader sees"
    assert make(NEW, [], copy).text == "", "nothing to add twice"


def test_une_phrase_rejoint_son_intention_et_son_sujet() -> None:
    after, _, _ = add(read_files(), NEW)
    block = next(block for block in blocks(after) if NEW[1].sentence in block.sentences)
    assert (block.intent, block.topic) == ("ask_unfitness", "unfitness_who_decides")
    assert block.sentences[-1] == NEW[1].sentence
    assert len(block.sentences) > 1, "in the block that was there"
    alone = next(block for block in blocks(after) if NEW[0].sentence in block.sentences)
    assert (alone.intent, alone.topic) == ("ask_cpam_carsat", None), "no topic is made up"
    text = after[alone.path]
    assert (
        text.count("- intent: ask_cpam_carsat")
        == read_files()[alone.path].count("- intent: ask_cpam_carsat") + 1
    )


@pytest.mark.rasa
def test_rasa_valide_ce_que_le_correctif_ecrit(copy: Path) -> None:
    apply(copy, make(NEW, [], copy).text)
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot.dialogue.validate"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_ce_qui_ne_peut_pas_entrer_dit_pourquoi() -> None:
    files = read_files()
    known = next(block for block in blocks(files) if block.intent == "greet").sentences[0]
    wanted = [
        Addition(known.upper() + " !", "greet"),
        Addition(known, "thank"),
        Addition(" / ", "greet"),
        Addition("une phrase neuve", "intention_inconnue"),
        Addition("celle-ci mesure le modèle", "greet"),
    ]
    after, added, refused = add(files, wanted, never=["Celle-ci mesure le modele."])
    assert after == files
    assert added == []
    assert [each.why for each in refused] == ["known", "elsewhere", "empty", "no_intent", "measured"]
    assert refused[1].intent == "greet"


@given(st.text(max_size=80))
def test_aucune_phrase_ne_casse_un_fichier(text: str) -> None:
    files = {"data/nlu/a.yml": 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - bonjour\n'}
    printable = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    after, added, _ = add(files, [Addition(printable, "greet")])
    examples = yaml.safe_load(after["data/nlu/a.yml"])["nlu"][0]["examples"].splitlines()
    assert examples == ["- bonjour", *(f"- {each.sentence}" for each in added)]
    assert all(fold(clean(printable)) for _ in added)


def test_les_marques_de_rasa_sont_ecrites_comme_du_texte() -> None:
    assert clean('/inform{"status": "cdi"} voir [ici](status) [NOM MASQUÉ] et\nla suite') == (
        'inform{"status": "cdi"} voir (ici)(status) [NOM MASQUÉ] et la suite'
    )


def test_un_fait_corrige_devient_un_cas_des_tests(copy: Path) -> None:
    gold = Gold(
        "je suis : en arrêt, dit-on", {"on_leave": True, "boeth": "yes", "return_date": "2026-12-16"}, "cause"
    )
    apply(copy, make([], [gold], copy).text)
    apply(copy, make([], [gold, Gold("autre phrase", {})], copy).text)
    cases = yaml.safe_load((copy / FACTS_FILE).read_text(encoding="utf-8"))
    assert [case["say"] for case in cases] == [gold.sentence, "autre phrase"]
    assert cases[0]["asked"] == "cause"
    assert cases[0]["facts"]["boeth"] == "yes"
    assert cases[0]["facts"]["return_date"].isoformat() == "2026-12-16"


def test_les_intentions_portent_les_noms_du_contrat() -> None:
    files = read_files()
    assert "restart" in intents(files)
    assert "start_over" not in intents(files)
    assert "unfitness_who_decides" in topics(files)["ask_unfitness"]
