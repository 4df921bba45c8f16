"""What the values, items and columns of the measures are called."""

from bot.console.measure.views import UNKNOWN, Dimension, View
from bot.console.pages import words
from bot.directory.gazetteer import gazetteer
from bot.orientation import FACTS
from bot.orientation.wording import device_words


def value_label(dimension: Dimension, value: str) -> str:
    """A value of a dimension: « novembre 2026 », « Haute-Marne (52) »."""
    said = words("measure")
    if value == UNKNOWN:
        return str(said["unknown"])
    if dimension == "month":
        return f"{said['months'][int(value[5:]) - 1]} {value[:4]}"
    if dimension == "department":
        known = gazetteer().departments.get(value)
        return f"{known.name} ({value})" if known else value
    return str(said["values"][dimension].get(value, value))


def item_label(indicator: str, item: str) -> str:
    """An item of an indicator: a question, a step, a device, a signal."""
    said = words("measure")
    if indicator == "question":
        return FACTS[item].question if item in FACTS else item
    if indicator == "device":
        return str(device_words().get(item, {}).get("name", item))
    names = said["flags"] if indicator == "flag" else said["steps"]
    return str(names.get(item, item))


def column_label(indicator: str, column: str) -> str:
    """A column of a table."""
    said = words("measure")
    if indicator == "first":
        return str(said["steps"].get(column, column))
    if indicator == "length" and column == "more":
        return str(said["more_questions"])
    return str(said["columns"].get(column, column))


def view_label(view: View) -> str:
    """The view in words: « Toute l'année 2026, Haute-Marne (52) »."""
    said = words("measure")
    parts = [] if "month" in view.filters else [said["all_year"].format(year=view.year)]
    return ", ".join([*parts, *(value_label(name, value) for name, value in view.filters.items())])
