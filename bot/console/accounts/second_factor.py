"""The second factor: time-based codes (RFC 6238), each good once, and recovery codes for a lost telephone."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp
import segno

from bot.conversation.secrecy import Secrecy

ISSUER = "Relais"
RECOVERY_CODES = 10
_STEP_SECONDS = 30
_LETTERS = "bcdfghjkmnpqrstvwxyz23456789"
_HALF = 5
_NOT_WRITTEN = re.compile(r"[\s-]+")


def new_secret() -> str:
    """A secret to share with the adviser's telephone."""
    return pyotp.random_base32()


def readable(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def address(secret: str, email: str) -> str:
    """The `otpauth://` address that applications read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> str:
    """The address as a QR code, in SVG."""
    return str(segno.make(address(secret, email), error="m").svg_inline(border=2, omitsize=True))


def step_of(secret: str, typed: str, at: datetime, last: int | None) -> int | None:
    """The time step of this code, one step early or late at the most; None when wrong or used already."""
    code, now = _NOT_WRITTEN.sub("", typed), int(at.timestamp()) // _STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.at(step * _STEP_SECONDS).encode(), code.encode()):
            found = step
    return None if found is None or (last is not None and found <= last) else found


def new_recovery_codes() -> list[str]:
    """Codes to write down: ten characters, 48 bits."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2)) for _ in range(10)
    ]


def recovery_digests(secrecy: Secrecy, adviser_id: int, typed: str) -> list[str]:
    """What may be kept of a recovery code: under the present secret first, then under those before it."""
    return secrecy.lookups("recovery", str(adviser_id), _NOT_WRITTEN.sub("", typed[:64].lower()))
