"""Names and numbers of places → the place, or the question to ask. Core of `bot.directory.places`.

Runs in both environments: Python 3.10, standard library and rapidfuzz.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from bot.directory.gazetteer import Commune, Gazetteer, Place, gazetteer, normalise, without_article, word_set
from bot.directory.spelling import closest, well_known_like


@dataclass(frozen=True)
class PlaceMatch:
    """What a text may mean. `place` is set only when `sure`; `candidates` otherwise, likeliest first (may be
    empty)."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    sure: bool = False


@dataclass(frozen=True)
class PlaceMention:
    """A place named inside a sentence: `text[start:end] == words`."""

    start: int
    end: int
    words: str
    match: PlaceMatch


NOTHING = PlaceMatch()
MOST_CANDIDATES = 8
_LEADING = word_set(
    """
    j je nous on habite habitons vis vit vivons suis travaille travaillons bosse reside domicilie domiciliee
    demeure a au aux en dans de du des d vers departement dept dep dpt code postal cp numero no n ville
    commune region secteur moi c est ici actuellement un une petit petite village environs alentours bonjour
    oui euh ben et le la les l
    """
)
_BESIDE = word_set(
    """
    pres cote proche loin pas
    """
)
_TRAILING = word_set(
    """
    cedex france svp merci ville centre le la a aussi maintenant
    """
)
REFUSALS = word_set(
    """
    aucun aucune non oui rien ici partout y personne je ne n sais sait c est pas idee importe peu quelque
    part nulle
    """
)
_BEFORE_NAME = word_set(
    """
    sur sous en de du des d le la les l lez aux et saint sainte
    """
)
_CITIES = {"paris": (75100, 20), "lyon": (69380, 9), "marseille": (13200, 16)}
_ORDINAL = re.compile(
    r"\b(\d{1,2}) ?(?:er|ere|e|eme|ieme|nd|nde)\b(?: arr(?:ondissement|dt)?)?(?: (?:de|a))?"
)
_POSTCODE = re.compile(r"\b(\d{5})\b|\b(\d{2}) (\d{3})\b")
_DEPARTMENT = re.compile(r"\b(2 ?[ab]|97[1-46]|\d{1,2})\b")


def one(place: Place) -> PlaceMatch:
    """A match that needs no question."""
    return PlaceMatch(place, (place,), True)


def ask(places: Iterable[Place]) -> PlaceMatch:
    """A match that needs one: the distinct places, at most eight."""
    return PlaceMatch(None, tuple(dict.fromkeys(places))[:MOST_CANDIDATES], False)


def elsewhere(match: PlaceMatch | None) -> PlaceMatch | None:
    return ask(match.candidates) if match else None


def read(words: str, within: frozenset[str]) -> PlaceMatch | None:
    whole = _named(words, within, cue=False)
    if whole:
        return whole
    found = _ORDINAL.search(words)
    if found:
        city = _strip((words[: found.start()] + " " + words[found.end() :]).split())
        numbered = district(" ".join(city[0]), int(found[1]))
        if numbered:
            return numbered
    found = _POSTCODE.search(words)
    if found and (found[1] or f"{found[2]}{found[3]}" in gazetteer().by_postcode):
        rest = words[: found.start()] + " " + words[found.end() :]
        return _at_postcode(found[1] or f"{found[2]}{found[3]}", rest, within)
    found = _DEPARTMENT.search(words)
    if found and not re.search(r"\d", words[: found.start()] + words[found.end() :]):
        return _in_department(found[1].replace(" ", ""), words[: found.start()] + " " + words[found.end() :])
    return None if re.search(r"\d", words) else _by_name(words.split(), within)


def _strip(words: Sequence[str]) -> tuple[list[str], str]:
    """Words without « j'habite à … », and the last word taken away in front (« au », « la », « en »…)."""
    rest, last = list(words), ""
    while rest and (
        rest[0] in _LEADING or (rest[0] in _BESIDE and rest[1:2] and rest[1] in ("de", "d", "du", "des"))
    ):
        last = rest.pop(0)
    return rest, last


def district(city: str, number: int) -> PlaceMatch | None:
    """Arrondissement of Paris, Lyon or Marseille, asked when the city is misspelt; None when it has not so many."""
    name = city if city in _CITIES else next((known for known in _CITIES if ratio(city, known) >= 85), None)
    if name is None or not 1 <= number <= _CITIES[name][1]:
        return None
    found = gazetteer().communes_by_insee([str(_CITIES[name][0] + number)])
    if not found:
        return None
    return one(found[0].place()) if name == city else ask([found[0].place()])


def _at_postcode(postcode: str, rest: str, within: frozenset[str]) -> PlaceMatch | None:
    """A postcode, alone or with a name. A postcode of several communes of one département is sure of the
    département."""
    book = gazetteer()
    here = book.at(postcode)
    name, _ = _strip(rest.split())
    if name:
        narrowed = frozenset(c.department for c in here) or _prefix(postcode)
        if len(here) == 1 and normalise(here[0].name).startswith(" ".join(name)):
            return one(here[0].place(postcode))  # « 75013 paris »
        exact = [c for c in here if " ".join(name) in (normalise(c.name), without_article(normalise(c.name)))]
        if len(exact) == 1:
            return one(exact[0].place(postcode))
        named = _by_name(name, narrowed)
        if named and named.place:
            return named
        elsewhere = _by_name(name, within)
        if elsewhere:
            return ask([*elsewhere.candidates, *(Place(code) for code in sorted(narrowed))])
    departments = sorted({c.department for c in here})
    if len(here) == 1:
        return one(here[0].place(postcode))
    if len(departments) == 1:
        place = Place(departments[0], None, postcode)
        return PlaceMatch(place, (place, *(c.place(postcode) for c in here))[:MOST_CANDIDATES], True)
    if departments:
        return ask([Place(code, None, postcode) for code in departments])
    return ask([Place(code) for code in sorted(_prefix(postcode))]) if _prefix(postcode) else None


def _prefix(postcode: str) -> frozenset[str]:
    """Départements that a postcode of no commune (CEDEX) may belong to."""
    codes = {"20": {"2A", "2B"}}.get(postcode[:2], {postcode[:2], postcode[:3]})
    return frozenset(codes & set(gazetteer().departments))


def _in_department(digits: str, rest: str) -> PlaceMatch | None:
    """A département number, alone or with a name (« le havre 76 », « paris 13 »)."""
    book = gazetteer()
    code = digits.upper().zfill(2)
    words = rest.split()
    name, _ = _strip(words)
    city = " ".join(name)
    codes = {"2A", "2B"} if code == "20" else {code} & set(book.departments)
    if city in _CITIES and digits.isdigit() and not any(c.department == code for c in book.named(city)):
        return district(city, int(digits))
    if name and codes:
        return _by_name(words, frozenset(codes)) or elsewhere(_by_name(words, frozenset()))
    if name or not codes:
        return None
    if len(codes) > 1 or (len(digits) == 1 and not words):
        return ask([Place(c) for c in sorted(codes)])
    return one(Place(code))


def _by_name(words: Sequence[str], within: frozenset[str]) -> PlaceMatch | None:
    name, before = _strip(words)
    if not name:
        return None
    key = " ".join(name)
    article = {"au": "le", "du": "le", "aux": "les", "des": "les"}.get(before, before)
    cue = before in ("la", "le", "les", "l", "en", "departement", "dans")
    keys = [f"{article} {key}", key] if article in ("le", "la", "les", "l") else [key]
    keys += [f"{word} {key}" for word in ("le", "la", "les", "l") if f"{word} {key}" not in keys]
    for candidate in keys:
        match = _named(candidate, within, cue=cue)
        if match:
            return match
    if len(name) > 1 and name[-1] in _TRAILING:
        return _by_name([*([before] if before else []), *name[:-1]], within)
    match = _with_department(name, within) or _beginning(key, within)
    return match or _misspelt([keys[0], key], within)


def _named(key: str, within: frozenset[str], *, cue: bool) -> PlaceMatch | None:
    """Exact name of a commune, a département, a region, or a usual name."""
    book = gazetteer()
    if key in book.areas and not book.areas[key]:
        return NOTHING
    areas = [place for place in book.areas.get(key, ()) if not within or place.department in within]
    communes = [c for c in book.named(key) if not within or c.department in within]
    if len(areas) == 1 and areas[0].commune is None:
        rivals = [c for c in communes if c.rank]
        if cue or not rivals:
            same = [c for c in communes if c.department == areas[0].department]
            return one(same[0].place()) if same and not cue else one(areas[0])
        if all(c.department == areas[0].department for c in rivals):
            return one(rivals[0].place())
        return ask([areas[0], *(c.place() for c in rivals)])
    if areas:
        places = [*areas, *(c.place() for c in communes)]
        return one(places[0]) if len(places) == 1 else ask(places)
    return choose(communes, book, key, within) if communes else None


def choose(
    communes: Sequence[Commune],
    book: Gazetteer,
    key: str,
    within: frozenset[str] = frozenset(),
    postcode: str | None = None,
) -> PlaceMatch:
    """Communes of one name → the place, or the question. A prefecture wins over villages of its name."""
    ranked = [c for c in communes if c.rank]
    longer = [
        c for c in book.beginning(key) if c.rank > communes[0].rank and (not within or c.department in within)
    ]
    if longer and (len(communes) > 1 or not within):
        near = [c for name in well_known_like(without_article(key)) for c in book.named(name)]
        return ask(c.place() for c in sorted([*communes, *longer, *near], key=lambda c: -c.rank))
    if postcode and len(here := [c for c in communes if postcode in c.postcodes]) == 1:
        return one(here[0].place(postcode))
    alike = [] if within or ranked else {*well_known_like(key), *well_known_like(without_article(key))}
    known = [c for name in sorted(alike) for c in book.named(name) if c.rank]
    if known or (len(communes) > 1 and not (communes[0].rank == 3 and len(ranked) == 1)):
        return ask(c.place() for c in [*known, *communes])
    return one(communes[0].place(postcode))


def _with_department(name: Sequence[str], within: frozenset[str]) -> PlaceMatch | None:
    """« saint dizier haute marne », « vire calvados », « caen en normandie »."""
    book = gazetteer()
    for cut in range(1, len(name)):
        town, area = list(name[:cut]), list(name[cut:])
        while area and area[0] in _LEADING:
            area.pop(0)
        codes = frozenset(p.department for p in book.areas.get(" ".join(area), ()) if p.commune is None)
        if (
            not codes
            or (town[-1] in _BEFORE_NAME and cut == len(name) - len(area))
            or (within and not codes & within)
        ):
            continue
        while town and town[-1] in _LEADING:
            town.pop()
        match = _by_name(town, codes) if town else None
        if match:
            return match
    return None


def _beginning(key: str, within: frozenset[str]) -> PlaceMatch | None:
    """« brive » → Brive-la-Gaillarde: one commune only goes on so, or the person chooses."""
    if len(key) < 4:
        return None
    found = [c for c in gazetteer().beginning(key) if not within or c.department in within]
    if not found:
        return None
    if len(found) == 1 and not found[0].rank and not within:
        # « uzay » may be Uzay-le-Venon cut short, or Luzay misspelt.
        found += [c for guess in closest(key, within) for c in gazetteer().named(guess.key)]
    return one(found[0].place()) if len(found) == 1 else ask(c.place() for c in found)


def _misspelt(keys: Sequence[str], within: frozenset[str]) -> PlaceMatch | None:
    """The known name nearest to one of these spellings, or the question."""
    guesses = max(
        (closest(key, within) for key in dict.fromkeys(keys)), key=lambda g: g[0].score if g else 0.0
    )
    if not guesses:
        return None
    if guesses[0].sure:
        match = _named(guesses[0].key, within, cue=False)
        if match:
            return match
    places: list[Place] = []
    for guess in guesses:
        match = _named(guess.key, within, cue=False)
        places.extend(match.candidates if match else ())
    return ask(sorted(places, key=lambda p: -_rank(p))) if places else None


def _rank(place: Place) -> int:
    found = gazetteer().communes_by_insee([place.insee or ""])
    return found[0].rank if found else 2
