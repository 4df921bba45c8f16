"""Settings of the public side alone, from the environment."""

import ipaddress
import os
from dataclasses import dataclass, field

from bot.gateway.operator import Operator
from bot.mail import MailServer
from bot.settings import SettingsError
from bot.web.addresses import Network


def _numbers(name: str, default: float) -> float:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = -1
    if number < 0:
        raise SettingsError(f"{name}={value!r}: a number, 0 for no limit, is expected")
    return number


def _words(name: str) -> tuple[str, ...]:
    return tuple(os.environ.get(name, "").replace(",", " ").split())


def _networks(name: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word, strict=False) for word in _words(name))
    except ValueError as problem:
        raise SettingsError(f"{name}: addresses or networks such as 10.0.0.0/8 are expected") from problem


def _origins(name: str) -> frozenset[str]:
    origins = _words(name)
    for origin in origins:
        if not origin.startswith(("https://", "http://")) or origin.count("/") != 2:
            raise SettingsError(f"{name}: {origin!r} is not an origin such as https://www.example.fr")
    return frozenset(origins)


@dataclass(frozen=True)
class Options:
    """Limits and trust of the public process. Build one with `Options.from_environment()`."""

    allowed_origins: frozenset[str] = frozenset()
    """Sites whose pages may call the API (`RELAIS_ALLOWED_ORIGINS`)."""
    trusted_proxies: tuple[Network, ...] = ()
    """Proxies whose X-Forwarded-For is believed (`RELAIS_TRUSTED_PROXY`)."""
    metrics_token: str = field(default="", repr=False)
    """Bearer token that opens /metrics from elsewhere than loopback (`RELAIS_METRICS_TOKEN`)."""
    messages_per_minute: float = 30
    """Messages of one conversation (`RELAIS_RATE_MESSAGES`); 0 for no limit."""
    requests_per_minute: float = 600
    """Requests of one address (`RELAIS_RATE_REQUESTS`). Many people may share one: an office, an operator."""
    conversations_per_minute: float = 60
    """New conversations of one address (`RELAIS_RATE_CONVERSATIONS`)."""
    resumes_per_minute: float = 6
    """Resume codes tried from one address (`RELAIS_RATE_RESUMES`)."""
    all_resumes_per_minute: float = 60
    """Resume codes tried from everywhere (`RELAIS_RATE_ALL_RESUMES`): see `bot.conversation.codes` for what it bounds."""
    documents_per_minute: float = 30
    """PDF documents made for one address (`RELAIS_RATE_DOCUMENTS`): each takes a core for about 0.1 s."""
    mails_per_hour: float = 3
    """Plans sent by e-mail for one conversation (`RELAIS_RATE_MAILS`); ten times as many for one address."""
    mail: MailServer | None = None
    """Server that sends the plan by e-mail (`RELAIS_SMTP_URL`)."""
    call_backs_per_hour: float = 3
    """Requests to be called back of one conversation (`RELAIS_RATE_CALL_BACKS`); ten times as many for one address."""
    adviser_silence: float = 30
    """Minutes without a message of the adviser after which the bot answers again (`RELAIS_ADVISER_SILENCE`)."""
    adviser_wait: float = 60
    """Minutes after which a request that nobody took is closed, and the person told (`RELAIS_ADVISER_WAIT`)."""
    streams: int = 2_000
    """Event streams open at the same time in this process."""
    operator: Operator = field(default_factory=Operator)
    """Who runs the service, on the public pages."""
    rasa_timeout: float = 20.0
    """Seconds that Rasa has for an answer (`RELAIS_RASA_TIMEOUT`)."""
    waiting: int = 3
    """Messages of one conversation that may wait for their turn."""
    memory: int = 5_000
    """Conversations held in memory for people who have not agreed that anything be kept."""
    memory_ttl: float = 7200.0
    """Seconds without a message after which such a conversation is forgotten."""

    @classmethod
    def from_environment(cls) -> "Options":
        """Read `RELAIS_*`. Raises SettingsError on a value that cannot be used."""
        return cls(
            allowed_origins=_origins("RELAIS_ALLOWED_ORIGINS"),
            trusted_proxies=_networks("RELAIS_TRUSTED_PROXY"),
            metrics_token=os.environ.get("RELAIS_METRICS_TOKEN", ""),
            messages_per_minute=_numbers("RELAIS_RATE_MESSAGES", 30),
            requests_per_minute=_numbers("RELAIS_RATE_REQUESTS", 600),
            conversations_per_minute=_numbers("RELAIS_RATE_CONVERSATIONS", 60),
            resumes_per_minute=_numbers("RELAIS_RATE_RESUMES", 6),
            all_resumes_per_minute=_numbers("RELAIS_RATE_ALL_RESUMES", 60),
            documents_per_minute=_numbers("RELAIS_RATE_DOCUMENTS", 30),
            mails_per_hour=_numbers("RELAIS_RATE_MAILS", 3),
            call_backs_per_hour=_numbers("RELAIS_RATE_CALL_BACKS", 3),
            adviser_silence=_numbers("RELAIS_ADVISER_SILENCE", 30) or 30,
            adviser_wait=_numbers("RELAIS_ADVISER_WAIT", 60) or 60,
            mail=MailServer.from_environment(),
            operator=Operator.from_environment(),
            rasa_timeout=_numbers("RELAIS_RASA_TIMEOUT", 20.0) or 20.0,
        )
