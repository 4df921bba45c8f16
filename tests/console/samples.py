"""Conversations full of traps, and a value for each part of a path: what the tests of every route are fed.

A new part of a path ({note}, {request}…) gets its line in `PARTS`: the tests of every route then hold its routes too.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.console.accounts.book import Book
from bot.console.improve.models import ContactReport
from bot.console.models import AdviserRow
from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewNote, SavedView
from bot.conversation.callbacks import Details
from bot.conversation.models import Conversation, Turn
from bot.conversation.state import now
from bot.database import Base
from tests.console.conftest import Site

MARK = "zanzibarque"
TRAP = f"<img src=x onerror=alert(1)>{MARK}\"'"
"""What a visitor would write to run a script in an adviser's page."""
ACCOUNT_TRAP = "<img src=x onerror=alert(2)>compte\"'"
"""The same in the name and e-mail of an account."""


async def conversation(site: Site, conversation_id: str, department: str | None) -> str:
    """A kept conversation of this territory, with the trap wherever words can stand; returns its id."""
    moment = site.clock()
    row = {
        "id": conversation_id, "channel": "<i>web</i>", "consent": "yes", "created_at": moment, "active_at": moment,
        "turns": 4, "department": department, "audience": "worker", "step": "questions", "outcome": "human",
        "flags": ["safety", "human", "not_understood", "corrected", "negative_feedback"], "asks": "on_leave",
        "choices": {}, "question": {"id": "q", "from": "bot", "text": TRAP, "choices": []},
        "situation": {"audience": "worker", "department": department, "commune": TRAP, "health_problem": True,
                      "on_leave": True},
        "plan": None, "rules_version": "<i>1</i>", "model_version": "<i>2</i>",
    }  # fmt: skip
    turns = [
        {"direction": "bot", "message": {"id": "m1", "from": "bot", "text": TRAP, "choices": [
            {"id": "c1", "title": TRAP}], "links": [{"title": TRAP, "url": "javascript:alert(1)"}]}},
        {"direction": "user", "text": TRAP, "intent": "<i>inform</i>", "confidence": 0.41, "margin": 0.02,
         "ranking": [{"name": "<i>inform</i>", "confidence": 0.41}, {"name": "<i>deny</i>", "confidence": 0.39}],
         "facts": [{"name": name, "value": TRAP, "words": TRAP} for name in ("commune", "cause")],
         "asked": "<i>on_leave</i>"},
        {"direction": "bot", "message": {"id": "m3", "from": "bot", "text": "Je n'ai pas compris."}},
        {"direction": "user", "text": TRAP, "choice": "<i>c1</i>", "flag": "masked", "intent": "<i>deny</i>",
         "confidence": 0.99, "margin": 0.9, "asked": "on_leave"},
    ]  # fmt: skip
    empty = dict.fromkeys(
        ("text", "message", "choice", "intent", "confidence", "margin", "ranking", "facts", "asked", "flag")
    )
    rows = [
        empty | {"conversation_id": conversation_id, "seq": seq, "message_id": f"{conversation_id}-{seq}",
                 "channel": "<i>web</i>", "created_at": moment} | turn
        for seq, turn in enumerate(turns, 1)
    ]  # fmt: skip

    def writing(connection: Any) -> None:
        connection.execute(insert(Conversation), row)
        connection.execute(insert(Turn), rows)

    await site.store.write(writing)
    await Index(site.store).refresh(conversation_id)
    return conversation_id


@dataclass(frozen=True)
class Part:
    """How a part of a path gets a value."""

    make: Callable[[Site, str], Awaitable[str]]
    """Makes the thing for a conversation; returns what stands in the path."""
    of_conversation: bool = False
    """Whether the thing belongs to a conversation, and is out of reach from other territories."""


async def _itself(_site: Site, conversation_id: str) -> str:
    return conversation_id


async def _turn(site: Site, conversation_id: str) -> str:
    query = select(Turn.id).where(Turn.conversation_id == conversation_id, Turn.direction == "user").limit(1)
    return str(await site.store.read(lambda connection: connection.execute(query).scalar_one()))


async def _style(_site: Site, _conversation_id: str) -> str:
    return "console.css"


async def _adviser(site: Site, _conversation_id: str) -> str:
    email = f"{ACCOUNT_TRAP.replace(' ', '')}{now().timestamp()}@exemple.fr"
    row = {
        "email": email, "name": ACCOUNT_TRAP, "role": "adviser",
        "departments": ["14"], "active": True, "recovery": [], "created_at": site.clock(),
    }  # fmt: skip
    made = insert(AdviserRow).values(row).returning(AdviserRow.id)
    return str(await site.store.write(lambda connection: connection.execute(made).scalar_one()))


async def _note(site: Site, conversation_id: str) -> str:
    row = select(Review.id).where(Review.conversation_id == conversation_id)
    values = {"review_id": row.scalar_subquery(), "author": 1, "text": TRAP, "created_at": site.clock()}
    made = insert(ReviewNote).values(values).returning(ReviewNote.id)
    return str(await site.store.write(lambda connection: connection.execute(made).scalar_one()))


async def _view(site: Site, _conversation_id: str) -> str:
    values = {"owner": 1, "name": TRAP + str(site.clock().timestamp()), "query": "", "shared": False}
    made = insert(SavedView).values(values).returning(SavedView.id)
    return str(await site.store.write(lambda connection: connection.execute(made).scalar_one()))


async def _token(site: Site, conversation_id: str) -> str:
    book = Book(site.store, site.console.secrecy, site.clock)
    account = await book.find(int(await _adviser(site, conversation_id)))
    assert account is not None
    return await book.link(account, timedelta(hours=1), None)


async def _request(site: Site, conversation_id: str) -> str:
    """A request for a person that waits in this conversation, the same one each time."""
    handoffs = site.console.desk.handoffs
    await handoffs.request(conversation_id, None)
    found = await handoffs.current(conversation_id)
    assert found is not None
    return str(found.id)


async def _call_back(site: Site, conversation_id: str) -> str:
    found = await site.store.load(conversation_id)
    assert found is not None
    details = Details(TRAP, "06 39 98 00 01", "trap@exemple.fr", TRAP)
    await site.console.desk.call_backs.ask(conversation_id, found[0].department or "", details)
    waiting = await site.console.desk.call_backs.waiting(None)
    return next(str(each.id) for each in waiting if each.conversation_id == conversation_id)


async def _report(site: Site, _conversation_id: str) -> str:
    row = {
        "organism_id": "cap-emploi-52", "field": "phone", "before": "", "value": TRAP,
        "source_url": "javascript:alert(1)",
        "source_date": site.clock().date(), "comment": TRAP, "author": 1, "at": site.clock(), "state": "waiting",
    }  # fmt: skip
    made = insert(ContactReport).values(row).returning(ContactReport.id)
    return str(await site.store.write(lambda connection: connection.execute(made).scalar_one()))


PARTS = {
    "request": Part(_request, of_conversation=True),
    "call_back": Part(_call_back, of_conversation=True),
    "conversation": Part(_itself, of_conversation=True),
    "turn": Part(_turn, of_conversation=True),
    "name": Part(_style),
    "note": Part(_note, of_conversation=True),
    "view": Part(_view),
    "adviser": Part(_adviser),
    "token": Part(_token),
    "report": Part(_report),
}


async def dump(site: Site, conversation_id: str) -> dict[str, list[Any]]:
    """Every row of every table that hangs on a conversation, except what tells that someone looked."""

    def reading(connection: Any) -> dict[str, list[Any]]:
        found = {}
        for table in Base.metadata.sorted_tables:
            column = table.c.id if table.name == "conversation" else table.c.get("conversation_id")
            if column is not None and table.name != "console_access":
                query = select(table).where(column == conversation_id)
                found[table.name] = sorted(map(str, connection.execute(query).all()))
        return found

    return await site.store.read(reading)
