"""What the gateway and the console share of the advisers: one set for both, made by the gateway."""

from dataclasses import dataclass

from bot.conversation.callbacks import CallBacks
from bot.conversation.handoff import Handoffs
from bot.conversation.live import Live
from bot.conversation.presence import Presence
from bot.conversation.pushing import Pushing


@dataclass(frozen=True)
class AdviserDesk:
    """Requests, call-backs, who is on duty, and the news of them."""

    handoffs: Handoffs
    call_backs: CallBacks
    presence: Presence
    pushing: Pushing
    live: Live
    sends_mail: bool
    """Whether those on duty can be told by e-mail."""
