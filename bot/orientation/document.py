"""The rules as a page that a lawyer can read: `python -m bot.orientation.document` prints `docs/regles.md`."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.orientation.facts import DATA, load_yaml
from bot.orientation.law import PARAMETERS, SOURCES, Source
from bot.orientation.steps import ORDER
from bot.orientation.wording import device_words, step_words

STATUS = {
    "read": "texte lu",
    "third_party": "lu dans une transcription concordante",
    "to_recheck": "modifié ou à venir, à relire : aucun chiffre affiché",
}
GROUPS = {
    "visits": "Visites et rendez-vous",
    "leave": "Pendant un arrêt",
    "unfitness": "Autour d'un avis d'inaptitude",
    "adjustment": "Adapter le poste, dans l'entreprise et au service de santé au travail",
    "recognition": "Reconnaissance de handicap",
    "agefiph": "Aides de l'Agefiph",
    "public": "Fonction publique",
    "work_related": "Accidents du travail et maladies professionnelles",
    "training": "Évoluer et se former",
    "company": "L'entreprise",
}
AVAILABILITY = {"open": "ouvert", "later": "plus tard", "closed": "fermé"}


def page() -> str:
    """The whole page, in Markdown."""
    return (
        "\n".join(
            line
            for part in (
                _introduction,
                _steps,
                _devices,
                _deadlines,
                _territories,
                _parameters,
                _sources,
            )
            for line in part()
        )
        + "\n"
    )


def _introduction() -> Iterator[str]:
    yield "# Les règles de Relais"
    yield ""
    yield "Page produite à partir des règles par `python -m bot.orientation.document`. Ne pas la modifier à la main."
    yield "Chaque ligne dit sa condition, son article, sa date. Un texte « à relire » est cité sans son chiffre."
    yield ""


def _steps() -> Iterator[str]:
    yield "## Les étapes du chemin"
    yield ""
    for step in ORDER:
        words = step_words(step)
        yield f"### {words['title']['default'].format(service_social='Carsat, Cramif ou CGSS')} (`{step}`)"
        yield ""
        for key, said in words["why"].items():
            yield f"- {said['text']} {_cited(said['source'])} `{key}`"
        for key, text in words.get("not_concerned", {}).items():
            yield f"- Pas pour vous : {text} `{key}`"
        yield ""


def _devices() -> Iterator[str]:
    yield "## Les dispositifs"
    yield ""
    for group, title in GROUPS.items():
        yield f"### {title}"
        yield ""
        entries: Mapping[str, Any] = load_yaml(f"devices/{group}.yml")
        for name, words in entries.items():
            yield from _device(name, words)


def _device(name: str, words: Mapping[str, Any]) -> Iterator[str]:
    yield f"#### {words['name']} (`{name}`)"
    yield ""
    yield f"- Condition : {words['condition']}"
    yield f"- Qui demande : {words['who_asks']}"
    yield f"- À qui : {words['whom_to_ask']}"
    yield f"- Délai ou durée : {words['duration']}"
    yield f"- L'employeur : {words['employer_informed']}"
    if "warning" in words:
        yield f"- {words['warning']}"
    yield f"- Textes : {', '.join(_link(SOURCES[source]) for source in (words['source'], *words.get('also', ())))}"
    yield "- Réponses possibles :"
    for key, said in words["reasons"].items():
        text, source = (said, words["source"]) if isinstance(said, str) else (said["text"], said["source"])
        yield f"  - {text} {_cited(source)} `{key}`"
    yield ""


def _deadlines() -> Iterator[str]:
    yield "## Les échéances"
    yield ""
    for said in load_yaml("deadlines.yml").values():
        yield f"- {said['label']} {_cited(said['source'])}"
    yield ""


def _territories() -> Iterator[str]:
    yield "## Ce que les territoires ajoutent ou remplacent"
    yield ""
    for path in sorted((DATA / "territories").glob("*.yml")):
        territory = load_yaml(f"territories/{path.name}")
        yield f"### {territory['name']} ({', '.join(territory['departments'])})"
        yield ""
        for step, entry in territory.get("steps", {}).items():
            for line in entry.get("why", ()):
                yield f"- `{step}`, en plus : {line['text']} {_cited(line['source'])}"
        for step, parts in territory.get("words", {}).items():
            for key, said in parts.get("why", {}).items():
                yield f"- `{step}`, à la place de `{key}` : {said['text']} {_cited(said['source'])}"
        yield ""


def _parameters() -> Iterator[str]:
    yield "## Les paramètres"
    yield ""
    yield "| Paramètre | Valeurs, par date | Règle | Texte | État |"
    yield "|---|---|---|---|---|"
    for parameter in PARAMETERS.values():
        values = ", ".join(
            f"{_shown(value)} depuis le {since:%d/%m/%Y}" for since, value in parameter.values.items()
        )
        if parameter.status == "to_recheck":
            values = "à relire"
        article = f"[{parameter.article}]({parameter.url})"
        row = (f"`{parameter.id}`", values or "aucun chiffre", parameter.description, article)
        yield f"| {' | '.join(row)} | {STATUS[parameter.status]} |"
    yield ""


def _shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _sources() -> Iterator[str]:
    cited = set(_all_cited())
    yield "## Les textes cités"
    yield ""
    for name in sorted(cited):
        source = SOURCES[name]
        since = f", en vigueur depuis le {source.in_force_since:%d/%m/%Y}" if source.in_force_since else ""
        yield f"- {_link(source)}{since}, contrôlé le {source.last_checked:%d/%m/%Y} ({STATUS[source.status]})"


def _all_cited() -> Iterator[str]:
    for words in device_words().values():
        yield from (words["source"], *words.get("also", ()))
        yield from (
            said["source"]
            for said in words["reasons"].values()
            if isinstance(said, dict) and "source" in said
        )
    for step in ORDER:
        yield from (said["source"] for said in step_words(step)["why"].values())
    yield from (said["source"] for said in load_yaml("deadlines.yml").values())
    yield from _cited_by_territories()


def _cited_by_territories() -> Iterator[str]:
    for path in sorted((DATA / "territories").glob("*.yml")):
        territory = load_yaml(f"territories/{path.name}")
        for entry in territory.get("steps", {}).values():
            yield from (line["source"] for line in entry.get("why", ()))
        for parts in territory.get("words", {}).values():
            yield from (said["source"] for said in parts.get("why", {}).values())


def _cited(name: str) -> str:
    return f"({_link(SOURCES[name])})"


def _link(source: Source) -> str:
    return f"[{source.article}]({source.url})"


if __name__ == "__main__":
    print(page(), end="")
