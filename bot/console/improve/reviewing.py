"""The pages where sentences are read again, and leave in a patch."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy import ColumnElement

from bot.console.access import adviser_of, record, require
from bot.console.adviser import scope
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.improve import corrections
from bot.console.improve.corrections import STATES, Proposed, by_turn
from bot.console.improve.nlu_files import clean
from bot.console.improve.patch import Patch, make
from bot.console.improve.pseudonyms import pseudonymised
from bot.console.improve.recogniser import RecogniserError, StartingError
from bot.console.pages import page, words
from bot.console.review.reading import shown_value
from bot.orientation import FACTS
from bot.web.answers import see

routes = web.RouteTableDef()
_AT_ONCE = 20


def _within(request: web.Request) -> ColumnElement[bool]:
    return scope(adviser_of(request))


async def _found(request: web.Request, states: Sequence[str]) -> list[Proposed]:
    within = _within(request)
    return await console_of(request).store.read(
        lambda connection: corrections.proposed(connection, within, states)
    )


@routes.get("/ameliorer")
async def overview(request: web.Request) -> web.Response:
    """What was corrected, what waits. Shows no sentence."""
    found = await _found(request, STATES)
    changing = [each for each in found if each.changes]
    return page(
        request,
        "improve/overview.html",
        facts=FACTS,
        shown_value=shown_value,
        corrections=changing[-200:][::-1],
        waiting=len(by_turn([each for each in changing if each.state == "new"])),
        accepted=len(by_turn([each for each in changing if each.state == "accepted"])),
    )


@routes.get("/ameliorer/relecture")
@require("manager")
async def review(request: web.Request) -> web.Response:
    """The sentences to read again, a few at a time, each with what replaces its names."""
    waiting = [each for each in await _found(request, ("new",)) if each.changes]
    groups = list(by_turn(waiting).values())[:_AT_ONCE]
    starting = not await _propose(request, [group for group in groups if group[0].sentence is None])
    keys = {(group[0].conversation_id, group[0].seq) for group in groups}
    again = by_turn([each for each in await _found(request, ("new",)) if each.changes])
    shown = [group for key, group in again.items() if key in keys and group[0].sentence is not None]
    for conversation_id in {group[0].conversation_id for group in shown}:
        await record(request, "correction.reviewed", conversation_id)
    return page(
        request,
        "improve/review.html",
        groups=shown,
        facts=FACTS,
        shown_value=shown_value,
        starting=starting,
    )


async def _propose(request: web.Request, groups: list[list[Proposed]]) -> bool:
    """Look for names in the sentences that nobody looked at yet; those that fail are left for the next time.

    False while the recogniser is loading.
    """
    try:
        found = await pseudonymised([group[0].text for group in groups])
    except StartingError:
        return False
    except RecogniserError:
        flash(request, words("improve")["said"]["recogniser"], "problem")
        return True
    for group, sentence in zip(groups, found, strict=True):
        ids = [each.id for each in group]
        await console_of(request).store.write(
            lambda connection, ids=ids, sentence=sentence: corrections.propose_sentence(  # type: ignore[misc]
                connection, ids, sentence
            )
        )
    return True


@routes.post("/ameliorer/relecture")
@require("manager")
async def decide(request: web.Request) -> web.Response:
    """Keep what the reviewer decided of each sentence; only those of their territory."""
    form = await request.post()
    waiting = by_turn([each for each in await _found(request, ("new",)) if each.changes])
    decided = []
    for group in waiting.values():
        decision = form.get(f"decision-{group[0].id}")
        if decision in ("accepted", "rejected"):
            sentence = str(form.get(f"sentence-{group[0].id}", group[0].sentence or ""))[:1000]
            decided.append(([each.id for each in group], str(decision), sentence, group[0].conversation_id))

    def writing(connection: Any) -> None:
        for ids, state, sentence, _conversation in decided:
            corrections.decide(connection, ids, state, sentence)

    await console_of(request).store.write(writing)
    for conversation_id in {each[3] for each in decided}:
        await record(request, "correction.decided", conversation_id)
    flash(request, words("improve")["said"]["decided"].format(count=len(decided)))
    return see("/console/ameliorer/relecture")


@routes.post("/ameliorer/correctif")
@require("manager")
async def export(request: web.Request) -> web.Response:
    """The patch of the accepted sentences; they then leave their conversations."""
    console, adviser = console_of(request), adviser_of(request)
    found = [each for each in await _found(request, ("accepted",)) if each.sentence]
    today = console.clock().date()
    golds = corrections.golds(found, today)
    patch = make(corrections.additions(found), golds)
    if not patch.text:
        said = words("improve")
        flash(request, said["said"]["nothing_to_export"], "problem")
        for sentence in _refusals(patch):
            flash(request, sentence, "problem")
        return see("/console/ameliorer")
    left = {addition.sentence for addition in patch.added}
    kept: list[tuple[str, str | None, Any]] = [(each.sentence, each.intent, None) for each in patch.added]
    kept += [
        (gold.sentence, None, {name: str(value) for name, value in gold.facts.items()}) for gold in golds
    ]
    away = [each for each in found if each.subject != corrections.INTENT or _leaves(each, left)]
    await console.store.write(
        lambda connection: corrections.exported(connection, away, kept, by=adviser.id, on=today)
    )
    for conversation_id in {each.conversation_id for each in away}:
        await record(request, "correction.exported", conversation_id)
    for sentence in _refusals(patch):
        flash(request, sentence, "problem")
    headers = {"Content-Disposition": f'attachment; filename="relais-corrections-{today.isoformat()}.patch"'}
    return web.Response(text=patch.text, content_type="text/x-patch", charset="utf-8", headers=headers)


def _leaves(each: Proposed, left: set[str]) -> bool:
    return clean(each.sentence or "") in left


def _refusals(patch: Patch) -> list[str]:
    """Why some sentences did not leave; the intent only, never the sentence."""
    said, names = words("improve")["refused"], words("review")["intents"]
    return [
        f"{names.get(each.addition.intent, each.addition.intent)} : "
        + said[each.why].format(intent=names.get(each.intent, each.intent))
        for each in patch.refused
    ]
