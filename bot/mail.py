"""E-mail, where the deployer gave a server: a plan to its person, a notice to an adviser. No address is ever logged."""

import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.settings import SettingsError

logger = logging.getLogger("relais.mail")

Security = Literal["tls", "starttls", "none"]
_PORTS = {"smtps": 465, "smtp": 587}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECONDS = 20.0
_LOCAL = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
_DOMAIN = re.compile(r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$")


class MailError(Exception):
    """The message could not be sent. `refused`: the server does not accept this recipient."""

    def __init__(self, *, refused: bool) -> None:
        super().__init__("refused" if refused else "failed")
        self.refused = refused


@dataclass(frozen=True)
class Attachment:
    """A file of a message."""

    name: str
    content: bytes
    kind: str
    """MIME type."""


def address(typed: str) -> str | None:
    """The address meant by what a person typed, its domain in ASCII; None when it cannot be one."""
    local, at, domain = typed.strip().rpartition("@")
    if not at or not _LOCAL.match(local) or len(local) > 64 or len(domain) > 253:
        return None
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return f"{local}@{ascii_domain}" if _DOMAIN.match(ascii_domain) else None


@dataclass(frozen=True)
class MailServer:
    """Where to send from. Only encrypted, unless the server is on this very machine."""

    host: str
    port: int
    security: Security
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> "MailServer | None":
        """`RELAIS_SMTP_URL` (or `RELAIS_SMTP_URL_FILE`) and `RELAIS_MAIL_FROM`; None when there is no server.

        `smtps://user:password@host` (TLS from the start) or `smtp://…` (STARTTLS). Raises SettingsError.
        """
        url, file = os.environ.get("RELAIS_SMTP_URL", ""), os.environ.get("RELAIS_SMTP_URL_FILE", "")
        if file and not url:
            url = Path(file).read_text(encoding="utf-8").strip()
        if not url:
            return None
        parsed = urlsplit(url)
        if parsed.scheme not in _PORTS or not parsed.hostname:
            raise SettingsError("RELAIS_SMTP_URL: smtps://user:password@host or smtp://… is expected")
        sender = address(os.environ.get("RELAIS_MAIL_FROM", ""))
        if sender is None:
            raise SettingsError(
                "RELAIS_MAIL_FROM: with RELAIS_SMTP_URL, the address to send from is expected"
            )
        security: Security = "tls" if parsed.scheme == "smtps" else "starttls"
        if parsed.scheme == "smtp" and parsed.hostname in _LOOPBACK:
            security = "none"
        return cls(
            host=parsed.hostname,
            port=parsed.port or _PORTS[parsed.scheme],
            security=security,
            sender=sender,
            username=unquote(parsed.username or ""),
            password=unquote(parsed.password or ""),
        )

    async def send(self, to: str, subject: str, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Send one message. Raises MailError, whose text names nobody."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"], message["Message-ID"] = (
            formatdate(),
            make_msgid(domain=self.sender.partition("@")[2]),
        )
        message["Auto-Submitted"] = "auto-generated"  # so that no out-of-office answers (RFC 3834)
        message.set_content(text)
        for each in attachments:
            main, _, sub = each.kind.partition("/")
            message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username or None,
                password=self.password or None,
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                timeout=_SECONDS,
            )
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPRecipientRefused):
            raise MailError(refused=True) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as problem:
            logger.warning("mail not sent: %s", type(problem).__name__)
            raise MailError(refused=False) from None
