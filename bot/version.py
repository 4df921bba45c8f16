"""Which software, rules and model: said by `relais version`, kept with each conversation, shown with its plan."""

import hashlib
import re
from functools import cache

from bot.settings import ROOT

VERSION = "0.9.0"
"""Version of the software (semantic versioning; what a version changes is in CHANGELOG.md)."""
_RULES = ("bot/orientation/**/*.py", "data/orientation/**/*.yml")
_CHECKED = re.compile(r"last_checked: (\d{4}-\d\d-\d\d)")


@cache
def rules_version() -> str:
    """Version of the rules: day of the last check against the law, and a fingerprint of code and values.

    « 2026-11-22.1a2b3c4d »: two plans with the same one were made by the same rules.
    """
    digest, checked = hashlib.sha256(), ""
    for pattern in _RULES:
        for path in sorted(ROOT.glob(pattern)):
            content = path.read_text(encoding="utf-8")
            digest.update(f"{path.relative_to(ROOT).as_posix()}\n{content}".encode())
            checked = max([checked, *_CHECKED.findall(content)])
    return f"{checked}.{digest.hexdigest()[:8]}"
