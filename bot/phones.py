"""How telephone numbers read."""

import re


def spaced(phone: str) -> str:
    """« 36 46 » for 3646: what is dialled is also what is read, and a number is never cut at the end of a line."""
    parts = f"{phone[:2]} {phone[2:]}" if re.fullmatch(r"\d{4}", phone) else phone
    return parts.replace(" ", "\u00a0")
