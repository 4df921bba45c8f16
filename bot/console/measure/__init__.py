"""Measures: the indicators of the agreements, small numbers hidden, as page, CSV and report."""

from bot.console.measure.pages import routes
from bot.console.navigation import Entry

ENTRIES = (Entry(40, "Mesures", "/console/mesures"),)

__all__ = ["ENTRIES", "routes"]
