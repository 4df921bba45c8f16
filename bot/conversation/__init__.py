"""What is kept of a conversation: tables, the store that writes them, retention, erasure, export."""

from bot.conversation.state import ConversationState, TurnRecord
from bot.conversation.store import ConversationGoneError, Store

__all__ = ["ConversationGoneError", "ConversationState", "Store", "TurnRecord"]
