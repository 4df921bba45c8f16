"""The review as an area of the console: its routes and its entry in the navigation."""

from bot.console.navigation import Entry
from bot.console.pages import words
from bot.console.review import conversation, inbox

routes = [*inbox.routes, *conversation.routes]
ENTRIES = (Entry(10, words("review")["entry"], inbox.ADDRESS),)
