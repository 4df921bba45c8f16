"""Facts of the Situation read in what people write: `extract(text, today=...)` → list of `Fact`."""

from bot.language.facts.extraction import extract
from bot.language.facts.fact import Fact

__all__ = ["Fact", "extract"]
