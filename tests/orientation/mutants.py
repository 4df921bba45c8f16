"""Mutation testing of the rules, bounded: `python tests/orientation/mutants.py [N] [SEED]` (cosmic-ray).

Works on a copy in `var/mutants`: the sources are never touched. Draws N mutants among all those of
`bot/orientation`, runs the quick tests of the rules on each, prints the survivors and the share killed.

The tests are run once on the unchanged copy: they must pass, and a mutant has ten times as long. One that takes longer
is an endless loop, and counts as killed; how many there were is printed too.
"""

import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "var" / "mutants"
TESTS = (
    "test_profiles.py",
    "test_rules.py",
    "test_situation.py",
    "test_first_path.py",
    "test_law.py",
    "test_outcomes.py",
    "test_phases.py",
)
NOT_RULES = ("bench.py", "document.py")
COMMAND = (
    sys.executable,
    "-m",
    "pytest",
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    *(f"tests/orientation/{t}" for t in TESTS),
)
CONFIG = f"""
[cosmic-ray]
module-path = "bot/orientation"
timeout = {{timeout:.1f}}
excluded-modules = [{", ".join(f'"bot/orientation/{name}"' for name in NOT_RULES)}]
test-command = "{" ".join(COMMAND)}"

[cosmic-ray.distributor]
name = "local"
"""
SKIPPED = re.compile(r"ReplaceBinaryOperator_BitOr|RemoveDecorator")
"""Type unions are not rules; most decorators only cache."""
COMPARISONS = re.compile(
    r"_(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_GtE|GtE_Lt|Gt_LtE|LtE_Gt|Is_IsNot|IsNot_Is)$"
)
"""Errors that people make: a negation, a boundary, a direction. Words compared by order are not."""
BOUNDS = re.compile(r"maxsize=|^_(KEPT|FAR) =")
"""Lines that bound what is kept in memory, or say « far away »: another number there gives the same answers."""
RANKS = ("bot/orientation/steps/", "bot/orientation/assembly.py")
"""There, numbers only order the steps and devices among themselves: one more or one less changes nothing."""


def is_worth(module: Path, operator: str, line: str) -> bool:
    """Whether a mutant of that kind, on that line, could change what a person reads."""
    if SKIPPED.search(operator) or ("ComparisonOperator" in operator and not COMPARISONS.search(operator)):
        return False
    only_number = operator.endswith("NumberReplacer")
    return not (only_number and (str(module).startswith(RANKS) or BOUNDS.search(line)))


def prepare() -> None:
    """Copy what the tests need, and see them pass there."""
    shutil.rmtree(COPY, ignore_errors=True)
    for part in ("bot/orientation", "data/orientation", "tests/orientation", "docs"):
        shutil.copytree(ROOT / part, COPY / part, ignore=shutil.ignore_patterns("__pycache__", "decisions"))
    for name in ("bot/__init__.py", "pyproject.toml"):
        shutil.copy(ROOT / name, COPY / name)
    started = time.monotonic()
    subprocess.run(COMMAND, cwd=COPY, check=True)
    timeout = 10 * (time.monotonic() - started)
    (COPY / "config.toml").write_text(CONFIG.format(timeout=timeout), encoding="utf-8")


def run(*command: str) -> None:
    """Run one cosmic-ray command in the copy."""
    subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], cwd=COPY, check=True)


def line_of(mutation: MutationSpec) -> str:
    """The line that the mutant changes."""
    text = (COPY / mutation.module_path).read_text(encoding="utf-8")
    return text.splitlines()[mutation.start_pos[0] - 1]


def draw(count: int, seed: int) -> int:
    """Keep `count` mutants of the session, at random; returns how many there were."""
    with use_db(str(COPY / "session.sqlite"), WorkDB.Mode.open) as database:
        items = [
            item
            for item in database.work_items
            if is_worth(
                item.mutations[0].module_path, item.mutations[0].operator_name, line_of(item.mutations[0])
            )
        ]
        chosen = random.Random(seed).sample(items, min(count, len(items)))
        database.clear()
        database.add_work_items(chosen)
    return len(items)


def report(total: int) -> int:
    """Print the survivors and the share killed; returns the number of survivors."""
    with use_db(str(COPY / "session.sqlite"), WorkDB.Mode.open) as database:
        results = dict(database.results)
        survivors = [
            item
            for item in database.work_items
            if item.job_id in results and results[item.job_id].test_outcome is TestOutcome.SURVIVED
        ]
    for item in survivors:
        mutation = item.mutations[0]
        place = f"{mutation.module_path}:{mutation.start_pos[0]}"
        print(f"survived  {place}  {mutation.operator_name} #{mutation.occurrence}")
    killed = len(results) - len(survivors)
    endless = sum(result.output == "timeout" for result in results.values())
    print(f"endless: {endless}")
    print(
        f"killed {killed} of {len(results)} mutants drawn among {total}: {killed / max(1, len(results)):.1%}"
    )
    return len(survivors)


def main() -> int:
    """Exit status 1 when fewer than nine mutants in ten are killed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    prepare()
    run("cosmic-ray", "init", "config.toml", "session.sqlite")
    total = draw(count, seed)
    run("cosmic-ray", "exec", "config.toml", "session.sqlite")
    return int(report(total) > count * 0.1)


if __name__ == "__main__":
    sys.exit(main())
