"""Requests of people about their data: a copy of everything, and erasure."""

from bot.console.navigation import Entry
from bot.console.privacy import requests

routes = requests.routes
ENTRIES = (Entry(65, "Données", requests.ADDRESS, "manager"),)
