"""What is measured, for Prometheus. Counts and durations only: no text, no id, no address."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Measures:
    """Metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "relais_turns", "Turns by channel and result", ["channel", "result"], registry=self.registry
        )
        self.turn_seconds = Histogram(
            "relais_turn_seconds", "Whole turn in the gateway", buckets=_SECONDS, registry=self.registry
        )
        self.rasa_seconds = Histogram(
            "relais_rasa_seconds", "Part of the turn spent in Rasa", buckets=_SECONDS, registry=self.registry
        )
        self.refusals = Counter(
            "relais_refusals", "Refused requests by code", ["code"], registry=self.registry
        )
        self.alarms = Counter(
            "relais_safety_alarms", "Safety alarms by kind", ["kind"], registry=self.registry
        )
        self.masked = Counter("relais_masked", "Identifiers masked by kind", ["kind"], registry=self.registry)
        self.not_understood = Counter(
            "relais_not_understood", "Answers that were not understood", ["channel"], registry=self.registry
        )
        self.channel_sends = Counter(
            "relais_channel_sends",
            "Calls to platforms by channel and result",
            ["channel", "result"],
            registry=self.registry,
        )
        self.in_memory = Gauge(
            "relais_conversations_in_memory", "Conversations that are not kept", registry=self.registry
        )
        self.rasa_up = Gauge("relais_rasa_up", "Whether one Rasa at least answers", registry=self.registry)
        self.advisers_waited_for = Gauge(
            "relais_advisers_waited_for",
            "Requests for an adviser that nobody took; NaN without database",
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """Prometheus text format."""
        return generate_latest(self.registry)
