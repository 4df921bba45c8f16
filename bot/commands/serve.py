"""`relais serve`: Rasa and the public process on this machine."""

import argparse
import asyncio
import sys
from typing import Any

from bot.settings import Settings, SettingsError


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="servir l'assistant sur cette machine")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    # Here, so that the other commands do not load the whole public side.
    from bot.runtime.model import ModelError
    from bot.runtime.supervisor import PortTakenError, serve

    try:
        return asyncio.run(serve(Settings.from_environment()))
    except (PortTakenError, ModelError, SettingsError) as error:
        print(f"Relais ne démarre pas : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
