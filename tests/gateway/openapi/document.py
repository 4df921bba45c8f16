"""docs/openapi.yaml, and whether an answer is what it says."""

from typing import Any

import yaml
from aiohttp import ClientResponse
from jsonschema import Draft202012Validator

from bot.settings import ROOT

PATH = ROOT / "docs" / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
METHODS = ("get", "post", "patch", "delete")


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference names."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that knows the components of the document."""
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


async def check(response: ClientResponse, path: str) -> Any:
    """Fail unless the document foresees this answer of this path; returns its body, read."""
    operation = DOCUMENT["paths"][path][response.method.lower()]
    said = operation["responses"].get(str(response.status))
    assert said is not None, f"{response.method} {path}: {response.status} is not in the document"
    content = resolve(said).get("content")
    if content is None:
        assert await response.read() == b""
        return None
    assert response.content_type in content, f"{response.method} {path}: {response.content_type}"
    if response.content_type != "application/json":
        return await response.text()
    body = await response.json()
    wrong = [error.message for error in validator(content["application/json"]["schema"]).iter_errors(body)]
    assert wrong == [], f"{response.method} {path} {response.status}"
    return body
