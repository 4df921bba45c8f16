"""What people read about organisms, from data/directory/types.yml and liens.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from bot.directory.gazetteer import DATA


@dataclass(frozen=True)
class TypeWording:
    """French words of a type of organism."""

    label: str
    how: str
    how_for: Mapping[str, str] = field(default_factory=dict)
    """What to do, for « employer » or for a status, where it is not the same."""

    def how_told(self, audience: str | None, status: str | None) -> str:
        """What to do to reach it, in the words of the person who asks."""
        reader = "employer" if audience == "employer" else status or ""
        return self.how_for.get(reader, self.how)


@lru_cache(maxsize=1)
def types() -> Mapping[str, TypeWording]:
    """Every known type of organism, by its code. Raises OSError or TypeError when the file is missing or
    misshapen."""
    with (DATA / "types.yml").open(encoding="utf-8") as stream:
        return {code: TypeWording(**words) for code, words in yaml.safe_load(stream).items()}


@lru_cache(maxsize=1)
def words() -> Mapping[str, str]:
    """Words of links and notes, by key."""
    with (DATA / "liens.yml").open(encoding="utf-8") as stream:
        return {str(key): str(text) for key, text in yaml.safe_load(stream).items()}
