"""Starts Rasa for Relais: `python -m bot.dialogue.server --model PATH --port N`.

The same as `rasa run`, with our logging (no text of a person, at any level), compiled validation of action results,
the sequential graph runner, messages taken once, and a tracker store whose errors are not hidden behind an empty
conversation. With `RELAIS_REDIS_URL`, several such processes serve the same conversations.
"""

import argparse
import gc
import logging
import os
import sys
import threading
import time
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SANIC_BACKLOG", "1024")
# A second thread gains nothing on a sentence, and spins after each product: 5 ms of a processor a turn.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
warnings.simplefilter("ignore")

from bot.dialogue import without_tensorflow  # noqa: E402

without_tensorflow.install()

import rasa.core.agent  # noqa: E402
import rasa.core.processor  # noqa: E402
import rasa.utils.log_utils  # noqa: E402
import structlog  # noqa: E402
from rasa.core.run import configure_app, create_http_input_channels  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from sanic import Sanic  # noqa: E402

from bot import logs  # noqa: E402
from bot.dialogue import once, remote_action, trackers  # noqa: E402
from bot.dialogue.graph import SequentialGraphRunner  # noqa: E402
from bot.dialogue.lock_store import LeaseLockStore  # noqa: E402
from bot.dialogue.unwritten import SharedUnwritten  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from bot.shared import connect  # noqa: E402

logger = logging.getLogger("relais.dialogue")

WARM_UP = "bonjour, je suis en arrêt depuis deux mois à Caen"


def configure_logging() -> None:
    """Our format for the standard loggers, silence for structlog (Rasa gives it whole messages as values)."""
    logs.configure()
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _only_the_event],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _only_the_event(_logger: object, _method: str, event: dict[str, object]) -> str:
    return str(event.get("event", ""))


def _end_with(parent: int) -> None:
    """End this process when the one that started it has gone, even if it was killed without a word."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


async def _load_agent(model: str, endpoints: AvailableEndpoints, application: Sanic, loop: object) -> None:
    agent = await rasa.core.agent.load_agent(model_path=model, endpoints=endpoints, loop=loop)
    if agent.processor is None:
        raise SystemExit(f"No usable model at {model}")
    # Rasa wraps the store so that an error gives an empty conversation: ours must fail aloud, the state is kept.
    store = agent.tracker_store
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    agent.tracker_store = agent.processor.tracker_store = store
    if os.environ.get("RELAIS_REDIS_URL"):
        redis = connect(os.environ["RELAIS_REDIS_URL"])
        store.unwritten = SharedUnwritten(redis, os.environ["RELAIS_RASA_KEY"])
        agent.lock_store = agent.processor.lock_store = LeaseLockStore(redis)
    await agent.parse_message(WARM_UP)  # what is loaded at the first message is loaded now
    application.ctx.agent = agent
    # The model and Rasa's modules never die: the collector need not look at a million objects again and again.
    gc.collect()
    gc.freeze()
    logger.info("Rasa is ready")


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--endpoints", default=str(ROOT / "endpoints.yml"))
    parser.add_argument("--credentials", default=str(ROOT / "credentials.yml"))
    parser.add_argument("--parent", type=int, help="end when this process has gone")
    options = parser.parse_args()
    if options.parent:
        _end_with(options.parent)
    configure_logging()
    remote_action.install()
    trackers.install()
    once.install()
    rasa.core.processor.DaskGraphRunner = SequentialGraphRunner
    endpoints = AvailableEndpoints.read_endpoints(options.endpoints)
    application = configure_app(
        create_http_input_channels(None, options.credentials),
        enable_api=False,
        port=options.port,
        endpoints=endpoints,
    )
    configure_logging()  # configure_app set Rasa's own
    loader = lambda application, loop: _load_agent(options.model, endpoints, application, loop)  # noqa: E731
    application.register_listener(loader, "before_server_start")
    application.run(host=options.host, port=options.port, access_log=False, workers=1, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
