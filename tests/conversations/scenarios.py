"""Conversations as data: `scenarios/*.yml`, replayed through the whole product.

    title: what the conversation shows, in French
    turns:                        # after the consent, in order
      - say: "words"              # or `choose: id` of a choice
        asks: on_leave            # optional: the fact that the answer asks for next
    answers: {status: salarie_prive}   # optional: to each question left, words or a choice; « je ne sais pas » else
    expect:                       # what must hold at the end; all optional
      first_step: pdp_cell
      steps: {pdp_cell: now}      # these steps, at that time; others may be there
      no_steps: [agefiph]
      devices: {visite_prereprise: open}
      contacts: {pdp_cell: [spsti]}    # one of these types at least
      situation: {boeth: "no"}
      never_asked: [department]
      questions_at_most: 12

The console makes them from reviewed conversations (« En faire un test »).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conversations.product import Person

FOLDER = Path(__file__).parent / "scenarios"
_KEYS = {"title", "turns", "answers", "expect"}
_EXPECTED = {
    "first_step", "steps", "no_steps", "devices", "contacts", "situation", "never_asked", "questions_at_most",
}  # fmt: skip
_OF_A_PLAN = {"first_step", "steps", "no_steps", "devices", "contacts"}


@dataclass(frozen=True)
class Scenario:
    """One conversation and what must come of it."""

    title: str
    turns: tuple[Mapping[str, str], ...]
    expect: Mapping[str, Any]
    answers: Mapping[str, str] = field(default_factory=dict)


def read(text: str) -> Scenario:
    """A scenario. Raises ValueError that names what is wrong."""
    found = yaml.safe_load(text)
    unknown = (found.keys() - _KEYS) | (found.get("expect", {}).keys() - _EXPECTED)
    if unknown:
        raise ValueError(f"unknown: {sorted(unknown)}")
    for turn in found["turns"]:
        if len(turn.keys() & {"say", "choose"}) != 1 or turn.keys() - {"say", "choose", "asks"}:
            raise ValueError(f"a turn says or chooses: {turn}")
    return Scenario(found["title"], tuple(found["turns"]), found["expect"], found.get("answers", {}))


def every() -> dict[str, Scenario]:
    """All the scenarios, by the name of their file."""
    return {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}


async def replay(scenario: Scenario, person: Person) -> None:
    """Say it all, then check what is expected. Raises AssertionError."""
    for turn in scenario.turns:
        await (person.say(turn["say"]) if "say" in turn else person.choose(turn["choose"]))
        if "asks" in turn:
            assert person.asks == turn["asks"], f"after {turn}"
    expect = scenario.expect
    if scenario.answers or (_OF_A_PLAN & expect.keys() and person.plan is None):
        await person.to_plan(dict(scenario.answers))
    if "situation" in expect:
        known = (await person.get("/api/conversation"))[1]["situation"] or {}
        kept = {name: known.get(name) for name in expect["situation"]}
        assert kept == expect["situation"], kept
    assert not set(expect.get("never_asked", ())) & set(person.questions)
    assert len(person.questions) <= expect.get("questions_at_most", 99)
    if person.plan is not None:
        _check_plan(person.plan, expect)


def _check_plan(plan: Mapping[str, Any], expect: Mapping[str, Any]) -> None:
    steps = {step["id"]: step for step in plan["steps"]}
    devices = {device["id"]: device["status"] for device in plan["devices"]}
    assert plan["first_step"] == expect.get("first_step", plan["first_step"]), plan["first_step"]
    for name, when in expect.get("steps", {}).items():
        assert steps.get(name, {}).get("when") == when, (name, list(steps))
    assert not set(expect.get("no_steps", ())) & steps.keys()
    for name, status in expect.get("devices", {}).items():
        assert devices.get(name) == status, name
    for name, types in expect.get("contacts", {}).items():
        assert {contact["type"] for contact in steps[name]["contacts"]} & set(types), name
