"""`rasa data validate`, failing on any warning, without Rasa's telemetry: `python -m bot.dialogue.validate`."""

import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
warnings.simplefilter("ignore")

from bot.dialogue import without_tensorflow  # noqa: E402

without_tensorflow.install()

from rasa.shared.importers.rasa import RasaFileImporter  # noqa: E402
from rasa.validator import Validator  # noqa: E402


def main() -> int:
    """Check domain, intents, rules and forms of the current directory; 0 when clean."""
    importer = RasaFileImporter("config.yml", "domain.yml", ["data/nlu", "data/stories"])
    validator = Validator.from_importer(importer)
    checks = {
        "domain": validator.verify_domain_validity(),
        "intents": validator.verify_intents(ignore_warnings=True),
        "unique sentences": validator.verify_example_repetition_in_intents(ignore_warnings=False),
        "rules": validator.verify_story_structure(ignore_warnings=False),
        "actions": validator.verify_actions_in_stories_rules(),
        "forms": validator.verify_forms_in_stories_rules(),
        "slots of forms": validator.verify_form_slots(),
        "slot mappings": validator.verify_slot_mappings(),
    }
    for name, passed in checks.items():
        print(f"{'ok  ' if passed else 'FAIL'} {name}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
