"""Whole conversations in French through the running product: gateway, actions, a real Rasa with the trained model."""
