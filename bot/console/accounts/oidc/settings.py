"""The organisation's OpenID Connect provider, from the environment."""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import SettingsError


@dataclass(frozen=True)
class OidcSettings:
    """Build one with `OidcSettings.from_environment()`."""

    issuer: str
    """`RELAIS_OIDC_ISSUER`: where the discovery document is, without /.well-known/…"""
    client_id: str
    """`RELAIS_OIDC_CLIENT_ID`."""
    client_secret: str = field(default="", repr=False)
    """`RELAIS_OIDC_CLIENT_SECRET` or `RELAIS_OIDC_CLIENT_SECRET_FILE`; empty for a public client (PKCE alone)."""
    name: str = ""
    """`RELAIS_OIDC_NAME`: name of the organisation on the sign-in page."""
    trusts_factor: bool = False
    """`RELAIS_OIDC_SECOND_FACTOR=provider`: the provider asks for the second factor itself, always."""

    @classmethod
    def from_environment(cls) -> "OidcSettings | None":
        """None where no provider is given. Raises SettingsError on a value that cannot be used."""
        issuer, client_id = (
            os.environ.get("RELAIS_OIDC_ISSUER", ""),
            os.environ.get("RELAIS_OIDC_CLIENT_ID", ""),
        )
        if not issuer and not client_id:
            return None
        if not is_safe(issuer):
            raise SettingsError(f"RELAIS_OIDC_ISSUER={issuer!r}: an https:// address is expected")
        if not client_id:
            raise SettingsError("RELAIS_OIDC_CLIENT_ID is missing, RELAIS_OIDC_ISSUER being given")
        factor = os.environ.get("RELAIS_OIDC_SECOND_FACTOR", "") or "relais"
        if factor not in ("relais", "provider"):
            raise SettingsError(f"RELAIS_OIDC_SECOND_FACTOR={factor!r}: relais or provider is expected")
        secret, path = (
            os.environ.get("RELAIS_OIDC_CLIENT_SECRET", ""),
            os.environ.get("RELAIS_OIDC_CLIENT_SECRET_FILE"),
        )
        if not secret and path:
            secret = Path(path).read_text(encoding="utf-8").strip()
        name = os.environ.get("RELAIS_OIDC_NAME", "") or (urlsplit(issuer).hostname or "")
        return cls(issuer, client_id, secret, name, factor == "provider")


def is_safe(address: object) -> bool:
    """Whether an address of the provider may be used: https, or this very machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    host = parts.hostname or ""
    return (parts.scheme == "https" and bool(host)) or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


OIDC: web.AppKey[OidcSettings] = web.AppKey("relais.console.oidc", OidcSettings)
