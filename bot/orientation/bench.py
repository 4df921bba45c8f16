"""Speed of the engine: `python -m bot.orientation.bench [N]` orients N random situations and prints one JSON line.

Situations are drawn with each fact known three times out of four, the rest unknown. Time is processor time.
"""

import json
import random
import sys
import time
from datetime import date, timedelta

from bot.orientation import FACTS, Situation, orient

_ON = date(2026, 11, 22)
_NUMBERS = {"leave_days": (0, 900), "company_size": (1, 600), "age": (15, 67)}


def random_situation(choose: random.Random, known: float = 0.75) -> Situation:
    """A situation in which each fact is known with that probability; facts may contradict each other."""
    facts: dict[str, object] = {}
    for name, fact in FACTS.items():
        if name in ("danger", "leave_start", "commune") or choose.random() > known:
            continue
        if name == "department":
            facts[name] = choose.choice(("52", "14", "2A", "75", "974"))
        elif fact.kind == "integer":
            facts[name] = choose.randint(*_NUMBERS[name])
        elif fact.kind == "date":
            facts[name] = (_ON + timedelta(days=choose.randint(-120, 120))).isoformat()
        else:
            facts[name] = choose.choice(list(fact.values) if fact.kind == "choice" else [True, False])
    return Situation.from_json(facts)


def measure(count: int, seed: int = 1) -> dict[str, float]:
    """Orient that many random situations. Returns milliseconds of processor time: median, p95, mean, first."""
    choose = random.Random(seed)  # noqa: S311 - test data
    started = time.process_time()
    orient(Situation.from_json({}), _ON)
    first = time.process_time() - started
    spent = []
    for _ in range(count):
        situation = random_situation(choose)
        started = time.process_time()
        orient(situation, _ON)
        spent.append(time.process_time() - started)
    spent.sort()
    return {
        "situations": count,
        "median_ms": round(spent[count // 2] * 1000, 3),
        "p95_ms": round(spent[count * 95 // 100] * 1000, 3),
        "mean_ms": round(sum(spent) / count * 1000, 3),
        "first_empty_ms": round(first * 1000, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))
