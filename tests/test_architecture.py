"""The direction of imports between the rooms of the house (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

FOUNDATION = {"bot.settings", "bot.database", "bot.logs", "bot.shared", "bot.tracing"}
MAY_IMPORT = {
    "bot.orientation": set(),
    "bot.language": {"bot.directory.places", "bot.settings"},
    "bot.directory": {"bot.settings", "bot.database"},
    "bot.conversation": FOUNDATION,
    "bot.acronyms": {"bot.settings"},
    "bot.faq": {"bot.settings"},
    "bot.path": {"bot.orientation", "bot.directory", "bot.settings"},
    "bot.dialogue": {"bot.language", "bot.lines", "bot.logs", "bot.settings", "bot.shared"},
    "bot.web": {"bot.settings"},
    "bot.understanding": {"bot.language", "bot.settings"},
    "bot.console": {
        "bot.conversation",
        "bot.directory",
        "bot.language",
        "bot.orientation",
        "bot.path",
        "bot.faq",
        "bot.mail",
        "bot.web",
        "bot.understanding",
        "bot.dialogue.intents",
        *FOUNDATION,
    },
    "actions": {
        "bot.orientation",
        "bot.directory",
        "bot.language",
        "bot.path",
        "bot.faq",
        "bot.acronyms",
        "bot.phones",
        *FOUNDATION,
    },
}
"""Room → what of the project it may import besides itself. Rooms not named (gateway, commands…) are on top."""
NEVER_IMPORTED = {"bot.gateway", "bot.console", "bot.commands", "bot.runtime"}
BOTH_ENVIRONMENTS = {"bot.language", "bot.dialogue", "bot.lines", "bot.logs", "bot.settings", "bot.shared"}
"""Run under Python 3.10 too."""


def modules(room: str) -> Iterator[Path]:
    path = ROOT / room.replace(".", "/")
    yield from path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{path}: relative import; write the whole name")
    return {name for name in found if name.split(".")[0] in ("bot", "actions")}


def allowed(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_its_arrows_allow(room: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(room)
        for name in imports(path)
        if not allowed(name, MAY_IMPORT[room] | {room})
    }
    assert not wrong


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_nobody_below_imports_the_rooms_on_top(room: str) -> None:
    wrong = {
        str(path)
        for path in modules(room)
        for name in imports(path)
        if allowed(name, NEVER_IMPORTED - {room})
    }
    assert not wrong


@pytest.mark.parametrize("room", sorted(BOTH_ENVIRONMENTS))
def test_what_runs_inside_rasa_is_python_3_10(room: str) -> None:
    for path in modules(room):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))


def test_the_gateway_and_the_console_do_not_know_each_other() -> None:
    """They meet in bot/conversation and bot/web, and are put together in bot/runtime."""
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules("bot.gateway")
        for name in imports(path)
        if allowed(name, {"bot.console"})
    }
    assert not wrong


def test_the_modules_named_here_exist() -> None:
    for room in MAY_IMPORT:
        assert any(path.exists() for path in modules(room)), room
