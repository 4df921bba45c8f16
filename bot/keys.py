"""Keys that our processes share, derived from the one secret so that there is nothing more to configure.

Standard library only: Rasa's environment uses it too.
"""

import hmac
from hashlib import sha256


def channel_key(secret: str) -> str:
    """Key that opens Rasa's channel."""
    return hmac.new(secret.encode(), b"rasa-channel", sha256).hexdigest()


def actions_key(secret: str) -> str:
    """Key in the address of the custom actions."""
    return hmac.new(secret.encode(), b"actions", sha256).hexdigest()
