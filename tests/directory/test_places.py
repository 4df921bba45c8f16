"""Three hundred ways of writing a place: right, or asked; never silently wrong."""

import shlex
import subprocess
import time
from pathlib import Path
from random import Random

import pytest

from bot.directory.gazetteer import fold, gazetteer, normalise
from bot.directory.places import Place, PlaceMatch, resolve

ROOT = Path(__file__).parents[2]


def cases() -> list[tuple[str, str | None, str]]:
    lines = (Path(__file__).parent / "places.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            text, expected = line.split(" => ")
            text, _, known = text.partition(" @")
            found.append((text, known or None, expected))
    return found


CASES = cases()


def written(place: Place) -> str:
    return f"{place.commune or ''}/{place.department}"


def verdict(match: PlaceMatch, expected: str) -> str:
    """right, asked (a question whose choices hold the answer), lost (no help), or wrong (sure of another
    place)."""
    if expected == "-":
        return "right" if match.place is None and not match.candidates else "wrong" if match.sure else "asked"
    candidates = {written(place) for place in match.candidates}
    if expected.startswith("?"):
        asked = set(shlex.split(expected[1:]))
        if match.sure:
            return "right" if match.place and written(match.place) in asked and len(asked) == 1 else "wrong"
        return "right" if asked <= candidates else "lost"
    if match.sure and match.place:
        return "right" if written(match.place) == expected else "wrong"
    return "asked" if expected in candidates else "lost"


def test_le_fichier_tient_trois_cents_facons_d_ecrire_un_lieu():
    assert len(CASES) >= 300
    assert len({(text, known) for text, known, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("text", "known", "expected"), CASES)
def test_jamais_un_autre_lieu_sans_question(text, known, expected):
    match = resolve(text, known)
    assert verdict(match, expected) != "wrong", match


def test_quatre_vingt_dix_huit_pour_cent_justes_et_le_reste_demande():
    verdicts = {(text, known): verdict(resolve(text, known), expected) for text, known, expected in CASES}
    right = [case for case, found in verdicts.items() if found == "right"]
    assert len(right) / len(CASES) >= 0.98, {
        case: found for case, found in verdicts.items() if found != "right"
    }
    assert "lost" not in verdicts.values(), [case for case, found in verdicts.items() if found == "lost"]


def test_le_code_postal_et_le_code_insee_accompagnent_la_commune():
    place = resolve("52100 saint dizier").place
    assert place == Place("52", "Saint-Dizier", "52100", "52448")


def test_un_code_postal_de_plusieurs_communes_est_sur_du_departement_seulement():
    match = resolve("14400")
    assert match.sure
    assert match.place == Place("14", None, "14400")
    assert len(match.candidates) > 2


def test_toutes_les_communes_s_ecrivent_sous_leur_nom_officiel_et_leur_departement():
    for commune in gazetteer().communes[::97]:
        match = resolve(f"{commune.name} ({commune.department})")
        assert match.sure or commune.place() in match.candidates or match.candidates, commune
        if match.place and match.place.insee:
            assert match.place.insee == commune.insee, (commune, match)


def misspelt(name: str, random: Random) -> str:
    """The name with one letter lost, added, changed or swapped."""
    at, letter = random.randrange(len(name)), random.choice("abcdefghijklmnopqrstuvwxyz")
    return random.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        ]
    )


def test_une_lettre_fausse_n_amene_jamais_ailleurs_sans_question():
    random, book = Random(52), gazetteer()
    for commune in random.sample(list(book.communes), 120):
        text = misspelt(commune.name.lower(), random)
        match = resolve(text)
        if (
            match.place
            and normalise(text) not in book.by_name
            and "arrondissement" not in commune.name.lower()
        ):
            assert match.place.insee in (commune.insee, None), (text, commune)
            assert match.place.department == commune.department, (text, commune)


def test_une_reponse_exacte_prend_moins_d_une_milliseconde():
    texts = [text for text, known, expected in CASES if known is None and expected[0] not in "?-"]
    gazetteer()
    durations = []
    for text in texts:
        resolve(text)
        start = time.process_time()
        resolve(text)
        durations.append(time.process_time() - start)
    durations.sort()
    assert durations[len(durations) // 2] < 0.001


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "a" * 5000, "52" * 400, "💥", "\x00", "0", "-1", "00000", "Œuf-sur-Mer"]
)
def test_rien_ne_fait_tomber_la_lecture(text):
    assert isinstance(resolve(text), PlaceMatch)


PROBE = (
    "import sys; from bot.directory.places import resolve, spot; "
    "assert resolve('sein dizier').place.insee == '52448'; assert spot('je suis à Caen')[0].match.sure; "
    "assert not {'sqlalchemy', 'aiohttp', 'yaml'} & set(sys.modules)"
)


@pytest.mark.parametrize("interpreter", [".venv/bin/python", ".venv-rasa/bin/python"])
def test_les_lieux_se_lisent_dans_les_deux_environnements_sans_leurs_dependances(interpreter):
    program = ROOT / interpreter
    if not program.exists():
        pytest.skip(f"{interpreter} absent")
    subprocess.run([program, "-c", PROBE], cwd=ROOT, check=True, timeout=60)


def test_le_nom_plie_du_fichier_est_celui_de_la_recherche():
    for commune in gazetteer().communes[::53]:
        assert commune in gazetteer().named(fold(commune.name))
