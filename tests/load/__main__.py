"""`python -m tests.load`: 200 people × 12 messages on 2 public and 2 Rasa processes, one of each killed half-way.

A real PostgreSQL and a real Redis, no sticky session. Then each transcript is compared with what its person was told,
and Rasa's events with what each person said. Ends with one JSON line; its status is 0 only if nothing was lost, doubled
or misplaced. `--minutes N` talks on for N minutes and watches memory; `--one-machine` does it on `relais serve` (SQLite).
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.load.run import LoadPlan, is_good, load, one_machine, several


def main() -> int:
    """Load, check, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--conversations", type=int, default=200, help="at the same time")
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument(
        "--pause", type=float, default=2.0, help="mean seconds between an answer and the next message"
    )
    parser.add_argument("--minutes", type=float, default=0, help="talk on for so long and watch memory")
    parser.add_argument("--no-kill", dest="kill", action="store_false")
    parser.add_argument("--one-machine", action="store_true", help="relais serve, on SQLite")
    options = vars(parser.parse_args())
    start = one_machine if options.pop("one_machine") else several
    with tempfile.TemporaryDirectory(prefix="relais-load-") as directory, start(Path(directory)) as target:
        result = load(target, LoadPlan(**options))
    print(json.dumps(result))
    return 0 if is_good(result) else 1


if __name__ == "__main__":
    sys.exit(main())
