"""Organisms that can help, and places: who serves a person, where, and how far each line can be trusted.

This package's `__init__` imports nothing: `bot.directory.places` also runs in Rasa's environment, which has
neither
our SQLAlchemy nor aiohttp. Start from `bot.directory.places` (resolve, spot), `bot.directory.lookup`
(Directory) and
`bot.directory.needs` (needed_types).
"""
