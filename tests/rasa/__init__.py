"""Rasa's own checks, with the trained model."""
