"""Improving as an area of the console: its routes and its entries in the navigation."""

from bot.console.improve import correcting, directory, models_page, reviewing
from bot.console.navigation import Entry
from bot.console.pages import words

routes = [*correcting.routes, *reviewing.routes, *models_page.routes, *directory.routes]
ENTRIES = (
    Entry(30, words("improve")["entry"], "/console/ameliorer"),
    Entry(50, words("improve")["directory_entry"], directory.ADDRESS),
)
