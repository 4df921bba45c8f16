"""The plan as files, and its e-mail."""

from aiohttp import web

from bot.gateway.context import Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.keeping import KeptPlan, kept_plan
from bot.gateway.pages.calendar_file import calendar_file
from bot.gateway.pages.document import document, file_name, pdf
from bot.gateway.pages.rendering import page_words
from bot.mail import Attachment, MailError, address
from bot.web.addresses import client_key


async def pdf_of(gateway: Gateway, kept: KeptPlan) -> bytes:
    """The plan as PDF/UA-1."""
    shown = document(kept.plan, progress=kept.progress, for_employer=kept.for_employer, today=gateway.today())
    return await pdf(shown)


def calendar_of(gateway: Gateway, kept: KeptPlan) -> bytes | None:
    """The plan's dates to come as a calendar file, if there are some."""
    settings = gateway.settings
    return calendar_file(kept, key=settings.secret, url=f"{settings.public_url}/plan", today=gateway.today())


async def send_plan(gateway: Gateway, request: web.Request, conversation_id: str, typed: str) -> None:
    """Send the plan to the address that the person typed. Raises RefusalError."""
    server = gateway.options.mail
    if server is None:
        raise RefusalError("no_mail")
    to = address(typed)
    if to is None:
        raise RefusalError("bad_address")
    kept = await kept_plan(gateway, conversation_id)
    sender = client_key(request, gateway.options.trusted_proxies)
    for limiter, key in ((gateway.mails, conversation_id), (gateway.mails_of_address, sender)):
        wait = await limiter.take(key)
        if wait is not None:
            raise RefusalError("too_many", retry_after=wait)
    words, today = page_words()["mail"], gateway.today()
    files = [Attachment(file_name(today, "pdf"), await pdf_of(gateway, kept), "application/pdf")]
    dates = calendar_of(gateway, kept)
    if dates is not None:
        files.append(Attachment(file_name(today, "ics"), dates, "text/calendar"))
    text = words["text"].format(url=f"{gateway.settings.public_url}/reprendre")
    try:
        await server.send(to, words["subject"], text, files)
    except MailError as problem:
        raise RefusalError("bad_address" if problem.refused else "mail_failed") from None
