"""Puts the facts that a message states (bot.language.facts) into Rasa's entities."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.facts import extract

PARIS = ZoneInfo("Europe/Paris")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(GraphComponent):
    """Reads the facts of the Situation in a message. The question that was asked comes in the message's metadata."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FactExtractor":
        """Nothing is learned, nothing is loaded."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training needs no facts."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add one entity for each fact found: name, value, the words that gave it."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith(INTENT_MESSAGE_PREFIX):
                continue  # a choice: nobody's words
            context = message.get("metadata") or {}
            found = extract(
                text,
                today=datetime.datetime.now(PARIS).date(),
                asked=context.get("asked"),
                audience=context.get("audience"),
            )
            entities = [
                {
                    "entity": fact.name,
                    "value": fact.value,
                    "start": fact.start,
                    "end": fact.end,
                    "words": fact.words,
                    "deduced": fact.deduced,
                    "extractor": "FactExtractor",
                }
                for fact in found
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
