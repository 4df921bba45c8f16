"""The pages where an adviser corrects a turn, or makes a test of its conversation."""

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import adviser_of, already_recorded, reads, record
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.improve import scenarios
from bot.console.improve.corrections import INTENT, Said, correct, of_conversation, turn
from bot.console.improve.nlu_files import intents, read_files, topics
from bot.console.improve.recogniser import RecogniserError, StartingError
from bot.console.improve.scenarios import NoScenarioError, problem_of, scenario
from bot.console.pages import page, words
from bot.orientation import FACTS
from bot.orientation.facts import RefusedValueError
from bot.web.answers import see
from bot.web.text import french_date

routes = web.RouteTableDef()
TURN = "/conversations/{conversation}/tours/{turn}"
_YES_NO = {"true": True, "false": False}


async def _turn(request: web.Request) -> Said:
    typed = request.match_info["turn"]
    if not typed.isdecimal() or len(typed) > 12:
        raise web.HTTPNotFound
    conversation_id = request.match_info["conversation"]
    found = await console_of(request).store.read(
        lambda connection: turn(connection, conversation_id, int(typed))
    )
    if found is None:
        raise web.HTTPNotFound
    return found


@routes.get(TURN)
@reads("correction.opened")
async def ask(request: web.Request) -> web.Response:
    """The form that says what a message should have been understood as."""
    return await _form(request, await _turn(request))


async def _form(request: web.Request, said: Said, *, status: int = 200) -> web.Response:
    def reading(connection: Connection) -> dict[str, Any]:
        mine = [each for each in of_conversation(connection, said.conversation_id) if each.seq == said.seq]
        return {each.subject: each for each in mine}

    done, files = await console_of(request).store.read(reading), read_files()
    return page(
        request,
        "improve/correct.html",
        status=status,
        turn=said,
        done=done,
        intents=intents(files),
        topics=topics(files),
        facts=FACTS,
        typed=typed_value,
    )


@routes.post(TURN)
async def save(request: web.Request) -> web.Response:
    """Keep a correction."""
    said, form = await _turn(request), await request.post()
    problem, changes = _changes(said, {name: str(value) for name, value in form.items()})
    if problem:
        flash(request, problem, "problem")
        return await _form(request, said, status=400)
    topic = str(form.get("topic", ""))
    console, known = console_of(request), topics(read_files())
    right = topic if topic in known.get(str(form.get("intent")), ()) else None
    author, at, comment = adviser_of(request).id, console.clock(), str(form.get("comment", ""))
    await console.store.write(
        lambda connection: correct(
            connection, said, changes, topic=right, comment=comment, author=author, at=at
        )
    )
    await record(request, "correction.made", said.conversation_id)
    only_right = all(before == after for before, after in changes.values())
    flash(request, words("improve")["said"]["confirmed" if only_right else "saved"])
    return see(f"/console/conversations/{said.conversation_id}#tour-{said.seq}")


def _changes(said: Said, form: dict[str, str]) -> tuple[str, dict[str, tuple[Any, Any]]]:
    """A French refusal or nothing, and subject → before, after. The intent is always there: right or corrected."""
    sentences = words("improve")["said"]
    intent = form.get("intent", "")
    if intent not in intents(read_files()):
        return sentences["bad_intent"], {}
    changes: dict[str, tuple[Any, Any]] = {INTENT: (said.intent, intent)}
    asked = {name: form.get(f"fact-{name}", "") for name in said.facts if f"fact-{name}" in form}
    more = form.get("more", "")
    if more in FACTS:
        asked[more] = form.get("more_value", "")
    for name, typed in asked.items():
        if name not in FACTS:
            continue
        try:
            after = read_value(name, typed)
        except RefusedValueError:
            return sentences["bad_value"].format(fact=FACTS[name].label), {}
        before = said.facts.get(name)
        if after != before:
            changes[name] = (before, after)
    return "", changes


def read_value(name: str, typed: str) -> Any:
    """The value of a fact as a form gives it; None for an empty field. Raises RefusedValueError."""
    text = typed.strip()
    if not text:
        return None
    fact = FACTS[name]
    if fact.kind == "boolean":
        return fact.read(_YES_NO.get(text, text))
    if fact.kind == "integer":
        return fact.read(int(text) if text.isdecimal() else text)
    value = fact.read(text)
    return value.isoformat() if hasattr(value, "isoformat") else value


def typed_value(value: Any) -> str:
    """A fact's value as its field shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@routes.get("/conversations/{conversation}/scenario")
@reads("scenario.opened")
async def show_scenario(request: web.Request) -> web.Response:
    """The conversation as a test, to be read again before it leaves."""
    console, conversation_id = console_of(request), request.match_info["conversation"]
    talk = await console.store.read(lambda connection: scenarios.read(connection, conversation_id))
    if talk is None:
        raise web.HTTPNotFound
    said, today = words("improve"), console.clock().date()
    title = said["scenario"]["default"].format(date=french_date(today.isoformat()))
    text, starting = "", False
    try:
        text = await scenario(talk, title, today)
    except NoScenarioError as problem:
        flash(request, said["said"][str(problem)], "problem")
    except StartingError:
        starting = True
        already_recorded(request)  # nothing of the conversation is shown yet
    except RecogniserError:
        flash(request, said["said"]["recogniser"], "problem")
    return page(request, "improve/scenario.html", conversation=conversation_id, text=text, starting=starting)


@routes.post("/conversations/{conversation}/scenario")
async def take_scenario(request: web.Request) -> web.Response:
    """The scenario as the adviser left it, as a file."""
    conversation_id = request.match_info["conversation"]
    text = str((await request.post()).get("text", "")).replace("\r\n", "\n")
    problem = problem_of(text)
    if problem:
        flash(request, words("improve")["said"][problem], "problem")
        return page(
            request,
            "improve/scenario.html",
            status=400,
            conversation=conversation_id,
            text=text,
            starting=False,
        )
    await record(request, "scenario.exported", conversation_id)
    number = console_of(request).clock().strftime("%Y%m%d%H%M%S")
    name = words("improve")["scenario"]["name"].format(number=number)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type="application/yaml", charset="utf-8", headers=headers)
