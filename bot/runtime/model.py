"""The trained model that belongs to the data of this checkout; trained when there is none."""

import hashlib
import subprocess
import sys
from pathlib import Path

from bot.settings import RASA_PYTHON, ROOT, Settings
from bot.understanding import trained_models

TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu/*.yml",
    "data/stories/*.yml",
    "bot/dialogue/classifier.py",
    "bot/dialogue/facts.py",
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
        return path
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
    trained.rename(path)
    for old in trained_models(settings)[_MODELS_KEPT:]:
        old.unlink()
    return path
