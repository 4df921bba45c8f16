"""From a channel to the web and back: the resume code, and the signed link that shows the plan."""

from bot.conversation.codes import read
from bot.gateway.coming_back import code_url, new_code
from bot.gateway.context import Gateway
from bot.gateway.errors import RefusalError

_TRIES_PER_MINUTE = 3


class Handover:
    """Codes and links of the conversations of channels."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tries = gateway.sharing.limiter("codes", _TRIES_PER_MINUTE)

    async def code(self, conversation_id: str) -> tuple[str, str] | None:
        """A new code for the web and the link that fills it in; None for a conversation that is not kept.

        Raises RefusalError when the conversation is gone or cannot be reached.
        """
        try:
            issued = await new_code(self._gateway, conversation_id)
        except RefusalError as refusal:
            if refusal.code == "not_kept":
                return None
            raise
        return issued.code, code_url(self._gateway, issued.code)

    def is_code(self, text: str) -> bool:
        """Whether a message is written as a code."""
        return read(text) is not None

    async def conversation(self, text: str, person: str) -> str | None:
        """The conversation that a code opens. A person may try a few times a minute, all together as on the web."""
        if await self._tries.take(person) is not None:
            return None
        if await self._gateway.all_resumes.take("all") is not None:
            return None
        return await self._gateway.codes.conversation(text)

    def plan_url(self, conversation_id: str) -> str:
        """A link that shows the plan, to read only, without a cookie."""
        key = self._gateway.sessions.tokens.plan(conversation_id)
        return f"{self._gateway.settings.public_url}/plan?cle={key}"
