"""Rasa custom actions. They read slots, call the rules, the directory or the FAQ, utter responses of domain.yml."""
