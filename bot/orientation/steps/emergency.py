"""The emergency step: it stands alone, and nothing else is said until help is there."""

from bot.orientation.outcomes import Advice

EMERGENCY = Advice("now", 0, ("emergency", "suicide", "later"), "emergency", ("national",), bring="none")
"""Someone may die or be hurt now: 15, 112, 114, 3114, and whom to turn to later."""
