"""The trained model that belongs to the data of this checkout; trained when there is none.

Its SHA-256 is written beside it when it is complete, and compared each time before it is loaded.
"""

import gzip
import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

from bot.settings import RASA_PYTHON, ROOT, Settings
from bot.understanding import trained_models

logger = logging.getLogger("relais.model")

TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu/*.yml",
    "data/stories/*.yml",
    "data/language/*.yml",
    "data/language/rules/*.yml",
    "bot/dialogue/classifier.py",
    "bot/dialogue/facts.py",
    "bot/dialogue/features.py",
    "bot/dialogue/typos.py",
    "bot/language/facts/*.py",
    "bot/dialogue/spacy_vectors.py",
    "requirements/rasa.txt",
)

_MODELS_KEPT = 3
"""The model in use and the two before it, to compare them (`relais models compare`): 13 MB each."""


class ModelError(RuntimeError):
    """The model could not be trained; the message says what to do."""


def fingerprint() -> str:
    """Hash of everything that training reads."""
    digest = hashlib.sha256()
    for pattern in TRAINED_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Where the model of this data is, or will be."""
    return settings.models / f"relais-{fingerprint()}.tar.gz"


def ensure_model(settings: Settings) -> Path:
    """Path of the model, trained now if the data has no model yet. Raises ModelError."""
    path = model_path(settings)
    if path.exists():
        try:
            return _verified(path)
        except ModelError as problem:
            logger.error("%s It is trained again.", problem)
            path.rename(path.with_name(f"damaged-{path.name}"))
    if not RASA_PYTHON.exists():
        raise ModelError("L'environnement Rasa manque : lancez « make setup ».")
    settings.models.mkdir(parents=True, exist_ok=True)
    # Trained under another name: a training that is interrupted leaves no model that looks complete.
    unfinished = f"unfinished-{path.name}"
    command = [
        str(RASA_PYTHON),
        "-m",
        "bot.dialogue.train",
        "--output",
        str(settings.models),
        "--name",
        unfinished,
    ]
    # Its progress goes to standard error: what a command prints on standard output is its result.
    status = subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr).returncode  # noqa: S603
    trained = settings.models / unfinished
    if status != 0 or not trained.exists():
        raise ModelError("L'entraînement du modèle a échoué ; son message est au-dessus.")
    _checksum_file(path).write_text(f"{_digest(trained)}  {path.name}\n", encoding="ascii")
    trained.rename(path)
    for old in trained_models(settings)[_MODELS_KEPT:]:
        old.unlink()
        _checksum_file(old).unlink(missing_ok=True)
    return path


def trained_model(settings: Settings) -> Path:
    """Path of the model, never trained here. Raises ModelError: none, or not the one that was trained."""
    path = model_path(settings)
    if not path.exists():
        raise ModelError(
            f"Aucun modèle pour ces données dans {settings.models} : lancez « relais train » ou déposez-y "
            f"{path.name} et {_checksum_file(path).name}."
        )
    return _verified(path)


def _verified(path: Path) -> Path:
    """The path, once its content is known to be whole. `RELAIS_MODEL_SHA256` names the only one that is accepted."""
    found = _digest(path)
    listed = _checksum_file(path)
    if not listed.exists():  # from before checksums were written: whole if its own end is right
        if not _is_whole(path):
            raise ModelError(f"Le modèle {path.name} est incomplet.")
        listed.write_text(f"{found}  {path.name}\n", encoding="ascii")
    expected = (
        os.environ.get("RELAIS_MODEL_SHA256") or (listed.read_text(encoding="ascii").split() or [""])[0]
    )
    if found != expected:
        raise ModelError(
            f"Le modèle {path.name} n'est pas celui qui a été entraîné (somme SHA-256 différente)."
        )
    return path


def _checksum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_whole(path: Path) -> bool:
    try:
        with gzip.open(path) as stream:
            while stream.read(1 << 20):
                pass
    except (OSError, EOFError):
        return False
    return True
