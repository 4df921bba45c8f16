"""What is detected in a message."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["soft", "suicide", "emergency", "violence", "child"]


@dataclass(frozen=True)
class Alarm:
    """A cry for help read in a message.

    `kind`: "soft" calls for a gentle question; the others for numbers, at once.
    `about_other`: the person in danger is somebody else than who writes (« mon collègue veut se pendre »).
    `words`: the part of the message that raised the alarm. Health words: never to be logged or stored.
    `immediate`: a gesture was made or a means is at hand (pills taken, rope bought, weapon): 15 or 17 first.
    `cue`: name of the family of cues, which may be counted since it says nothing of the message.
    """

    kind: Kind
    about_other: bool
    words: str
    immediate: bool = False
    cue: str = ""
