"""`python -m bot`: the `relais` command line, where there is no `.venv/bin/relais` (container images)."""

import sys

from bot.commands import main

sys.exit(main())
