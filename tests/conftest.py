"""How the tests share two cores: what is dear to start is started once, on one worker of pytest-xdist."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
STARTED_ONCE = {"browser": "browser", "conversations": "product", "evaluation": "product"}
"""Folder → group. One Chromium serves every browser test, one real Rasa every conversation."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each group together (`--dist loadgroup`); every other test goes to the worker that is free."""
    for item in items:
        group = STARTED_ONCE.get(item.path.relative_to(HERE).parts[0])
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
