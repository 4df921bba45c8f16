"""Improving: correct what was understood, export it, make tests, compare models, correct the directory."""
