"""`/garder` and `/reprendre`: a code to come back without an account, the plan by e-mail. No JavaScript."""

from aiohttp import web

from bot.conversation.codes import IssuedCode, read
from bot.gateway.api import spend
from bot.gateway.coming_back import code_url, new_code, opened_by
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.pages.forms import is_ours, read_form, read_own_form
from bot.gateway.pages.rendering import page_words, render
from bot.gateway.pages.sending import send_plan
from bot.web.answers import html, see

routes = web.RouteTableDef()


@routes.get("/garder")
async def keep(request: web.Request) -> web.Response:
    """The ways to keep one's path."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    return await _keep_page(gateway, conversation_id)


async def _keep_page(
    gateway: Gateway,
    conversation_id: str,
    *,
    issued: IssuedCode | None = None,
    notice: str | None = None,
    problem: RefusalError | None = None,
) -> web.Response:
    transcript = await gateway.dialogue.resume(conversation_id)
    expiry = await gateway.codes.expiry(conversation_id) if transcript.state.kept else None
    page = render(
        "keep.html",
        title=page_words()["keep_title"],
        form=gateway.sessions.tokens.form(conversation_id),
        kept=transcript.state.kept,
        has_plan=transcript.plan is not None,
        has_mail=gateway.options.mail is not None,
        code=issued.code if issued else None,
        url=code_url(gateway, issued.code) if issued else None,
        expiry=expiry.date().isoformat() if expiry else None,
        notice=notice,
        problem=problem.sentence if problem else None,
    )
    return html(page, status=problem.status if problem else 200)


@routes.post("/garder/code")
async def make_code(request: web.Request) -> web.Response:
    """Make a code and show it, once: nothing readable is kept of it."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, _ = await read_own_form(gateway, request)
    issued = await new_code(gateway, conversation_id)
    return await _keep_page(gateway, conversation_id, issued=issued)


@routes.post("/garder/code/retirer")
async def revoke_code(request: web.Request) -> web.Response:
    """Make the code useless."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, _ = await read_own_form(gateway, request)
    await gateway.codes.revoke(conversation_id)
    return await _keep_page(gateway, conversation_id, notice=page_words()["code_revoked"])


@routes.post("/garder/courriel")
async def mail(request: web.Request) -> web.Response:
    """Send the plan by e-mail."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, fields = await read_own_form(gateway, request)
    try:
        await send_plan(gateway, request, conversation_id, fields.get("address", ""))
    except RefusalError as problem:
        if problem.code in ("unauthorized", "no_plan"):
            raise
        return await _keep_page(gateway, conversation_id, problem=problem)
    return await _keep_page(gateway, conversation_id, notice=page_words()["mail_sent"])


@routes.get("/reprendre")
@routes.get("/reprendre/{code}")
async def ask_code(request: web.Request) -> web.Response:
    """The form that asks for the code. A link fills it in but opens nothing: previews of links follow them too."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    return _resume_page(gateway, request, code=read(request.match_info.get("code", "")) or "")


@routes.post("/reprendre")
async def resume(request: web.Request) -> web.Response:
    """Open the conversation of a code in this browser."""
    gateway = request.app[GATEWAY]
    fields = await read_form(request)
    await spend(gateway, request)
    typed = fields.get("code", "")
    try:
        if not is_ours(gateway, request, fields, ""):
            raise RefusalError("form_expired")
        conversation_id = await opened_by(gateway, request, typed)
        transcript = await gateway.dialogue.resume(conversation_id)
    except RefusalError as problem:
        return _resume_page(gateway, request, code=typed[:64], problem=problem)
    response = see("/plan" if transcript.plan else "/conversation#suite")
    gateway.sessions.remember(response, transcript.state)
    return response


def _resume_page(
    gateway: Gateway, request: web.Request, *, code: str, problem: RefusalError | None = None
) -> web.Response:
    page = render(
        "resume.html",
        title=page_words()["resume_title"],
        form=gateway.sessions.tokens.form(""),
        code=code,
        busy=gateway.sessions.cookie_conversation_id(request) is not None,
        problem=problem.sentence if problem else None,
    )
    return html(page, status=problem.status if problem else 200)
