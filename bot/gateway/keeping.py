"""What a person keeps of their path: the plan of today, their follow-up, documents to take away."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.changes import Changes, changes, outline
from bot.conversation.following import Progress, Seen
from bot.conversation.state import ConversationState
from bot.conversation.store import ConversationGoneError
from bot.gateway.context import Gateway
from bot.gateway.errors import RefusalError
from bot.orientation import InvalidSituation, Situation
from bot.path import plan_for

logger = logging.getLogger("relais.keeping")

_PARIS = ZoneInfo("Europe/Paris")
_BEFORE_ASKING = timedelta(days=7)
"""Nobody is asked whether they still have their job on the day of their plan."""
_PAST, _FUTURE = timedelta(days=366), timedelta(days=3 * 366)


def today_in_france() -> date:
    """The date in France."""
    return datetime.now(_PARIS).date()


@dataclass(frozen=True)
class KeptPlan:
    """A plan as it stands today, with its person's follow-up."""

    state: ConversationState
    plan: dict[str, Any]
    progress: Mapping[str, Progress]
    employment: str | None = None
    """What the person said of their job since their plan."""

    @property
    def for_employer(self) -> bool:
        """Whether the reader is the employer."""
        return (self.state.situation or {}).get("audience") == "employer"


async def kept_plan(gateway: Gateway, conversation_id: str) -> KeptPlan:
    """The plan of a conversation, made again if it dates from another day. Raises RefusalError."""
    transcript = await gateway.dialogue.resume(conversation_id)
    if transcript.plan is None:
        raise RefusalError("no_plan")
    plan, progress, employment = transcript.plan, {}, None
    if transcript.state.kept:
        plan = await asyncio.to_thread(refreshed, plan, transcript.state.situation or {}, gateway.today())
        progress = await gateway.follow.progress(conversation_id)
        employment = await gateway.follow.employment(conversation_id)
    return KeptPlan(transcript.state, plan, progress, employment)


def refreshed(plan: dict[str, Any], situation: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The plan for `today`: days of leave have gone by, devices have opened, contacts may have changed.

    The lengths that the person gave are counted from the day of their plan. Where the rules refuse the situation
    (they changed since), the plan stays as it was given.
    """
    try:
        given = date.fromisoformat(plan["as_of"])
        if given >= today or not situation:
            return plan
        known = Situation.from_json(situation)
        start = known.leave_start(given)
        if start is not None:
            known = known.with_facts({"leave_start": start.isoformat()})
        return plan_for(known, today)
    except (InvalidSituation, KeyError, ValueError) as problem:
        logger.warning("plan kept as it was given: %s", type(problem).__name__)
        return plan


async def what_changed(gateway: Gateway, kept: KeptPlan) -> tuple[Changes, date | None]:
    """What changed since the person last saw their plan, and when that was.

    The first time, or when nothing that matters changed, this plan becomes the one they have seen. Otherwise the
    changes stay shown, page after page, until they say that they have read them (`mark_seen`).
    """
    if not kept.state.kept:
        return Changes(), None
    now_shown = outline(kept.plan)
    seen = await gateway.follow.seen(kept.state.id)
    found = Changes() if seen is None else changes(seen.outline, now_shown)
    if seen is None or (not found and seen.outline != now_shown):
        await mark_seen(gateway, kept)
    return found, None if seen is None else seen.on


async def mark_seen(gateway: Gateway, kept: KeptPlan) -> None:
    """This plan is now the one that the person has seen. Raises RefusalError."""
    try:
        await gateway.follow.remember(kept.state.id, Seen(gateway.today(), outline(kept.plan)))
    except ConversationGoneError:
        raise RefusalError("unauthorized") from None


def read_day(typed: str, today: date) -> date | None:
    """A date as a field gives it (2027-03-15) or as people write it (15/03/2027); None for an empty field.

    Raises RefusalError("bad_date"), also for a date that no appointment can have.
    """
    if not typed.strip():
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 (a day, not a moment)
        except ValueError:
            continue
        if today - _PAST <= day <= today + _FUTURE:
            return day
        break
    raise RefusalError("bad_date")


async def note(gateway: Gateway, conversation_id: str, step: str, progress: Progress) -> Progress:
    """Write and return where the person stands with a step, with its own documents alone. Raises RefusalError."""
    kept = await kept_plan(gateway, conversation_id)
    if not kept.state.kept:
        raise RefusalError("not_kept")
    asked = {each["id"]: each.get("bring") or [] for each in kept.plan["steps"]}
    if step not in asked.keys() | kept.progress.keys():
        raise RefusalError("no_step")
    ready = tuple(document for document in asked.get(step, []) if document in progress.ready)
    progress = replace(progress, ready=ready)
    try:
        await gateway.follow.note(conversation_id, step, progress)
    except ConversationGoneError:
        raise RefusalError("unauthorized") from None
    return progress


def asks_employment(kept: KeptPlan, today: date) -> bool:
    """Whether to ask « Êtes-vous toujours en emploi ? »: only of someone who agreed, and some days after."""
    if not kept.state.kept:
        return False
    return kept.employment is not None or kept.state.created_at.date() + _BEFORE_ASKING <= today


async def note_employment(gateway: Gateway, conversation_id: str, answer: str) -> None:
    """Write what the person says of their job; an empty answer takes it back. Raises RefusalError."""
    kept = await kept_plan(gateway, conversation_id)
    if not kept.state.kept:
        raise RefusalError("not_kept")
    try:
        await gateway.follow.note_employment(conversation_id, answer or None, gateway.today())
    except ValueError:
        raise RefusalError("bad_request") from None
    except ConversationGoneError:
        raise RefusalError("unauthorized") from None
