"""The devices, one function each, grouped by subject. Importing this package declares their rules."""

from bot.orientation.devices import (  # noqa: F401 - imported for their declarations
    adjustment,
    agefiph,
    company,
    leave,
    public,
    recognition,
    training,
    unfitness,
    visits,
    work_related,
)
