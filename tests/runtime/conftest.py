from tests.gateway.conftest import rasa, settings, start

__all__ = ["rasa", "settings", "start"]
