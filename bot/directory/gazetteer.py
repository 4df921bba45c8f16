"""Communes and départements of France, indexed for look-up by name and by postcode.

Source: INSEE COG and La Poste postcodes, from `@etalab/decoupage-administratif` 6.0.0 (Licence Ouverte); see
data/directory/README.md. Runs in both environments: Python 3.10, standard library only.
"""

import csv
import gzip
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[2] / "data" / "directory"

_PLAIN = {
    **{
        ord(accented): plain
        for accented, plain in zip("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy", strict=True)
    },
    **{ord("œ"): "oe", ord("æ"): "ae"},
    **{ord(mark): " " for mark in "-'’‘`´_./,;:!?()[]{}«»\"“”*+\t\r\u00a0\u202f\u2010\u2011\u2013\u2014"},
}
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
_ARTICLES = frozenset({"le", "la", "les", "l"})


def word_set(text: str) -> frozenset[str]:
    """Words of a list written as one text."""
    return frozenset(text.split())


def fold(text: str) -> str:
    """Lower case without accents; hyphens, apostrophes and punctuation become spaces. Length may change."""
    return " ".join(text.lower().translate(_PLAIN).split())


def normalise(text: str) -> str:
    """`fold`, with « st », « ste », « s/ » written in full: the key under which a name is looked up."""
    text = re.sub(r"\bs/", "sur ", text.lower())
    words = text.translate(_PLAIN).split()
    if any(word in _SHORT_FORMS for word in words):
        words = [
            # « s » alone is « sur » only inside a name (« chalon s saône »), not the rest of an elision.
            word if word == "s" and position == 0 else _SHORT_FORMS.get(word, word)
            for position, word in enumerate(words)
        ]
    return " ".join(words)


@dataclass(frozen=True)
class Place:
    """A département, or a commune of it. `insee` and `commune` (official name) go together; `postcode` when
    known."""

    department: str
    commune: str | None = None
    postcode: str | None = None
    insee: str | None = None

    @property
    def label(self) -> str:
        """What a person reads on a choice: « Saint-Denis (93, Seine-Saint-Denis) » or « Haute-Marne (52)
        »."""
        department = gazetteer().departments[self.department].name
        if self.commune:
            return f"{self.commune} ({self.department}, {department})"
        return f"{department} ({self.department})"


@dataclass(frozen=True)
class Department:
    """One of the 101 départements."""

    code: str
    name: str
    region: str


class Commune(NamedTuple):
    """One commune, or one arrondissement of Paris, Lyon or Marseille. `rank`: 3 prefecture, 2 sub-prefecture,
    1 large."""

    insee: str
    name: str
    postcodes: tuple[str, ...]
    department: str
    rank: int = 0

    def place(self, postcode: str | None = None) -> Place:
        """As a Place, with its postcode when it has only one or when the person gave it."""
        if postcode not in self.postcodes:
            postcode = self.postcodes[0] if len(self.postcodes) == 1 else None
        return Place(self.department, self.name, postcode, self.insee)


_RANKS = {"prefecture": 3, "sous-prefecture": 2, "ville": 1}


@dataclass(frozen=True)
class Gazetteer:
    """Every index. Build with `gazetteer()`, which loads once (about 0.15 s)."""

    departments: Mapping[str, Department]
    communes: Sequence[Commune]
    by_name: Mapping[str, Sequence[int]]
    by_postcode: Mapping[str, Sequence[int]]
    areas: Mapping[str, tuple[Place, ...]]
    """Names that are not communes: départements, regions, usual names of towns, agglomerations."""
    ordinary: frozenset[str]
    """Commune names that are also ordinary words: they need a strong cue inside a sentence."""

    def named(self, key: str) -> list[Commune]:
        """Communes that have this normalised name, best known first."""
        found = [self.communes[index] for index in self.by_name.get(key, ())]
        return sorted(found, key=lambda commune: -commune.rank)

    def at(self, postcode: str) -> list[Commune]:
        """Communes delivered under this postcode; whole Paris, Lyon, Marseille left out for their
        arrondissements."""
        found = [self.communes[index] for index in self.by_postcode.get(postcode, ())]
        precise = [commune for commune in found if len(commune.postcodes) < 9 or len(found) == 1]
        return precise or found

    def of(self, department: str) -> list[Commune]:
        """Every commune of a département."""
        return [self.communes[index] for index in self._by_department.get(department, ())]

    def beginning(self, key: str) -> list[Commune]:
        """Communes whose name goes on after these words (« brive » → « Brive-la-Gaillarde »), best known
        first."""
        start = bisect_left(self._sorted_names, key + " ")
        found = []
        for name in self._sorted_names[start:]:
            if not name.startswith(key + " "):
                break
            found.extend(self.named(name))
        return sorted(found, key=lambda commune: -commune.rank)

    def starting(self, key: str) -> list[Commune]:
        """Communes whose name starts with these letters, best known first, then the shortest name."""
        start = bisect_left(self._sorted_names, key)
        end = bisect_left(self._sorted_names, key + "\uffff")
        found = [commune for name in self._sorted_names[start:end] for commune in self.named(name)]
        return sorted(found, key=lambda commune: (-commune.rank, len(commune.name)))

    @cached_property
    def _sorted_names(self) -> list[str]:
        return sorted(self.by_name)

    @cached_property
    def ranked_names(self) -> list[tuple[str, int]]:
        """(key, best rank) of every commune and area, for fuzzy comparison."""
        names = [
            (key, max(self.communes[index].rank for index in found)) for key, found in self.by_name.items()
        ]
        return names + [(key, 2) for key in self.areas if key not in self.by_name]

    def key_of(self, commune: Commune) -> str:
        """Normalised name of a commune."""
        return normalise(commune.name)

    def communes_by_insee(self, codes: Iterable[str]) -> list[Commune]:
        """Communes of these INSEE codes; unknown ones left out."""
        return [self.communes[self._by_insee[code]] for code in codes if code in self._by_insee]

    @cached_property
    def _by_department(self) -> Mapping[str, Sequence[int]]:
        return _index(commune.department for commune in self.communes)

    @cached_property
    def _by_insee(self) -> Mapping[str, int]:
        return {commune.insee: index for index, commune in enumerate(self.communes)}

    @cached_property
    def first_words(self) -> Mapping[str, int]:
        """First word of every name → the largest number of words of a name that begins so."""
        return _longest_by_first_word(self.by_name)

    @cached_property
    def first_words_of_areas(self) -> Mapping[str, int]:
        """The same for `areas`."""
        return _longest_by_first_word(self.areas)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _areas(
    departments: Mapping[str, Department], communes: Mapping[str, Commune]
) -> dict[str, tuple[Place, ...]]:
    areas: dict[str, list[Place]] = {}
    for department in departments.values():
        areas.setdefault(normalise(department.region), []).append(Place(department.code))
    for department in departments.values():
        areas[normalise(department.name)] = [Place(department.code)]
    for row in _rows("noms_usuels.csv"):
        areas[normalise(row["name"])] = [
            communes[code].place() if code in communes else Place(code) for code in row["codes"].split()
        ]
    return {name: tuple(places) for name, places in areas.items()}


def _longest_by_first_word(keys: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in keys:
        words = key.split(" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def _index(keys: Iterable[str]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for position, key in enumerate(keys):
        index.setdefault(key, []).append(position)
    return index


def _plain_lines(text: str) -> list[str]:
    """Lines of the communes' file as `fold` would write them, commas kept; made on the whole file at once,
    which
    is ten times faster than name by name."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    for mark in "-'’()/.":
        text = text.replace(mark, " ")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().splitlines()[1:]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Read data/directory once. Raises OSError when a file is missing, KeyError when a row names no known
    place."""
    departments = {
        row["code"]: Department(row["code"], row["name"], row["region_name"])
        for row in _rows("departements.csv")
    }
    ranks = {row["insee"]: _RANKS[row["rank"]] for row in _rows("villes.csv")}
    with gzip.open(DATA / "communes.csv.gz", "rt", encoding="utf-8") as stream:
        text = stream.read()
    plain = _plain_lines(text)
    communes, keys = [], []
    for line, plain_line in zip(text.splitlines()[1:], plain, strict=True):
        insee, name, postcodes, department = line.split(",")
        communes.append(Commune(insee, name, tuple(postcodes.split()), department, ranks.get(insee, 0)))
        keys.append(" ".join(plain_line.split(",")[1].split()))
    by_postcode: dict[str, list[int]] = {}
    for position, commune in enumerate(communes):
        for postcode in commune.postcodes:
            by_postcode.setdefault(postcode, []).append(position)
    by_insee = {commune.insee: commune for commune in communes}
    ordinary = (DATA / "mots_ordinaires.txt").read_text(encoding="utf-8")
    words = (line.split("#")[0] for line in ordinary.splitlines())
    return Gazetteer(
        departments,
        communes,
        _index(keys),
        by_postcode,
        _areas(departments, by_insee),
        frozenset(word for line in words for word in line.split()),
    )


def without_article(key: str) -> str:
    """« le havre » → « havre »; unchanged when there is no article."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in _ARTICLES else key
