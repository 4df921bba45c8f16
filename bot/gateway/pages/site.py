"""Routes of the pages that do not talk: home, plan, static files, and refusals as pages."""

from aiohttp import web

from bot.gateway.context import GATEWAY
from bot.gateway.errors import RefusalError
from bot.gateway.pages import plain, widget
from bot.gateway.pages.rendering import STATIC, page_words, plan_view, render
from bot.gateway.sessions import COOKIE

routes = web.RouteTableDef()


def install(app: web.Application) -> None:
    """Add the pages to the application."""
    app.router.add_routes(routes)
    app.router.add_routes(plain.routes)
    app.router.add_routes(widget.routes)
    app.router.add_static("/static/", STATIC)


def html(page: str, *, status: int = 200) -> web.Response:
    """An HTML answer."""
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8")


def wants_page(request: web.Request) -> bool:
    """Whether a refusal is better shown as a page than as JSON."""
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


def refusal_page(refusal: RefusalError) -> web.Response:
    """A refusal that a person can read and act on."""
    page = render("refusal.html", title=page_words()["refusal_title"], sentence=refusal.sentence)
    return html(page, status=refusal.status)


@routes.get("/")
async def home(request: web.Request) -> web.Response:
    """The chat page."""
    days = request.app[GATEWAY].settings.retention_days
    resume = COOKIE in request.cookies
    return html(render("home.html", title=page_words()["home_title"], retention_days=days, resume=resume))


@routes.get("/plan")
async def plan(request: web.Request) -> web.Response:
    """The plan to read and print. Raises RefusalError without a conversation or before there is a plan."""
    gateway = request.app[GATEWAY]
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    transcript = await gateway.dialogue.resume(conversation_id)
    if transcript.plan is None:
        raise RefusalError("no_plan")
    situation = transcript.state.situation or {}
    view = plan_view(transcript.plan)
    return html(
        render(
            "plan.html",
            title=page_words()["plan_title"],
            plan=view,
            for_employer=situation.get("audience") == "employer",
        )
    )
