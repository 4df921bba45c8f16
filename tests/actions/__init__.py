"""Rasa custom actions without Rasa."""
