"""E-mail to the advisers on duty when someone asks for them. Says nothing of the person but their department."""

import asyncio
import logging
from collections.abc import Sequence

from bot.conversation.handoff_words import handoff_words
from bot.conversation.presence import Duty
from bot.mail import MailError, MailServer

logger = logging.getLogger("relais.notices")

CONSOLE = "/console/demandes"
"""Where the requests are, in the advisers' console."""


class Notices:
    """Sends without making anyone wait: the person is answered at once, whatever the mail server does."""

    def __init__(self, mail: MailServer | None, *, public_url: str) -> None:
        self._mail = mail
        self._url = public_url + CONSOLE
        self._tasks: set[asyncio.Task[None]] = set()

    def of_request(self, department: str | None, duties: Sequence[Duty]) -> None:
        """Someone waits for an adviser."""
        words = handoff_words().notice
        self._tell(duties, words.subject, words.text, department)

    def of_call_back(self, department: str, duties: Sequence[Duty]) -> None:
        """Someone wants to be called back."""
        words = handoff_words().notice
        self._tell(duties, words.call_back_subject, words.call_back_text, department)

    def _tell(self, duties: Sequence[Duty], subject: str, text: str, department: str | None) -> None:
        said = text.format(department=f"département {department}" if department else "France", url=self._url)
        for to in {duty.email for duty in duties if duty.email}:
            if self._mail is not None:
                task = asyncio.create_task(self._send(self._mail, to, subject, said))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _send(self, mail: MailServer, to: str, subject: str, text: str) -> None:
        try:
            await mail.send(to, subject, text)
        except MailError as problem:
            logger.warning("an adviser could not be told by e-mail: %s", problem)

    async def close(self) -> None:
        """Let what is leaving leave."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
