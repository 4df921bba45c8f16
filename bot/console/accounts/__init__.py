"""Accounts of the console: signing in, second factor, invitations, the list of advisers, what was read."""

from aiohttp import web

from bot.console.navigation import Entry

routes = web.RouteTableDef()
ENTRIES: tuple[Entry, ...] = ()
