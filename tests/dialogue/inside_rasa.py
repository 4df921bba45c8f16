"""Run by Rasa's own Python (`test_trackers.py`): what the patched trackers do. Prints one JSON object."""

import json

from bot.dialogue import without_tensorflow

without_tensorflow.install()

from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from bot.dialogue import trackers  # noqa: E402

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [inform]
slots:
  city: {type: any, mappings: [{type: custom}]}
  consent: {type: any, mappings: [{type: custom}]}
forms: {situation_form: {required_slots: [city]}}
actions: [action_answer]
""")


def conversation(turns: int) -> DialogueStateTracker:
    """A form opened at the first turn, a slot set at each."""
    tracker = DialogueStateTracker("someone", DOMAIN.slots)
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(ActionExecuted("action_listen"))
    for turn in range(turns):
        tracker.update(UserUttered(f"message {turn}", {"name": "inform"}))
        tracker.update(ActionExecuted("situation_form"))
        if turn == 0:
            tracker.update(SlotSet("consent", "yes"))
            tracker.update(ActiveLoop("situation_form"))
        tracker.update(SlotSet("city", f"ville {turn}"))
        tracker.update(ActionExecuted("action_listen"))
    return tracker


def seen() -> dict[str, object]:
    """Facts about trackers of several lengths."""
    trackers.install()
    long, short = conversation(40), conversation(2)
    before = long.current_state()
    trackers.forget_old_events(long)
    trackers.forget_old_events(short)
    twin = long.copy()
    twin.update(SlotSet("city", "ailleurs"))
    return {
        "events": len(long.events),
        "same_as_three_turns_shorter": len(long.events) == len(trimmed(60).events),
        "first_messages": [event.text for event in long.events if isinstance(event, UserUttered)],
        "form_is_still_open": any(isinstance(e, ActiveLoop) and e.name for e in long.events),
        "state_is_kept": {
            name: long.current_state()[name] == before[name]
            for name in ("slots", "active_loop", "latest_message")
        },
        "short_is_whole": [e.text for e in short.events if isinstance(e, UserUttered)],
        "copy_is_apart": [long.get_slot("city"), twin.get_slot("city"), len(twin.events) - len(long.events)],
        "event_classes": [
            Event.from_parameters({"event": "slot", "name": "city", "value": 3}).value,
            Event.from_parameters({"event": "action", "name": "action_listen"}).action_name,
        ],
    }


def trimmed(turns: int) -> DialogueStateTracker:
    """A conversation of which only the last turns are remembered."""
    tracker = conversation(turns)
    trackers.forget_old_events(tracker)
    return tracker


if __name__ == "__main__":
    print(json.dumps(seen()))
