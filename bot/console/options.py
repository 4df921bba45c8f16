"""Settings of the console alone, from the environment."""

import os
from dataclasses import dataclass, field
from datetime import timedelta

from bot.settings import SettingsError


def _minutes(name: str, default: int) -> timedelta:
    value = os.environ.get(name, "") or str(default)
    if not value.isdecimal() or int(value) == 0:
        raise SettingsError(f"{name}={value!r}: a whole number of minutes above 0 is expected")
    return timedelta(minutes=int(value))


@dataclass(frozen=True)
class ConsoleOptions:
    """How long sessions and links live. Build one with `ConsoleOptions.from_environment()`."""

    idle: timedelta = field(default=timedelta(minutes=30))
    """A session ends after so long without a page (`RELAIS_CONSOLE_IDLE_MINUTES`)."""
    session: timedelta = field(default=timedelta(hours=10))
    """A session ends in any case after so long (`RELAIS_CONSOLE_SESSION_MINUTES`)."""
    link: timedelta = field(default=timedelta(hours=72))
    """An invitation or a reset is good for so long (`RELAIS_CONSOLE_LINK_MINUTES`)."""

    @classmethod
    def from_environment(cls) -> "ConsoleOptions":
        """Read `RELAIS_CONSOLE_*`. Raises SettingsError on a value that cannot be used."""
        return cls(
            idle=_minutes("RELAIS_CONSOLE_IDLE_MINUTES", 30),
            session=_minutes("RELAIS_CONSOLE_SESSION_MINUTES", 600),
            link=_minutes("RELAIS_CONSOLE_LINK_MINUTES", 72 * 60),
        )
