"""What the handlers share: the parts of one application, under one typed key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.conversation.callbacks import CallBacks
from bot.conversation.codes import ResumeCodes
from bot.conversation.following import FollowUp
from bot.conversation.live import Live
from bot.conversation.presence import Presence
from bot.conversation.pushing import Pushing
from bot.conversation.store import Store
from bot.gateway.advisers import Advisers
from bot.gateway.dialogue import Dialogue
from bot.gateway.limits import RateLimiter
from bot.gateway.measures import Measures
from bot.gateway.notices import Notices
from bot.gateway.options import Options
from bot.gateway.rasa import RasaClient
from bot.gateway.sessions import Sessions
from bot.gateway.sharing import Sharing
from bot.gateway.streams import Streams
from bot.settings import Settings


@dataclass(frozen=True)
class Gateway:
    """The parts of the public application."""

    settings: Settings
    options: Options
    rasa: RasaClient
    store: Store
    sharing: Sharing
    """Memory, turns and limits, of this process or of all."""
    dialogue: Dialogue
    sessions: Sessions
    measures: Measures
    requests: RateLimiter
    """Requests of an address."""
    conversations: RateLimiter
    """New conversations of an address."""
    messages: RateLimiter
    """Messages of a conversation."""
    codes: ResumeCodes
    follow: FollowUp
    resumes: RateLimiter
    """Resume codes tried from an address."""
    all_resumes: RateLimiter
    """Resume codes tried from everywhere."""
    documents: RateLimiter
    """PDF documents made for an address."""
    mails: RateLimiter
    """E-mails of a conversation."""
    mails_of_address: RateLimiter
    live: Live
    pushing: Pushing
    streams: Streams
    presence: Presence
    advisers: Advisers
    notices: Notices
    call_backs: CallBacks
    call_backs_asked: RateLimiter
    """Requests to be called back of a conversation, or ten times as many of an address."""
    call_backs_of_address: RateLimiter
    today: Callable[[], date]
    """The date in France."""


GATEWAY: web.AppKey[Gateway] = web.AppKey("relais.gateway", Gateway)
