"""Fill an empty database with conversations that look like real ones: `python -m tests.load.populate --help`.

100,000 conversations and 1,500,000 turns by default, on SQLite or PostgreSQL, then the inbox's index by its own
code. The messages are those of tests/evaluation/messages.yml; plans are cut to their steps, but for the longest
conversation: a whole one weighs 56 kB, and no list reads it.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml
from sqlalchemy import Engine, func, insert, select, text

from bot.console.review.index import Index
from bot.conversation.migrate import upgrade
from bot.conversation.models import Conversation, Turn
from bot.conversation.state import FLAG_OF_INTENT, now
from bot.conversation.store import BLANK, Store
from bot.database import sync_engine
from bot.orientation import FACTS, Situation, orient
from bot.settings import ROOT, Settings

CHANNELS = ("web",) * 14 + ("whatsapp", "telegram", "sms", "messenger")
DEPARTMENTS = tuple(f"{number:02}" for number in range(1, 96) if number != 20)
ASKED = ("status", "on_leave", "department", "leave_days", "unfit", "boeth", "cause", "return_date")
NOW = now()
_DAYS = 29
"""Less than the retention: nothing made here is over when the measure starts."""
_LONGEST = 5000


@dataclass(frozen=True)
class Sentence:
    """A message, what it means, and what it states."""

    text: str
    intent: str
    facts: dict[str, Any]
    safety: bool


def sentences() -> list[Sentence]:
    """The evaluation's messages."""
    entries = yaml.load((ROOT / "tests/evaluation/messages.yml").read_text(), Loader=yaml.CSafeLoader)
    found = []
    for entry in entries:
        intent = entry["intent"] if isinstance(entry["intent"], str) else entry["intent"][0]
        facts = {
            name: value for name, value in (entry.get("facts") or {}).items() if not isinstance(value, list)
        }
        found.append(Sentence(entry["text"], intent, facts, bool(entry.get("safety"))))
    return found


class Maker:
    """Makes the rows, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        said = sentences()
        self.calm = [one for one in said if not one.safety]
        self.alarming = [one for one in said if one.safety]
        self.plans = [self._plan(days) for days in (None, 12, 45, 120, 300)]
        self.serial = 0

    def _plan(self, days: int | None) -> dict[str, Any]:
        facts = {
            "audience": "worker",
            "status": "salarie_prive",
            "department": "52",
            "on_leave": days is not None,
        }
        facts |= {"leave_days": days} if days is not None else {"health_problem": True}
        return orient(Situation.from_json(facts), NOW.date()).to_json()

    def conversation(
        self, turns: int, *, whole_plan: bool = False
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A conversation's row and those of its turns."""
        draw = self.random
        self.serial += 1
        name = f"{draw.getrandbits(128):022x}"[:22]
        ended = NOW - timedelta(seconds=draw.randrange(_DAYS * 86_400))
        row = BLANK | {"id": name, "channel": draw.choice(CHANNELS), "consent": "yes", "active_at": ended}
        row |= {"created_at": ended - timedelta(seconds=40 * turns), "erased_at": None, "turns": turns}
        row |= {"rules_version": "2026-11-22", "model_version": "relais-populate", "flags": []}
        row |= {"department": draw.choice(DEPARTMENTS) if draw.random() < 0.9 else None}
        row |= {"audience": "employer" if draw.random() < 0.15 else "worker"}
        situation = {"audience": row["audience"], "department": row["department"]}
        said = [self._turn(row, situation, seq, turns) for seq in range(1, turns + 1)]
        row["situation"] = {name: value for name, value in situation.items() if value is not None}
        self._end(row, said, whole_plan)
        return row, said

    def _turn(self, row: dict[str, Any], situation: dict[str, Any], seq: int, turns: int) -> dict[str, Any]:
        moment = row["created_at"] + timedelta(seconds=40 * seq)
        turn = dict.fromkeys(column.name for column in Turn.__table__.columns if column.name != "id")
        turn |= {"conversation_id": row["id"], "seq": seq, "message_id": f"m{self.serial}-{seq}"}
        turn |= {"channel": row["channel"], "created_at": moment}
        if seq % 2:
            return self._bot(turn, "consent" if seq == 1 else ASKED[seq // 2 % len(ASKED)])
        turn |= {"direction": "user", "asked": ASKED[seq // 2 % len(ASKED)]}
        if seq == 2:
            return turn | {"choice": "yes", "text": "Oui", "intent": "inform", "confidence": 1.0}
        return self._person(turn, row, situation)

    def _bot(self, turn: dict[str, Any], asks: str) -> dict[str, Any]:
        question = (
            FACTS[asks].question if asks in FACTS else "Acceptez-vous que vos réponses soient gardées ?"
        )
        message = {"id": turn["message_id"], "from": "bot", "text": question, "choices": [], "asks": asks}
        message |= {"input": "choice", "links": [], "plan": None}
        return turn | {"direction": "bot", "text": question, "message": message}

    def _person(self, turn: dict[str, Any], row: dict[str, Any], situation: dict[str, Any]) -> dict[str, Any]:
        draw = self.random
        one = draw.choice(self.alarming if draw.random() < 0.002 else self.calm)
        confidence = 1 - min(0.8, draw.expovariate(7))
        turn |= {"intent": one.intent, "confidence": confidence, "text": one.text}
        turn |= {"margin": confidence * draw.random() ** 0.2}
        turn |= {"ranking": [{"name": one.intent, "confidence": confidence}]}
        flag = "safety" if one.safety else FLAG_OF_INTENT.get(one.intent)
        if flag and flag not in row["flags"]:
            row["flags"] = [*row["flags"], flag]
        if one.safety:
            return turn | {"flag": "safety", "text": None}
        situation |= {
            name: value for name, value in one.facts.items() if name in FACTS and name != "department"
        }
        turn["facts"] = [
            {"name": name, "value": value, "words": one.text[:24]} for name, value in one.facts.items()
        ] or None
        return turn

    def _end(self, row: dict[str, Any], said: list[dict[str, Any]], whole: bool) -> None:
        draw = self.random
        row["step"], row["asks"] = "questions", ASKED[len(said) // 2 % len(ASKED)]
        if draw.random() < 0.55 and said[-1]["direction"] == "bot":
            plan = draw.choice(self.plans)
            plan = (
                plan if whole else {name: plan[name] for name in ("as_of", "first_step", "steps", "missing")}
            )
            said[-1]["message"] |= {"plan": plan, "asks": "feedback", "text": "Voici votre parcours."}
            said[-1]["text"] = "Voici votre parcours."
            row |= {"plan": plan, "outcome": "plan", "step": "plan", "asks": "feedback"}
            if draw.random() < 0.05:
                row["flags"] = [*row["flags"], "negative_feedback"]
        elif "human" in row["flags"]:
            row["outcome"] = "human"


def lengths(conversations: int, turns: int, longest: int, draw: random.Random) -> Iterator[int]:
    """How many turns each conversation has: `turns` in all, from 2, one of them `longest`."""
    yield longest
    left = turns - longest
    for rank in range(conversations - 1, 0, -1):
        mean = left / rank
        length = left if rank == 1 else max(2, round(draw.triangular(2, 2 * mean - 2, mean)))
        left -= length
        yield length


def fill(engine: Engine, conversations: int, turns: int, *, longest: int, seed: int = 1) -> str:
    """Write the rows; returns the id of the longest conversation. Refuses a database that holds conversations."""
    maker, first = Maker(seed), ""
    with engine.connect() as connection:
        if connection.execute(select(func.count()).select_from(Conversation)).scalar_one():
            raise SystemExit("this database already holds conversations: give an empty one")
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for length in lengths(conversations, turns, longest, maker.random):
        row, its_turns = maker.conversation(length, whole_plan=not first)
        first = first or row["id"]
        rows.append(row)
        said += its_turns
        if len(said) > 30_000:
            _insert(engine, rows, said)
            rows, said = [], []
    _insert(engine, rows, said)
    return first


def _insert(engine: Engine, rows: list[dict[str, Any]], turns: list[dict[str, Any]]) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            _copy(connection, Conversation.__table__, rows)
            _copy(connection, Turn.__table__, turns)
        elif rows:
            connection.execute(insert(Conversation.__table__), rows)
            connection.execute(insert(Turn.__table__), turns)


def _copy(connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    with connection.connection.cursor() as cursor:
        order = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
        with cursor.copy(order) as copy:
            for row in rows:
                copy.write_row([_plain(row[name], table.c[name].type) for name in names])


def _plain(value: Any, kind: Any) -> Any:
    is_json = kind.__class__.__name__ == "JSON" and value is not None
    return json.dumps(value, ensure_ascii=False) if is_json else value


async def index(engine: Engine, *, batch: int = 500) -> int:
    """Compute the inbox's rows, then let the database learn their statistics."""
    store = Store(engine)
    done = await Index(store).catch_up(batch=batch)
    await store.write(lambda connection: connection.execute(text("ANALYZE")).close())
    return done


def main() -> None:
    """Make the tables, fill them, index them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=Settings.from_environment().database_url)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=1_500_000)
    parser.add_argument("--longest", type=int, default=_LONGEST)
    options = parser.parse_args()
    upgrade(options.database)
    engine = sync_engine(options.database)
    started = time.perf_counter()
    longest = fill(engine, options.conversations, options.turns, longest=options.longest)
    filled = time.perf_counter()
    done = asyncio.run(index(engine))
    print(f"filled in {filled - started:.0f} s; {done} rows indexed in {time.perf_counter() - filled:.0f} s")
    print(f"longest conversation ({options.longest} turns): {longest}")


if __name__ == "__main__":
    main()
