"""Talking to an OpenID Connect provider: discovery, code for tokens, and what makes an id_token believable.

OpenID Connect Core 1.0, 3.1.3.7; PKCE (RFC 7636). The claims are judged by authlib, the signature by joserfc.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

import aiohttp
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.console.accounts.oidc.settings import OidcSettings, is_safe

_SECONDS = 10
_LEEWAY = 60
"""Seconds of difference between clocks."""
_ALGORITHMS = ("RS256", "PS256", "ES256")
"""Asymmetric only: with HS256 whoever knows the client's secret could sign."""
_LARGEST = 256 * 1024


class ProviderError(Exception):
    """The provider does not answer, or its answer cannot be believed. Says why in a few words, without a secret."""


@dataclass(frozen=True)
class Attempt:
    """What must come back unchanged from the provider; lives in an encrypted cookie."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is."""

    issuer: str
    subject: str
    email: str
    """Empty unless the provider says that it was verified."""
    strong: bool
    """Whether a second factor was asked for, as the token says (RFC 8176)."""


class Provider:
    """One provider. Its documents are read again at each sign-in: these are rare, and keys turn."""

    def __init__(self, settings: OidcSettings, redirect_uri: str) -> None:
        self._settings = settings
        self._redirect_uri = redirect_uri

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderError."""
        async with self._client() as client:
            endpoint = (await self._discover(client))["authorization_endpoint"]
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def identity(self, code: str, attempt: Attempt) -> Identity:
        """Who gave this code. Raises ProviderError."""
        async with self._client() as client:
            found = await self._discover(client)
            tokens = await self._exchange(client, found, code, attempt)
            keys = await self._ask(client, "GET", found["jwks_uri"])
            claims = self._believe(str(tokens.get("id_token", "")), keys, attempt, tokens.get("access_token"))
        verified = claims.get("email_verified") is True
        methods = claims.get("amr") or []
        return Identity(
            issuer=claims["iss"],
            subject=claims["sub"],
            email=str(claims.get("email", "")) if verified else "",
            strong="mfa" in methods,
        )

    def _client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS))

    async def _discover(self, client: aiohttp.ClientSession) -> dict[str, Any]:
        address = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = await self._ask(client, "GET", address)
        if found.get("issuer") != self._settings.issuer:
            raise ProviderError("discovery: another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(found.get(name)):
                raise ProviderError(f"discovery: {name} is missing or not https")
        return found

    async def _exchange(
        self, client: aiohttp.ClientSession, found: dict[str, Any], code: str, attempt: Attempt
    ) -> dict[str, Any]:
        settings, headers = self._settings, {}
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": settings.client_id,
            "code_verifier": attempt.verifier,
        }
        ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if settings.client_secret and "client_secret_basic" in ways:
            # each part encoded first, as RFC 6749 2.3.1 says: a secret may hold a colon
            name, secret = quote_plus(settings.client_id), quote_plus(settings.client_secret)
            headers["Authorization"] = aiohttp.encode_basic_auth(name, secret)
        elif settings.client_secret:
            form["client_secret"] = settings.client_secret
        return await self._ask(client, "POST", found["token_endpoint"], data=form, headers=headers)

    async def _ask(
        self, client: aiohttp.ClientSession, method: str, address: str, **more: Any
    ) -> dict[str, Any]:
        """The JSON object at an address of the provider, of bounded size; no redirection is followed."""
        try:
            async with client.request(method, address, allow_redirects=False, **more) as response:
                if response.status != 200:
                    raise ProviderError(f"status {response.status}")
                found = json.loads(await response.content.read(_LARGEST))
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            raise ProviderError(type(problem).__name__) from None
        if not isinstance(found, dict):
            raise ProviderError("not a JSON object")
        return found

    def _believe(
        self, token: str, keys: dict[str, Any], attempt: Attempt, access_token: object
    ) -> dict[str, Any]:
        """The claims of an id_token whose signature, issuer, audience, nonce and times are right."""
        settings = self._settings
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={"iss": {"value": settings.issuer}, "aud": {"value": settings.client_id}},
                params={
                    "nonce": attempt.nonce,
                    "client_id": settings.client_id,
                    "access_token": access_token,
                },
            )
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            raise ProviderError(f"id_token: {type(problem).__name__}") from None
        return dict(read.claims)
