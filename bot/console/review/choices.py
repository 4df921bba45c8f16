"""What the filters offer, in French, grouped as the page shows them."""

from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from urllib.parse import parse_qsl

from markupsafe import Markup

from bot.console.pages import words
from bot.directory.gazetteer import gazetteer
from bot.directory.places import Place
from bot.orientation import FACTS

Options = list[tuple[str, str]]
"""(value, label)."""


def parsed(query: str) -> dict[str, str]:
    """The parameters of a query string that a form carried."""
    return dict(parse_qsl(query[:4000]))


def departments(scope: Collection[str] | None) -> Options:
    """The departments of a territory; None: all of them."""
    codes = gazetteer().departments if scope is None else scope
    return [(code, Place(code).label) for code in sorted(codes)]


@cache
def places() -> dict[str, str]:
    """Every department → its name."""
    return dict(departments(None))


def written(options: Iterable[tuple[str, str]], current: str) -> Markup:
    """The options of a list as HTML, made once: there are hundreds on a page, and nearly always the same."""
    return _written(tuple(options), current)


@lru_cache(maxsize=256)
def _written(options: tuple[tuple[str, str], ...], current: str) -> Markup:
    line, chosen = Markup('<option value="{}">{}</option>'), Markup('<option value="{}" selected>{}</option>')
    return Markup("\n").join((chosen if each[0] == current else line).format(*each) for each in options)


def _of(name: str) -> Options:
    found: dict[str, str] = words("review")[name]
    return list(found.items())


@cache
def facts() -> list[tuple[str, Options]]:
    """Label of a fact → itself, then its values when they are few."""
    groups = []
    for name, fact in FACTS.items():
        options = [(name, words("review")["any_value"].format(label=fact.label))]
        if fact.kind == "choice":
            options += [(f"{name}={value}", label) for value, label in fact.values.items()]
        if fact.kind == "boolean":
            options += [(f"{name}=true", fact.value_label(True)), (f"{name}=false", fact.value_label(False))]
        groups.append((fact.label, options))
    return groups


@cache
def events() -> list[tuple[str, Options]]:
    """What may happen in a conversation, by kind."""
    said = words("review")
    asked = [(f"asks:{name}", fact.label) for name, fact in FACTS.items()]
    asked += [(f"asks:{name}", said["others"][name]) for name in ("consent", "confirm", "feedback")]
    return [
        (said["kinds"]["intent"], [(f"intent:{name}", label) for name, label in _of("intents")]),
        (said["kinds"]["asks"], asked),
        (said["kinds"]["fact"], [(f"fact:{name}", fact.label) for name, fact in FACTS.items()]),
        (said["kinds"]["flag"], [(f"flag:{name}", label) for name, label in _of("flags")]),
        (said["kinds"]["plan"], [(f"plan:{name}", label) for name, label in _of("orientations")]),
        (said["kinds"]["other"], [(name, said["others"][name]) for name in ("plan", "adviser")]),
    ]


@cache
def rendered(name: str) -> Markup:
    """The options of `facts` or `events` as HTML, once: they are hundreds and the same on every page."""
    made = Markup("")
    for group, options in _GROUPED[name]():
        each = (Markup('<option value="{}">{}</option>').format(*option) for option in options)
        made += Markup('<optgroup label="{}">{}</optgroup>').format(group, Markup("").join(each))
    return made


@cache
def label(name: str, value: str) -> str:
    """What the page shows for a value of `facts` or `events`; one that is not offered shows as it is."""
    return next((text for _, options in _GROUPED[name]() for each, text in options if each == value), value)


_GROUPED = {"facts": facts, "events": events}
