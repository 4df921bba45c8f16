"""spaCy for its word vectors only.

Rasa's `SpacyNLP` loads the whole French pipeline (tagger, morphologiser, lemmatiser, entities) and runs it on every
message: 7 to 10 ms a message and 6.5 s at start, for output that none of our components reads. The tokeniser and the
vectors alone take 0.01 ms and 1.3 s (docs/architecture).
"""

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils import spacy_utils
from rasa.nlu.utils.spacy_utils import SpacyModel


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Rasa's component with the same name, which other components look for, without the pipeline's stages."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """Load `spacy_model_name` with its vocabulary, tokeniser and vectors, and no pipeline stage.

        Raises OSError when the model is not installed.
        """
        stages = spacy.util.get_package_path(spacy_model_name)
        meta = spacy.util.load_meta(next(stages.glob("*/meta.json")))
        language = spacy.load(spacy_model_name, exclude=meta["pipeline"] + meta.get("disabled", []))
        return SpacyModel(model=language, model_name=spacy_model_name)
