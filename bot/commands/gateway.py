"""`relais gateway`: one public process among several, with the actions; Rasa runs elsewhere (`relais rasa`)."""

import argparse
import asyncio
import sys
from typing import Any

from bot.settings import Settings, SettingsError


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("gateway", help="servir un processus public, parmi plusieurs, sans Rasa")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    from bot.runtime.supervisor import PortTakenError, serve_gateway

    try:
        return asyncio.run(serve_gateway(Settings.from_environment()))
    except (PortTakenError, SettingsError) as error:
        print(f"Relais ne démarre pas : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
