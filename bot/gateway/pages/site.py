"""Every page of the application; here the home page, static files, and refusals as pages."""

from aiohttp import web

from bot.gateway.context import GATEWAY
from bot.gateway.errors import RefusalError
from bot.gateway.pages import call_back, keep, leaving, plain, plan, trust, widget
from bot.gateway.pages.rendering import STATIC, page_words, render
from bot.gateway.sessions import COOKIE
from bot.web.answers import html

routes = web.RouteTableDef()


def install(app: web.Application) -> None:
    """Add the pages to the application."""
    app.router.add_routes(routes)
    for part in (plain, plan, keep, call_back, leaving, trust, widget):
        app.router.add_routes(part.routes)
    app.router.add_static("/static/", STATIC)


def wants_page(request: web.Request) -> bool:
    """Whether a refusal is better shown as a page than as JSON."""
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


def refusal_page(refusal: RefusalError) -> web.Response:
    """A refusal that a person can read and act on."""
    page = render(
        "refusal.html",
        title=page_words()["refusal_title"],
        sentence=refusal.sentence,
        can_resume=refusal.code == "unauthorized",
        can_return=refusal.code in ("page_expired", "no_step", "no_dates"),
    )
    return html(page, status=refusal.status)


@routes.get("/")
async def home(request: web.Request) -> web.Response:
    """The chat page."""
    days = request.app[GATEWAY].settings.retention_days
    resume = COOKIE in request.cookies
    return html(render("home.html", title=page_words()["home_title"], retention_days=days, resume=resume))
