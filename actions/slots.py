"""Names of the slots, said once. The facts of the Situation have a slot each, with the fact's own name."""

from bot.orientation import FACTS

REQUESTED = "requested_slot"
FORM = "situation_form"

CONSENT = "consent"
CONFIRM = "confirm"
FEEDBACK = "feedback"
ASKS = "asks"
"""The question that is open outside the form (feedback)."""
OPEN = "open"
"""The last question about a fact, kept while something else is being asked."""
DECLINED = "declined"
"""Facts that the person could not or would not give: never asked again."""
HISTORY = "history"
"""Facts answered to a question, in order, to go back to."""
PROGRESS = "progress"
"""{"fact", "asked", "about"}: the question about this fact is number `asked` of about `about`."""
WORDS = "words"
"""Fact → the words that gave it."""
PLACES = "places"
"""Places between which the person must choose."""
FAILURES = "failures"
"""Messages in a row that were not understood."""
ANSWERED = "answered"
"""Topic of the FAQ answered last, for « et mon employeur ? »."""
EXPLAINED = "explained"
"""Acronyms whose words were already given."""
SAID = "said"
"""Contradictions already pointed out, and what else is said once."""
PLAN_GIVEN = "plan_given"
TURN = "turn"
"""Changes at every message, so that Rasa never takes an answered turn for a rejected one."""

# Questions that are not about a fact: asked by the safety rules, or when a message was not understood.
SELF_HARM = "self_harm"
PAUSED = "paused"
STUCK = "stuck"
CLARIFY = "clarify"

FACT_NAMES = tuple(FACTS)
HEALTH_FACTS = tuple(
    name for name in FACT_NAMES if name not in ("audience", "department", "commune", "concern")
)
"""What is wiped when the person refuses that health-related answers be used."""
