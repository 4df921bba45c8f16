"""What changed between two plans: steps added, gone or moved, devices newly open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Outline = dict[str, Any]
"""{"steps": {id: {"title", "when"}}, "devices": {id: {"name", "status"}}}: enough to compare, nothing more."""


@dataclass(frozen=True)
class Changes:
    """Differences, each with the words that the plans use. False when nothing changed."""

    added: tuple[str, ...] = ()
    """Titles of the steps that came."""
    removed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    """Title of a step, and its `when` from now on."""
    opened: tuple[str, ...] = ()
    """Names of the devices that were not open and are."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved or self.opened)

    def to_json(self) -> dict[str, Any]:
        """For the API."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "moved": [{"title": title, "when": when} for title, when in self.moved],
            "opened": list(self.opened),
        }


def outline(plan: Mapping[str, Any]) -> Outline:
    """What of a plan is compared."""
    return {
        "steps": {step["id"]: {"title": step["title"], "when": step["when"]} for step in plan["steps"]},
        "devices": {
            device["id"]: {"name": device["name"], "status": device["status"]}
            for device in plan.get("devices") or []
        },
    }


def changes(before: Outline, after: Outline) -> Changes:
    """What a person who saw `before` should know of `after`, in the order of the plans."""
    old_steps, steps = before["steps"], after["steps"]
    old_devices, devices = before["devices"], after["devices"]
    return Changes(
        added=tuple(step["title"] for name, step in steps.items() if name not in old_steps),
        removed=tuple(step["title"] for name, step in old_steps.items() if name not in steps),
        moved=tuple(
            (step["title"], step["when"])
            for name, step in steps.items()
            if name in old_steps and old_steps[name]["when"] != step["when"]
        ),
        opened=tuple(
            device["name"]
            for name, device in devices.items()
            if device["status"] == "open" and old_devices.get(name, {}).get("status") != "open"
        ),
    )
