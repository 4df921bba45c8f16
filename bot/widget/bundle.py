"""Puts the widget together: its modules in order, its style and its words, as one classic script.

No build tool: the modules are plain ES modules, whose `import` and `export` words are taken away. Everything is in
one function, so that nothing of it is visible to the page.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

HERE = Path(__file__).parent
MODULES = (
    "dom", "text", "client", "outbox", "voice", "preferences", "plan", "transcript", "answer", "live", "bar",
    "conversation", "element",
)  # fmt: skip
"""Each one after those that it imports."""
BUDGET = 25 * 1024
"""Bytes of the script, gzipped: what it may cost someone on a phone."""

_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(//.*|/\*\*.*\*/)\n", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Bundle:
    """The script as it is served."""

    script: bytes
    gzipped: bytes
    etag: str


@cache
def words() -> dict[str, Any]:
    """What the widget says, from `data/widget.yml`; what the plan's page says too comes from `data/pages.yml`."""
    said: dict[str, Any] = _yaml("widget.yml")
    pages = _yaml("pages.yml")
    said["plan"] |= {name: pages[name] for name in ("when", "employer_informed")}
    return said


def _yaml(name: str) -> dict[str, Any]:
    with (ROOT / "data" / name).open(encoding="utf-8") as stream:
        read: dict[str, Any] = yaml.safe_load(stream)
    return read


@cache
def bundle() -> Bundle:
    """Made once, at the first call. Raises OSError or KeyError when a part is missing."""
    parts = [
        '(() => {\n"use strict";',
        f"const WORDS = {_literal(words())};",
        f"const STYLE = {_literal(_style())};",
        *(_module(name) for name in MODULES),
        "})();\n",
    ]
    script = "\n".join(parts).encode()
    return Bundle(script, gzip.compress(script, 9, mtime=0), f'"{sha256(script).hexdigest()[:20]}"')


def _module(name: str) -> str:
    source = (HERE / f"{name}.js").read_text(encoding="utf-8")
    return _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source))).strip()


def _style() -> str:
    return _CSS_SPACE.sub(
        " ", _CSS_COMMENT.sub("", (HERE / "widget.css").read_text(encoding="utf-8"))
    ).strip()


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028")
