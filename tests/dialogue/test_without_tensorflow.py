"""Rasa without TensorFlow: only when nothing computes with it, and never a silent wrong result."""

import subprocess
import sys

import pytest
import yaml

from bot.dialogue.without_tensorflow import dispensable
from bot.settings import ROOT

SCRIPT = """
import sys
from bot.dialogue import without_tensorflow
without_tensorflow.ROOT = without_tensorflow.ROOT / {folder!r}
print(without_tensorflow.install())
import tensorflow as tf
from tensorflow.keras import layers

class Layer(layers.Layer):
    kernel: tf.Tensor | None = None

@tf.function
def double(x):
    return 2 * x

print(double(2), Layer().kernel)
try:
    tf.constant(1.0)
except without_tensorflow.TensorflowIsAbsentError as refusal:
    print("refused", "constant" in str(refusal))
"""


def test_la_configuration_du_projet_s_en_passe():
    assert dispensable(yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("policy", ["TEDPolicy", "UnexpecTEDIntentPolicy", "a.policy.of.someone.Else"])
def test_une_politique_qui_en_a_besoin_le_garde(policy: str):
    assert not dispensable({"policies": [{"name": "RulePolicy"}, {"name": policy}]})


def test_diet_le_garde():
    assert not dispensable(
        {"pipeline": [{"name": "bot.dialogue.facts.FactExtractor"}, {"name": "DIETClassifier"}]}
    )


def test_les_noms_absents_se_definissent_et_ne_se_calculent_pas():
    code = SCRIPT.format(folder=".")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:3] == ["True", "4 None", "refused True"], done.stderr[-2000:]
