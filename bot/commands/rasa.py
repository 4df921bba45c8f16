"""`relais rasa`: one Rasa process among several, for the public processes (`relais gateway`)."""

import argparse
import os
import sys
from typing import Any

from bot.settings import ROOT, Settings, SettingsError


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "rasa", help="servir un processus Rasa, parmi plusieurs, sans le côté public"
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Become Rasa: signals and the exit status are its own, and who started it starts it again."""
    from bot.keys import actions_key, channel_key
    from bot.runtime.model import ModelError, trained_model
    from bot.runtime.rasa_process import command, environment

    settings = Settings.from_environment()
    try:
        if not settings.actions_urls:
            raise SettingsError(
                "RELAIS_ACTIONS_URLS : donnez l'adresse des actions, par exemple http://relais:5055"
            )
        if not settings.has_shared_secret:
            raise SettingsError(
                "RELAIS_SECRET (ou RELAIS_SECRET_FILE) : le même secret est nécessaire à tous"
            )
        model = trained_model(settings)
    except (ModelError, SettingsError) as error:
        print(f"Rasa ne démarre pas : {error}", file=sys.stderr)
        return 1
    key = actions_key(settings.secret)
    actions = " ".join(f"{url}/webhook/{key}" for url in settings.actions_urls)
    own = environment(settings, rasa_key=channel_key(settings.secret), actions_url=actions)
    line = command(settings, model)
    os.chdir(ROOT)
    return os.execve(line[0], line, {"PYTHONWARNINGS": "ignore", **os.environ, **own})  # noqa: S606 (our own interpreter, no shell)


if __name__ == "__main__":  # Rasa's image has Rasa's environment alone: `python -m bot.commands.rasa`
    sys.exit(run(argparse.Namespace()))
