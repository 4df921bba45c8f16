"""The devices, one function each, grouped by subject. Importing this package declares their rules."""

from bot.orientation.devices import visits  # noqa: F401 - imported for its declarations
