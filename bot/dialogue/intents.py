"""Names of intents as other programs know them (docs/contract)."""

PUBLIC = {"start_over": "restart", "repeat": "why_question"}
"""Rasa answers an intent named `restart` itself, by forgetting everything, consent included: ours has another name.
`repeat` is answered with what the question is for."""


def public(intent: str) -> str:
    """The contract's name of an intent."""
    return PUBLIC.get(intent, intent)
