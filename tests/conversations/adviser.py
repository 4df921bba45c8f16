"""An adviser who comes to the console of the running product, from the command that makes the account to the inbox."""

import os
import re
import subprocess
from types import TracebackType

import aiohttp
import pyotp

from bot.settings import ROOT
from tests.conversations.product import RELAIS, Product

PASSWORD = "un cheval sous la pluie"


class Adviser:
    """Signs in on entering; `get` and `post` return the page."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._csrf = ""

    async def __aenter__(self) -> "Adviser":
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        made = subprocess.run(
            [RELAIS, "adviser", "add", "camille@exemple.fr", "--role", "manager"],
            cwd=ROOT,
            env=os.environ | {"RELAIS_VAR": str(self._product.var)},
            capture_output=True,
            text=True,
            check=True,
        )
        link = "/console/invitation/" + made.stdout.strip().rpartition("/")[2]
        await self.get(link)
        page = await self.post(link, password=PASSWORD, again=PASSWORD)
        secret = re.search(r'translate="no">([A-Z2-7 ]+)</span>', page)
        hidden = re.search(r'name="secret" value="([^"]+)"', page)
        assert secret is not None
        assert hidden is not None
        code = pyotp.TOTP(secret[1].replace(" ", "")).now()
        await self.post("/console/connexion/enrolement", code=code, secret=hidden[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str, *, status: int = 200) -> str:
        async with self._session.get(self._product.url + path) as response:
            return await self._read(response, status)

    async def post(self, path: str, **fields: str) -> str:
        async with self._session.post(
            self._product.url + path, data={"csrf": self._csrf} | fields
        ) as response:
            return await self._read(response, 200)

    async def _read(self, response: aiohttp.ClientResponse, status: int) -> str:
        text = await response.text()
        assert response.status == status, (response.status, str(response.url), text[-500:])
        if found := re.search(r'name="csrf" value="([^"]+)"', text):
            self._csrf = found[1]
        return text
