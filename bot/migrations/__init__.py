"""Alembic migrations of every table of Relais."""
