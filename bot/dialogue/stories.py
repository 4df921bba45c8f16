"""`rasa test core` over `tests/rasa/stories.yml`, failing on any wrong prediction: `python -m bot.dialogue.stories`."""

import argparse
import asyncio
import os
import sys
import warnings
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ["LOG_LEVEL"] = "ERROR"
warnings.simplefilter("ignore")

from bot.dialogue import without_tensorflow  # noqa: E402

without_tensorflow.install()

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.test import WrongPredictionException  # noqa: E402
from rasa.core.test import test as test_stories  # noqa: E402


def main() -> int:
    """0 when every action is predicted as the stories say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--stories", default="tests/rasa/stories.yml")
    options = parser.parse_args()
    agent = Agent.load(options.model)
    try:
        asyncio.run(
            test_stories(options.stories, agent, fail_on_prediction_errors=True, disable_plotting=True)
        )
    except WrongPredictionException as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print("ok  stories")
    return 0


if __name__ == "__main__":
    sys.exit(main())
