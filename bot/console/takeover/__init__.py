"""Taking over: who asks for a person, the conversation with them, call-backs, and who is on duty."""

from bot.console.navigation import Entry
from bot.console.takeover import call_backs, conversation, requests

routes = [*requests.routes, *call_backs.routes, *conversation.routes]
ENTRIES: tuple[Entry, ...] = (Entry(20, "Demandes", "/console/demandes"),)
