"""Documents as PDF/UA-1: a template of typst, its values as JSON, made in a few threads of their own."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import typst

_ROOT = Path(__file__).resolve().parents[1]
"""What templates may read: the package, for the style that they share (`/web/documents/style.typ`)."""
_AT_ONCE = 2
"""Documents made at the same time: each takes a core for about a tenth of a second."""
_making = ThreadPoolExecutor(_AT_ONCE, "relais-pdf")


async def pdf(template: Path, shown: Mapping[str, Any]) -> bytes:
    """The document, in another thread. The template finds `shown` in `sys.inputs.document`.

    Raises typst.TypstError if it cannot be made accessible: the compiler checks the standard itself.
    """
    return await asyncio.get_running_loop().run_in_executor(_making, _compile, template, shown)


def _compile(template: Path, shown: Mapping[str, Any]) -> bytes:
    made = typst.compile(
        str(template),
        root=str(_ROOT),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"document": json.dumps(shown, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
