"""An OpenID Connect provider on a port of its own: discovery, keys, code flow with PKCE, signed tokens, faults."""

import secrets
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from time import time
from typing import Any
from urllib.parse import quote_plus

from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "relais", "secret: du client"


@cache
def _keys() -> tuple[RSAKey, RSAKey]:
    """The provider's key, and one that pretends to be it."""
    ours, stranger = (RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False) for _ in range(2))
    return ours, stranger


class LocalProvider:
    """Signs in whoever comes as `person`. `claims` replaces claims of the token; `fault` names what goes wrong."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks", self._jwks)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        self.server = TestServer(app)
        self.key, self.stranger = _keys()
        self.person: dict[str, Any] = {"sub": "1234", "email": "camille@exemple.fr", "email_verified": True}
        self.claims: dict[str, Any] = {}
        self.fault = ""
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def _discovery(self, _request: web.Request) -> web.Response:
        issuer = "https://ailleurs.example" if self.fault == "discovery" else self.issuer
        token_endpoint = "http://ailleurs.example/token" if self.fault == "plain" else f"{self.issuer}/token"
        return web.json_response({
            "issuer": issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": token_endpoint,
            "jwks_uri": f"{self.issuer}/jwks", "code_challenge_methods_supported": ["S256"],
        })  # fmt: skip

    async def _jwks(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        if self.fault == "denied":
            return _to(f"{query['redirect_uri']}?error=access_denied&state={query['state']}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return _to(f"{query['redirect_uri']}?code={code}&state={query['state']}")

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self._codes.pop(str(form["code"]), None)
        challenge = (
            urlsafe_b64encode(sha256(str(form["code_verifier"]).encode()).digest()).rstrip(b"=").decode()
        )
        right = (
            asked is not None
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form["redirect_uri"]
            and request.headers["Authorization"] == encode_basic_auth(CLIENT, quote_plus(SECRET))
        )
        if not right or asked is None or self.fault == "down":
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(
            {"token_type": "Bearer", "access_token": "a", "id_token": self._sign(asked["nonce"])}
        )

    def _sign(self, nonce: str) -> str:
        claims = {
            "iss": self.issuer, "aud": CLIENT, "nonce": nonce, "iat": int(time()), "exp": int(time()) + 300,
        } | self.person | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.fault == "signature":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.stranger)
        if self.fault == "symmetric":
            known = OctKey.import_key(SECRET * 4)
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, known, algorithms=["HS256"])
        if self.fault == "none":
            return jwt.encode({"alg": "none"}, claims, OctKey.import_key(""), algorithms=["none"])
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


def _to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})
